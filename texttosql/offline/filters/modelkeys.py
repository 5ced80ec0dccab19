"""The keys in which a team says which kind of model a run trains."""

from __future__ import annotations

import re

from texttosql.offline.frame import Context, Frame
from texttosql.offline.lexicon import MODEL_WORDS
from texttosql.plan import Ref


def either(refs: list[Ref]) -> Ref:
    """One ref for a fact kept under several keys."""
    return refs[0] if len(refs) == 1 else Ref("either", refs[0].key, of=tuple(refs))


def model_keys(context: Context, frame: Frame) -> list[Ref]:
    """The params and tags in which this team says which kind of model a run trains.

    Within the experiments in question only theirs count; the most used come first.
    """
    catalog = context.catalog
    scope = frame.scope() or context.scope
    found: list[tuple[int, int, Ref]] = []
    for table, kind, where in (
        (catalog.params, "param", catalog.params_in),
        (catalog.tags, "tag", catalog.tags_in),
    ):
        for key, info in table.items():
            rank = _model_rank(key)
            there = not scope or any(key in where.get(one, ()) for one in scope)
            if rank is not None and there and not info.numeric:
                found.append((rank, -info.runs, Ref("param" if kind == "param" else "tag", key)))
    found.sort(key=lambda item: item[:2])
    return _covering([ref for _, _, ref in found], context)


def _model_rank(key: str) -> int | None:
    plain = re.sub(r"[^a-z]", "", key.lower())
    words = [re.sub(r"[^a-z]", "", word) for word in (*MODEL_WORDS, "algo", "arch", "clf")]
    return words.index(plain) if plain in words else None


def _covering(refs: list[Ref], context: Context) -> list[Ref]:
    """Enough keys to reach the runs; one whose runs the better ones already have adds nothing."""
    catalog = context.catalog
    kept: list[Ref] = []
    reached = 0
    for ref in refs:
        info = (catalog.params if ref.kind == "param" else catalog.tags)[ref.key]
        if kept and reached + info.runs > catalog.runs * 1.05:
            continue
        kept.append(ref)
        reached += info.runs
    return kept[:6]
