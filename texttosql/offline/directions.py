"""Which way is better: a loss should fall, an accuracy rise, and some names do not say."""

from __future__ import annotations

from texttosql.offline.lexer import parts
from texttosql.offline.lexicon import HIGHER_IS_BETTER, LOWER_IS_BETTER
from texttosql.offline.names import canonical
from texttosql.plan import Ref

_RATES = ({"per", "second"}, {"per", "sec"}, {"per", "seconds"}, {"per", "minute"}, {"per", "s"})


def higher_is_better(key: str) -> bool | None:
    """True, False, or None when the name gives no hint.

    `neg_` turns a loss around (scikit-learn's scorers), and so does anything "per second".
    """
    raw = parts(key)
    pieces = {*raw, *canonical(raw)}
    if any(rate <= pieces for rate in _RATES):
        return True
    lower = bool(pieces & LOWER_IS_BETTER) or any(_ends(piece, LOWER_IS_BETTER) for piece in pieces)
    higher = bool(pieces & HIGHER_IS_BETTER)
    negated = bool({"neg", "negative", "inverse"} & pieces)
    if lower and not (higher and _last_decides(raw)):
        return negated
    if higher:
        return not negated
    return None


def _ends(piece: str, words: frozenset[str]) -> bool:
    return any(len(word) > 3 and piece.endswith(word) for word in words)


def _last_decides(raw: tuple[str, ...]) -> bool:
    """The last telling piece decides: "error_recall" is a recall and "accuracy_loss" a loss."""
    for piece in reversed(canonical(raw)):
        if piece in HIGHER_IS_BETTER:
            return True
        if piece in LOWER_IS_BETTER:
            return False
    return False


def best_is_high(ref: Ref) -> bool:
    """Which end of a ref is "best"; where nothing says, the high end."""
    if ref.kind == "field":
        return ref.key != "duration"
    return higher_is_better(ref.key) is not False
