"""What the words beside a key are worth to it, in the store's own spelling."""

from __future__ import annotations

from collections.abc import Iterable

from texttosql.catalog import KeyInfo
from texttosql.offline.choosing import of_key
from texttosql.offline.frame import Context, Frame
from texttosql.offline.refs import number_of
from texttosql.offline.sentence import Sentence, Token
from texttosql.plan import Ref


def worths_of(
    sentence: Sentence, worths: Iterable[str], ref: Ref, frame: Frame, context: Context
) -> tuple[str | float | int, ...]:
    """What the words after a key are worth to it; empty where they are not its values."""
    found: list[str | float | int] = []
    for worth in worths:
        if worth.startswith("VALUE#"):
            names = of_key(sentence.token(worth), ref.key)
            if not names:
                return ()
            found += [name.text for name in names]
        elif worth.startswith("NUM#"):
            found.append(_number_or_text(sentence.token(worth), ref, frame, context))
        else:
            said = sentence.token(worth).said if "#" in worth else worth
            found += _spelled(said, ref, context)
    return tuple(dict.fromkeys(found))


def _info(ref: Ref, context: Context) -> KeyInfo | None:
    return (context.catalog.params if ref.kind == "param" else context.catalog.tags).get(ref.key)


def _number_or_text(token: Token, ref: Ref, frame: Frame, context: Context) -> str | float | int:
    info = _info(ref, context)
    if info is not None and (not info.numeric or ref.kind == "tag"):
        for value in info.values:
            if value.lower() == token.said.lower():
                return value
    return number_of(token, ref, frame, context)


def _spelled(said: str, ref: Ref, context: Context) -> list[str]:
    """The store's own spellings of a value, whatever the case; what was typed if it has none."""
    info = _info(ref, context)
    wanted = {said.lower()}
    wanted |= {"1"} if said.lower() == "true" else set()
    known = [v for v in (info.values if info else ()) if v.lower() in wanted]
    exact = [v for v in known if v.lower() == said.lower()]
    return exact or known or [said]
