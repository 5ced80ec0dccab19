"""Artifacts: the files that a store's rows point at, and the addresses in those rows.

plan    where the rows point, what lies there, what will happen to each; writes nothing
run     the files go to their new root; a file is done when it was read back and is the same
verify  every file of both sides, by size and SHA-256
rewrite the addresses in the target, reversibly
"""
