"""Questions to ask again: a template's text, its parameters, and what may stand in them.

`{metric}` is a parameter, `{days=7}` one with a default, `{{` and `}}` are braces. What a
parameter stands for follows from its name (`experiment_2`, `metric_b`, `days`), so that a form
can offer the store's own names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from texttosql.catalog import Catalog
from texttosql.errors import TemplateError

Scope = Literal["personal", "channel", "team"]
ParameterKind = Literal["experiment", "metric", "param", "model", "user", "tag", "number", "text"]

MOST_OFFERED = 100
"""Values a form offers at once: as many as a menu of Slack's may have."""


@dataclass(frozen=True, slots=True)
class Template:
    """A saved question. Its scope says who sees it; a shipped one has no owner."""

    id: str
    name: str
    text: str
    scope: Scope = "personal"
    owner: str | None = None
    place: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A gap in a template's text. `default` None means that it has to be filled in."""

    name: str
    kind: ParameterKind
    default: str | None = None


_GAP = re.compile(r"\{\{|\}\}|\{\s*(?P<name>\w+)\s*(?:=(?P<default>[^{}]*))?\}|[{}]")
_KINDS: Mapping[str, ParameterKind] = {
    "experiment": "experiment", "metric": "metric", "param": "param", "parameter": "param",
    "hyperparameter": "param", "model": "model", "user": "user", "tag": "tag",
    "days": "number", "weeks": "number", "hours": "number", "months": "number", "n": "number",
    "k": "number", "top": "number", "limit": "number", "count": "number", "threshold": "number",
    "number": "number", "step": "number", "version": "number", "value": "number",
}  # fmt: skip
_SUFFIX = re.compile(r"_?(?:\d+|(?<=_)[a-z])$")
_PLAIN = re.compile(r"\w[\w@.\-]*")
_QUOTES = ('""', "``", "“”")


def parameters(text: str) -> tuple[Parameter, ...]:
    """A template's parameters in order, each once. Raises TemplateError for a lone brace."""
    found: dict[str, Parameter] = {}
    for gap in _GAP.finditer(text):
        if gap.group() in {"{", "}"}:
            what = f"There is a lone {gap.group()} in “{text}”."
            raise TemplateError(what, "Write {name} for a parameter, {{ and }} for braces.")
        name = gap["name"]
        if name is None:
            continue
        default = gap["default"].strip() if gap["default"] is not None else None
        if name not in found or found[name].default is None:
            found[name] = Parameter(name, _kind(name), default)
    return tuple(found.values())


def fill(text: str, values: Mapping[str, str]) -> str:
    """The question; names that would fall apart are quoted. Raises TemplateError for a gap."""
    asked = {each.name: each for each in parameters(text)}
    missing = [name for name, each in asked.items() if not _value(each, values)]
    if missing:
        what = f"Nothing is given for {' and '.join(missing)}."
        raise TemplateError(what, "Fill it in.")

    def put(gap: re.Match[str]) -> str:
        if gap["name"] is None:
            return gap.group()[0]
        return _quoted(asked[gap["name"]].kind, _value(asked[gap["name"]], values))

    return _GAP.sub(put, text)


def values_for(kind: ParameterKind, catalog: Catalog, words: str = "") -> list[str]:
    """What may stand in such a gap: names of the store that have the words, likeliest first."""
    wanted = words.lower().split()
    fitting = [
        name for name in _names(kind, catalog) if all(word in name.lower() for word in wanted)
    ]
    start = "".join(wanted[:1])
    return sorted(fitting, key=lambda name: not name.lower().startswith(start))[:MOST_OFFERED]


def _names(kind: ParameterKind, catalog: Catalog) -> Iterable[str]:
    """Those that most runs have first; what trackers log of themselves last."""
    if kind == "experiment":
        return [each.name for each in catalog.experiments]
    if kind == "metric":
        known = sorted(catalog.metrics, key=lambda key: -catalog.metrics[key])
        return sorted(known, key=lambda key: key.startswith("system/"))
    if kind == "param":
        return sorted(catalog.params, key=lambda key: -catalog.params[key].runs)
    if kind == "tag":
        return sorted(catalog.tags, key=lambda key: -catalog.tags[key].runs)
    if kind == "model":
        return [each.name for each in catalog.models]
    return catalog.users if kind == "user" else ()


def _kind(name: str) -> ParameterKind:
    plain = name.lower()
    return _KINDS.get(plain) or _KINDS.get(_SUFFIX.sub("", plain), "text")


def _value(parameter: Parameter, values: Mapping[str, str]) -> str:
    return values.get(parameter.name, "").strip() or parameter.default or ""


def _quoted(kind: ParameterKind, value: str) -> str:
    """As the offline engine reads one name: in quotes, of a kind the name itself does not have."""
    if kind in {"number", "text"} or _PLAIN.fullmatch(value):
        return value
    marks = next((pair for pair in _QUOTES if not set(pair) & set(value)), None)
    return value if marks is None else f"{marks[0]}{value}{marks[1]}"


_SHIPPED = (
    ("best-runs", "Best runs", "best {n=5} runs by {metric}"),
    ("best-in-experiment", "Best of an experiment", "best {n=5} runs by {metric} in {experiment}"),
    ("best-everywhere", "Best of every experiment", "best run by {metric} in each experiment"),
    ("teams-week", "The team's week", "runs per user in the last {days=7} days"),
    ("activity", "Runs per day", "runs per day in the last {days=14} days"),
    ("my-runs", "My latest runs", "my last {n=10} runs"),
    ("runs-by-user", "Runs by user", "number of runs by user"),
    (
        "compare-experiments", "Compare two experiments",
        "average {metric} of {experiment} vs {experiment_2}",
    ),
    (
        "hyperparameter", "Impact of a hyperparameter",
        "average {metric} by {param} in {experiment}",
    ),
    ("drift", "Drift of a metric", "average {metric} by week in {experiment}"),
    (
        "learning-curve", "Learning curve of the best run",
        "{metric} per step of the best run by {metric} in {experiment}",
    ),
    (
        "what-changed", "What changed lately",
        "which params differ between the last {n=5} runs in {experiment}",
    ),
    ("failures", "Failures lately", "failed runs in the last {days=30} days"),
    ("failure-rate", "Failure rate by experiment", "share of failed runs by experiment"),
    ("slowest", "Slowest runs", "slowest {n=10} runs in {experiment}"),
    ("registry", "Registry overview", "list registered models"),
    ("new-versions", "Newest model versions", "newest {n=10} model versions"),
)  # fmt: skip

BUILT_IN = tuple(Template(key, name, text, scope="team") for key, name, text in _SHIPPED)
"""What every team gets. A test asks each of them on two stores and looks for rows."""
