"""What a mention of a metric, param or tag refers to, and what a number means beside it."""

from __future__ import annotations

from texttosql.offline.choosing import choose
from texttosql.offline.directions import best_is_high
from texttosql.offline.frame import Context, Frame
from texttosql.offline.names import Name
from texttosql.offline.sentence import Sentence, Token
from texttosql.plan import Ref


def ref_of(sentence: Sentence, text: str, frame: Frame, context: Context) -> Ref:
    """The ref a METRIC, PARAM or TAG placeholder stands for."""
    token = sentence.token(text)
    name = _there(choose(sentence, token, frame, context), token, frame, context)
    if name.kind == "metric":
        return metric_ref(name.text, frame)
    return Ref("tag" if name.kind == "tag" else "param", name.text)


def _there(name: Name, token: Token, frame: Frame, context: Context) -> Name:
    """A param that the experiment in question keeps as a tag, or the other way round."""
    scope = frame.scope() or context.scope
    tables = {"param": context.catalog.params_in, "tag": context.catalog.tags_in}
    if not scope or name.kind not in tables:
        return name

    def there(one: Name) -> bool:
        return any(one.text in tables[one.kind].get(experiment, ()) for experiment in scope)

    if there(name):
        return name
    return next((r for r in token.rivals if r.kind in tables and there(r)), name)


def metric_ref(key: str, frame: Frame) -> Ref:
    """The metric's latest value, or its best or first one where the question says "ever"."""
    ref = Ref("metric", key)
    if frame.take == "ever":
        return Ref("metric", key, "max" if best_is_high(ref) else "min")
    return Ref("metric", key, "first") if frame.take == "first" else ref


def number_of(token: Token, ref: Ref | None, frame: Frame, context: Context) -> float | int:
    """The number in the ref's own scale: "90%" is 0.9 where a metric never exceeds 1."""
    value = token.word.number if token.word and token.word.number is not None else 0.0
    percent = bool(token.word and token.word.percent)
    top = context.catalog.metric_max.get(ref.key, 0.0) if ref and ref.kind == "metric" else None
    if top is not None and top <= 1.0 and (percent or 1.0 < value <= 100.0):
        value /= 100
        frame.notes.append(f"{token.said.strip()} read as {value:g}")
    elif percent and top is None:
        value /= 100
    return int(value) if value == int(value) else value
