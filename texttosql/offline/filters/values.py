"""Values alone, and the key they belong to: "adam runs", "xgboost vs lightgbm"."""

from __future__ import annotations

from texttosql.offline import tokens as t
from texttosql.offline.choosing import same_key
from texttosql.offline.filters.modelkeys import either, model_keys
from texttosql.offline.filters.parts import AND, note_versus, op_of, tokens_in
from texttosql.offline.frame import Choice, Context, Frame
from texttosql.offline.keeping import keep
from texttosql.offline.names import Name
from texttosql.offline.sentence import Sentence, Token
from texttosql.plan import Ref

_CLEARLY = 4  # times as many runs: the other key is somebody's leftover
_Key = tuple[str, str]
"""A value's kind, and the param or tag key it belongs to."""


def values_alone(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Values alone: the key they belong to is the condition's."""
    pattern = rf"(?P<neg>{t.NEGATION} )?(?P<all>{t.VALUE}(?:{AND} {t.VALUE})*)"
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        tokens = tokens_in(sentence, match["all"])
        shared = _shared(tokens, frame, context)
        if shared is None and len(tokens) > 1:
            tokens, end = tokens[:1], first + (match["neg"] or "").count(" ") + 1
            shared = _shared(tokens, frame, context)
        if shared is None:
            return
        ref, names = shared
        values = tuple(dict.fromkeys(name.text for name in names))
        note_versus(match["all"], frame)
        op = op_of(values, negated=bool(match["neg"]))
        keep(sentence, frame, ref, op, values, (first, end))


def _shared(tokens: list[Token], frame: Frame, context: Context) -> tuple[Ref, list[Name]] | None:
    """The one key that all the value tokens have values of, the most used first."""
    keys = [
        same_key(n for n in (*token.names, *token.rivals) if n.kind in {"value", "tagvalue"})
        for token in tokens
    ]
    everywhere = [key for key in keys[0] if all(key in other for other in keys[1:])]
    common = _in_scope(everywhere, frame, context)
    if not common:
        return _either(keys, frame, context)
    chosen = context.chosen.get(f"value:{tokens[0].said.lower()}")
    if chosen is not None:
        common = [key for key in common if key == (chosen.kind, chosen.key)] or common
    of_model = {(_kind(ref), ref.key) for ref in model_keys(context, frame)}
    if chosen is None and len(common) > 1 and set(common) <= of_model:
        return _either(keys, frame, context)
    kind, key = _most_used(common, keys, tokens[0], frame, settled=chosen is not None)
    ref = Ref("param" if kind == "value" else "tag", key)
    return ref, [name for found in keys for name in found[kind, key]]


def _most_used(
    common: list[_Key],
    keys: list[dict[_Key, list[Name]]],
    token: Token,
    frame: Frame,
    *,
    settled: bool,
) -> _Key:
    """The key on most runs; another that comes near it is left as a Choice."""
    weight = {key: sum(n.weight for found in keys for n in found[key]) for key in common}
    first, *others = sorted(common, key=lambda key: -weight[key])
    rivals = [key for key in others if weight[key] * _CLEARLY > weight[first]]
    if rivals and not settled and not _same_runs(first, rivals, weight):
        names = tuple(keys[0][key][0] for key in (first, *rivals))
        frame.choices.append(Choice(token.said, token.first, names))
    return first


def _kind(ref: Ref) -> str:
    return "value" if ref.kind == "param" else "tagvalue"


def _in_scope(keys: list[_Key], frame: Frame, context: Context) -> list[_Key]:
    """Only the keys that the experiments in question have, when they have any of them."""
    scope = frame.scope() or context.scope
    tables = {"value": context.catalog.params_in, "tagvalue": context.catalog.tags_in}

    def there(key: _Key) -> bool:
        return any(key[1] in tables[key[0]].get(experiment, ()) for experiment in scope)

    return [key for key in keys if there(key)] or keys


def _either(
    keys: list[dict[_Key, list[Name]]], frame: Frame, context: Context
) -> tuple[Ref, list[Name]] | None:
    """Values of what teams call the model, under whichever key each of them wrote it."""
    refs = model_keys(context, frame)
    allowed = {(_kind(ref), ref.key) for ref in refs}
    found = [[n for key, names in one.items() if key in allowed for n in names] for one in keys]
    if len(refs) < 2 or not all(found):
        return None
    return either(refs), [name for names in found for name in names]


def _same_runs(first: _Key, rivals: list[_Key], weight: dict[_Key, int]) -> bool:
    """A param and a tag that say the same on the same number of runs are one fact said twice."""
    return all(weight[rival] == weight[first] for rival in rivals)
