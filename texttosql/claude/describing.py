"""One name of a store as the prompt shows it: what a writer of SQL has to know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from texttosql.catalog import Catalog, KeyInfo, RegisteredModel
from texttosql.claude.data import as_json, safe
from texttosql.claude.nameindex import Kind, Name, NameIndex
from texttosql.format import is_infinite

SECTIONS: Mapping[Kind, str] = {
    "experiment": "experiments", "metric": "metrics", "param": "params", "tag": "tags",
    "user": "users", "model": "models", "dataset": "datasets", "rtag": "model_tags",
    "run": "run_names",
}  # fmt: skip
"""The kinds that are listed; values, aliases and stages stand with what they belong to."""

_PLACES = 6  # experiments named with a key; one that is in more is in most
_VERSIONS = 12
_VALUE = 60  # characters of a value that is only an example
_NUMBERS = 3  # examples of a param that is a number


@dataclass(frozen=True, slots=True)
class Shown:
    """How much of a key is shown: at most so many `examples` of its values, or no values at all."""

    values: bool
    examples: int


def describe(name: Name, index: NameIndex, shown: Shown, meant: Sequence[str]) -> str:
    """`"key":{…}`; `meant` are the key's values that the question names, in full."""
    return f"{as_json(safe(name.text))}:{as_json(_facts(name, index, shown, meant))}"


def count(name: Name) -> str:
    """`"key":12`, where there is no room for more than on how many runs it is."""
    return f"{as_json(safe(name.text))}:{name.n}"


def _facts(name: Name, index: NameIndex, shown: Shown, meant: Sequence[str]) -> object:
    catalog = index.catalog
    if name.kind == "experiment":
        return {"id": int(name.key), "n": name.n}
    if name.kind == "metric":
        top = _top(catalog, name.text) if shown.values else {}
        return {"n": name.n, **top, **_places(name, index)}
    if name.kind in _INFOS:
        info = _info(catalog, name)
        values = _values(info, shown, meant) if shown.values else {}
        return {"n": name.n, **_numeric(info), **_places(name, index), **values}
    if name.kind == "model":
        return _model(next(one for one in catalog.models if one.name == name.text))
    return name.n


_INFOS = frozenset({"param", "tag", "rtag"})


def _info(catalog: Catalog, name: Name) -> KeyInfo:
    if name.kind == "param":
        return catalog.params[name.text]
    return (catalog.tags if name.kind == "tag" else catalog.registry_tags)[name.text]


def _numeric(info: KeyInfo) -> dict[str, object]:
    return {"numeric": True} if info.numeric else {}


def _top(catalog: Catalog, key: str) -> dict[str, object]:
    top = catalog.metric_max.get(key)
    return {} if top is None or is_infinite(top) else {"max": float(f"{top:.4g}")}


def _places(name: Name, index: NameIndex) -> dict[str, object]:
    places = index.where.get((name.kind, name.text), [])
    return {"in": places} if 0 < len(places) <= _PLACES else {}


def _values(info: KeyInfo, shown: Shown, meant: Sequence[str]) -> dict[str, object]:
    """The values meant, then the most frequent; how many there are where they are not all."""
    most = min(shown.examples, _NUMBERS) if info.numeric else shown.examples
    examples = [value for value in list(info.values)[: most + len(meant)] if value not in meant]
    kept = [*(safe(value) for value in meant), *(safe(value, _VALUE) for value in examples)]
    kept = kept[: max(most, len(meant))]
    rest = len(info.values) - len(kept)
    return {"values": kept, **({"more": rest} if rest > 0 or not info.complete else {})}


def _model(model: RegisteredModel) -> dict[str, object]:
    versions: object = list(model.versions)
    if len(model.versions) > _VERSIONS:
        versions = f"{model.versions[0]} to {model.versions[-1]}"
    aliases = {safe(alias): version for alias, version in list(model.aliases.items())[:_VERSIONS]}
    stages = [safe(stage) for stage in sorted(model.stages)[:_VERSIONS]]
    return {"versions": versions, "aliases": aliases, "stages": stages}


def finding(name: Name, index: NameIndex) -> dict[str, object]:
    """Where a name or value that the question uses stands in the store."""
    text, key = safe(name.text), safe(name.key)
    if name.kind in {"value", "tagvalue", "rvalue"}:
        kind = {"value": "param", "tagvalue": "tag", "rvalue": "model_tag"}[name.kind]
        owner: Kind = "param" if name.kind == "value" else "tag"
        places = _places(Name(owner, name.key), index) if name.kind != "rvalue" else {}
        return {kind: key, "value": text, "n": name.n, **places}
    if name.kind == "alias":
        return {"alias": text, "model": key}
    if name.kind == "stage":
        return {"stage": text, "model": key}
    return {_SAID[name.kind]: text, "n": name.n}


_SAID: Mapping[Kind, str] = {
    "run": "run name", "user": "user", "dataset": "dataset", "model": "registered model",
    "experiment": "experiment", "metric": "metric", "param": "param", "tag": "tag",
    "rtag": "model_tag",
}  # fmt: skip
