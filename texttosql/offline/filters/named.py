"""Users, runs and datasets by name: "alice's", "my", "seed-7", "on imagenet"."""

from __future__ import annotations

from texttosql.offline import tokens as t
from texttosql.offline.choosing import choose
from texttosql.offline.filters.parts import AND, note_versus, op_of, tokens_in
from texttosql.offline.frame import Context, Frame
from texttosql.offline.keeping import keep
from texttosql.offline.sentence import Sentence
from texttosql.plan import Ref

_MINE = (
    r"(?:my|mine|(?:did|do|have|that|which|runs|run) i(?: (?:run|ran|did|have|start|started|"
    r"launch|launched|log|logged|train|trained|make|made))?|i (?:ran|started|launched|trained|"
    r"logged|made|did)|by me|of mine)"
)


def mine(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The asker's own runs; where none of the store's users is the asker, that is told."""
    hit = sentence.find(_MINE)
    if hit is None:
        return
    _, first, end = hit
    me = _me(context)
    if me:
        keep(sentence, frame, Ref("field", "user"), op_of(me, negated=False), me, (first, end))
    else:
        frame.stranger = True


def _me(context: Context) -> tuple[str, ...]:
    """The users of the store who are the asker: spelled so in whole, before those by an e-mail."""
    users = context.catalog.users
    for is_same in (_spelled_alike, _by_mailbox):
        for asker in filter(None, context.askers):
            found = tuple(user for user in users if is_same(user, asker))
            if found:
                return found
    return ()


def _spelled_alike(user: str, asker: str) -> bool:
    return user.lower() == asker.lower()


def _by_mailbox(user: str, asker: str) -> bool:
    """`alice` is alice@example.com, either way; alice@example.org may be somebody else."""
    mailboxes = [name.lower().partition("@") for name in (user, asker)]
    (one, at, _), (other, other_at, _) = mailboxes
    return one == other and not (at and other_at)


def users(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Runs of these users, or of all but these."""
    pattern = (
        rf"(?P<neg>{t.NEGATION} )?(?:(?:by|from|of|user|"
        rf"users) )*(?P<all>{t.USER}(?:{AND} {t.USER})*)"
    )
    _named(sentence, frame, context, "user", pattern)


def runs(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The runs of these names, or all but these."""
    pattern = rf"(?P<neg>{t.NEGATION} )?(?P<all>{t.RUN}(?:{AND} {t.RUN})*)"
    _named(sentence, frame, context, "run", pattern)


def run_ids(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """A run by its id, or by the first eight digits or more of it."""
    for match, first, end in list(sentence.find_all(r"(?:run )?(?:id )?[0-9a-f]{8,32}")):
        wanted = match.group().split()[-1]
        if any(c.isdigit() for c in wanted):
            ref = Ref("field", "run_id")
            keep(sentence, frame, ref, "contains", (wanted,), (first, end))


def datasets(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Runs on these datasets; "a vs b" of them is no comparison of runs."""
    pattern = (
        rf"(?P<neg>{t.NEGATION} )?(?:(?:trained|train|run|tested|evaluated|on|using|used|with|"
        rf"the|dataset|from|over|data) )*(?P<all>{t.DATASET}(?:{AND} {t.DATASET})*)(?: "
        r"(?:dataset|data|set))*"
    )
    _named(sentence, frame, context, "dataset", pattern, compares=False)


def _named(
    sentence: Sentence,
    frame: Frame,
    context: Context,
    field: str,
    pattern: str,
    *,
    compares: bool = True,
) -> None:
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        tokens = tokens_in(sentence, match["all"])
        names = tuple(dict.fromkeys(choose(sentence, tok, frame, context).text for tok in tokens))
        if compares:
            note_versus(match["all"], frame)
        op = op_of(names, negated=bool(match["neg"]))
        keep(sentence, frame, Ref("field", field), op, names, (first, end))
