"""How many tokens a text is, before anybody has counted them: a guess on the safe side."""

from __future__ import annotations

import math

CHARACTERS_PER_TOKEN = 2.7
"""SQL, JSON and names are dense: 3.5 characters a token with earlier tokenizers, of which the
newer ones make about 30 % more."""


def tokens(text: str) -> int:
    """About how many tokens; rather too many than too few."""
    return math.ceil(len(text) / CHARACTERS_PER_TOKEN)
