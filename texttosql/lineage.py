"""Which earlier turns of a thread a question leans on: a line of turns, not the whole thread.

Two people who refine answers in one thread each go on from their own last one. The line is
walked back by what each turn recorded; turns of older journals recorded nothing, and step to
the turn before them.
"""

from __future__ import annotations

from collections.abc import Sequence

from texttosql.flow import Turn


def lineage(
    turns: Sequence[Turn], asked_by: str | None = None, follows: str | None = None
) -> tuple[Turn, ...]:
    """The turns a question is read after, oldest first; `turns` are the thread's, oldest first.

    It starts from the turn called `follows`, else from the asker's own last turn, else from the
    last of all.
    """
    place = _start(turns, asked_by, follows)
    places = {turn.id: at for at, turn in enumerate(turns)}
    line: list[Turn] = []
    while place is not None and place >= 0:
        turn = turns[place]
        line.append(turn)
        before = place - 1 if turn.follows is None else places.get(turn.follows)
        # A turn recorded as its own follower, or as an earlier one's, must not go round for ever.
        place = before if before is not None and before < place else None
    return tuple(reversed(line))


def _start(turns: Sequence[Turn], asked_by: str | None, follows: str | None) -> int | None:
    last = len(turns) - 1
    own = [at for at, turn in enumerate(turns) if asked_by and turn.asked_by == asked_by]
    named = [at for at, turn in enumerate(turns) if follows and turn.id == follows]
    return next(iter((*named, *own[-1:], last)), None)
