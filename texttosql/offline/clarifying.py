"""Questions back: which metric, which run, which of the names that the same words can mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from texttosql.effort import is_effort
from texttosql.flow import Clarification, Declined, Option
from texttosql.offline import refusing
from texttosql.offline.directions import higher_is_better
from texttosql.offline.frame import Choice, Frame
from texttosql.offline.lexicon import LOWER_IS_BETTER
from texttosql.offline.meaning import NeedsMetric, candidate_metrics, plan_of
from texttosql.offline.names import Name
from texttosql.offline.refusing import ENGINE
from texttosql.offline.understanding import Asked, reread, reworded
from texttosql.plan import Ref, Sort

_OPTIONS = 4
_GENERIC = frozenset("error errors score scores performance quality loss losses accuracy".split())


def which_name(asked: Asked, frame: Frame) -> Clarification | None:
    """The question back, when other readings of a name give other plans."""
    for choice in frame.choices:
        options = tuple(_option(asked, choice, name) for name in choice.names[:_OPTIONS])
        if len({option.plan for option in options}) > 1:
            return Clarification(
                f"“{choice.said}” can mean several things here. Which one?", options, ENGINE
            )
    return None


def _option(asked: Asked, choice: Choice, name: Name) -> Option:
    """The question as it would be with this name chosen."""
    context = asked.context
    chosen = replace(context, chosen={**context.chosen, **chosen_in(choice, name)})
    label = _label(name, choice.names)
    said = re.compile(re.escape(choice.said), re.IGNORECASE)
    full = _swapped(said, label, asked.text)
    return Option(label, full, reread(replace(asked, context=chosen)))


def chosen_in(choice: Choice, name: Name) -> dict[str, Name]:
    """The choice as `Context.chosen` holds it."""
    said = choice.said.lower()
    kinds = {"value", "tagvalue"}
    return {f"value:{said}" if name.kind in kinds else f"{name.kind}:{said}": name}


def _label(name: Name, names: Sequence[Name]) -> str:
    if name.kind in {"value", "tagvalue"}:
        return f"{name.key} {name.text}"
    several = len({other.kind for other in names}) > 1
    return f"{name.kind} {name.text}" if several else name.text


def which_run(asked: Asked, frame: Frame) -> Clarification | None:
    """Which one is meant, of several runs of one name: "params of seed0"."""
    name = _run_asked_about(asked, frame)
    count = asked.context.catalog.run_names.get(name or "", 0)
    if name is None or count < 2:
        return None
    try:
        whole = plan_of(frame, asked.context)
    except NeedsMetric:
        return None  # which metric is asked first
    newest = replace(whole, sort=Sort(Ref("field", "started"), descending=True), limit=1)
    text = asked.text.rstrip(" ?")
    options = (
        Option(f"the latest {name}", f"{text} of the latest {name}", newest),
        Option(f"all {count} of them", f"{text}, all of them", whole),
    )
    return Clarification(f"{count} runs are called {name}. Which one?", options, ENGINE)


def _run_asked_about(asked: Asked, frame: Frame) -> str | None:
    """The one run name that the details or the curve of are asked for, by nothing but its name."""
    about_one = frame.keys or frame.detail or frame.history
    if not about_one or frame.registry or asked.earlier is not None:
        return None
    if len(frame.tests) != 1 or frame.windows or frame.order:
        return None
    test = frame.tests[0]
    named = test.ref.key == "run" and test.op in {"=", "in"} and len(test.values) == 1
    return str(test.values[0]) if named else None


def which_of_kind(asked: Asked, frame: Frame) -> Clarification | None:
    """Which metric of a kind: "top 10 by error" names no metric, only what it measures."""
    words = [said.lower() for said in frame.unknown]
    if len(words) != 1 or words[0] not in _GENERIC:
        return None
    low = words[0] in LOWER_IS_BETTER
    keys = _telling(candidate_metrics(frame, asked.context))
    fitting = [key for key in keys if (higher_is_better(key) is False) == low] or keys
    said = re.compile(rf"\b{re.escape(words[0])}\b", re.IGNORECASE)
    options = _options(asked, ((key, _swapped(said, key, asked.text)) for key in fitting))
    return Clarification(f"Which {words[0]} do you mean?", options, ENGINE) if options else None


def _swapped(said: re.Pattern[str], name: str, text: str) -> str:
    """The text with the name in place of the first words that fit."""
    return said.sub(lambda _: name, text, count=1)


def which_metric(asked: Asked, frame: Frame) -> Clarification | Declined:
    """Which metric decides, where "the best" was asked for without one."""
    keys = candidate_metrics(frame, asked.context)
    telling = _telling(keys) or keys
    if not telling:
        return refusing.declined("No metric is logged there.", asked.context.catalog)
    text = asked.text.rstrip(" ?.!")
    options = _options(asked, ((key, f"{text} by {key}") for key in telling))
    return Clarification("Best by which metric?", options, ENGINE)


def _telling(keys: Iterable[str]) -> list[str]:
    """The metrics whose names say which way is better, those of time and cost last."""
    return sorted((key for key in keys if higher_is_better(key) is not None), key=is_effort)


def _options(asked: Asked, ways: Iterable[tuple[str, str]]) -> tuple[Option, ...]:
    """The first few ways to put the question, each a label and the full text."""
    return tuple(
        Option(label, text, reworded(asked, text))
        for _, (label, text) in zip(range(_OPTIONS), ways, strict=False)
    )
