"""The experiments in question: "in churn", "not in fraud", "experiment 3"."""

from __future__ import annotations

from texttosql.offline import tokens as t
from texttosql.offline.choosing import choose
from texttosql.offline.filters.parts import AND, note_versus, said_of, tokens_in
from texttosql.offline.frame import Context, Frame
from texttosql.offline.keeping import keep
from texttosql.offline.sentence import Sentence, Token
from texttosql.plan import Op, Ref, Test

_EXPERIMENT = Ref("field", "experiment_id")


def scopes(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The experiments in question: read first, since they settle which metrics are meant."""
    pattern = rf"(?P<neg>{t.NEGATION} )?(?P<all>{t.EXP}(?:{AND} {t.EXP})*)"
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        tokens = tokens_in(sentence, match["all"])
        note_versus(match["all"], frame)
        ids = [_experiment(sentence, token, frame, context) for token in tokens]
        values = tuple(dict.fromkeys(value for found in ids for value in found))
        op: Op = "not in" if match["neg"] else "in"
        frame.add(Test(_EXPERIMENT, op, values, said_of(tokens)), first)
        sentence.take(first, end)
    _by_number(sentence, frame, context)


def _experiment(
    sentence: Sentence, token: Token, frame: Frame, context: Context
) -> tuple[int, ...]:
    name = choose(sentence, token, frame, context)
    if name.key == "":  # a chosen "all of them"
        return tuple(int(n.key) for n in token.names)
    return (int(name.key),)


def _by_number(sentence: Sentence, frame: Frame, context: Context) -> None:
    hit = sentence.find(rf"{t.EXPERIMENTS}(?: (?:id|#|number))? (?P<n>{t.NUM})")
    if hit is None:
        return
    match, first, end = hit
    token = sentence.token(match["n"])
    number = int(token.word.number or 0) if token.word else -1
    if any(experiment.id == number for experiment in context.catalog.experiments):
        keep(sentence, frame, _EXPERIMENT, "in", (number,), (first, end))
