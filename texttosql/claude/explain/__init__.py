"""What a model says of a result, shown only as far as the result bears it out."""
