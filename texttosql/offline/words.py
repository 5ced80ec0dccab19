"""A plan in English: its title, what it takes for granted, and what could be asked next."""

from __future__ import annotations

from texttosql.compose import name_of
from texttosql.offline.directions import best_is_high, higher_is_better
from texttosql.plan import Measure, Plan, Ref, Sort, Test

_FNS = {"mean": "average", "median": "median", "min": "lowest", "max": "highest", "sum": "total",
        "std": "standard deviation of"}  # fmt: skip
_SUBJECTS = {"runs": "run", "versions": "model version", "experiments": "experiment",
             "models": "registered model"}  # fmt: skip

_DELETED = {"no": "deleted runs left out", "with": "deleted runs counted too",
            "only": "deleted runs only"}  # fmt: skip


def title(plan: Plan) -> str:
    """What the answer shows, in a few words."""
    what = _what(plan)
    if plan.again is not None and isinstance(plan.again.by, Ref):
        rank, by = _rank(plan.again), _name(plan.again.by)
        what = f"{rank} {by} of the {what}" if plan.again_limit == 1 else f"{what}, by {by}"
    return " ".join(part for part in (what, _conditions(plan)) if part)


def _what(plan: Plan) -> str:
    noun = _SUBJECTS[plan.subject]
    if plan.act == "history":
        return f"{_listed([ref.key for ref in plan.show])} by step"
    if plan.act == "detail":
        which = " that differ" if plan.differ else ""
        return f"{plan.keys or 'param'}s{which} of {_picked(plan)}"
    if plan.act == "names":
        return f"{plan.keys} names"
    if plan.act == "summary":
        return _summary(plan, noun)
    if plan.each is not None and plan.sort is not None:
        return f"{_rank(plan.sort)} {noun} for each {_name(plan.each)}"
    return _ranked_list(plan, noun)


def _picked(plan: Plan) -> str:
    return _ranked_list(plan, _SUBJECTS[plan.subject]) if plan.sort else "the runs asked for"


def _ranked_list(plan: Plan, noun: str) -> str:
    many = f"{noun}s" if plan.limit != 1 else noun
    if plan.sort is None or not isinstance(plan.sort.by, Ref):
        return many
    count = f"{plan.limit} " if plan.limit and plan.limit > 1 else ""
    by = plan.sort.by
    if by.key in {"started", "created", "ended", "version"}:
        return f"{'latest' if plan.sort.descending else 'earliest'} {count}{many}"
    if plan.limit is None:
        return f"{many} by {_name(by)}"
    if by.kind == "metric" or by.key == "duration":
        lead = _rank(plan.sort)
        return f"{lead} {count}{many} by {_name(by)}"
    return f"{'top' if plan.sort.descending else 'lowest'} {count}{many} by {_name(by)}"


def _rank(sort: Sort) -> str:
    if not isinstance(sort.by, Ref):
        return "top"
    if sort.by.key in {"started", "created", "ended", "version"}:
        return "latest" if sort.descending else "earliest"
    if sort.by.key == "duration":
        return "longest" if sort.descending else "shortest"
    if sort.by.kind != "metric" or higher_is_better(sort.by.key) is None:
        return "highest" if sort.descending else "lowest"
    return "best" if sort.descending == best_is_high(sort.by) else "worst"


def _summary(plan: Plan, noun: str) -> str:
    wanted = [_measure(measure, noun) for measure in plan.measures if measure.fn != "count"]
    counted = [_measure(measure, noun) for measure in plan.measures if measure.fn == "count"]
    text = _listed(list(dict.fromkeys(wanted or counted)))
    groups = [*(["period"] if plan.windows else []), *(_name(ref) for ref in plan.by)]
    return f"{text} by {' and '.join(groups)}" if groups else text


def _measure(measure: Measure, noun: str) -> str:
    if measure.fn == "count":
        of = f" with {_name(measure.ref)}" if measure.ref else ""
        return f"number of {noun}s{of}"
    if measure.fn == "share":
        of = _listed([test.words for test in measure.of])
        return f"percentage of {noun}s: {of}" if of else f"share of {noun}s"
    name = _name(measure.ref) if measure.ref else noun
    if measure.fn == "distinct":
        return f"number of different {name}s"
    if measure.fn == "pct":
        return f"{measure.percentile * 100:g}th percentile of {name}"
    return f"{_FNS[measure.fn]} {name}"


def _name(ref: Ref) -> str:
    if ref.kind == "field":
        return {"duration": "duration", "experiment_id": "experiment"}.get(ref.key, ref.key)
    return name_of(ref) if ref.kind == "metric" else ref.key


def _conditions(plan: Plan) -> str:
    said = list(dict.fromkeys(f"“{test.words}”" for test in plan.tests if test.words))
    if plan.window is not None:
        said.append(f"“{plan.window.words}”")
    return f"with {_listed(said)}" if said else ""


def _listed(texts: list[str]) -> str:
    return ", ".join(texts[:-1]) + " and " + texts[-1] if len(texts) > 1 else "".join(texts)


def assumptions(plan: Plan) -> tuple[str, ...]:
    """What was taken for granted, the most telling first."""
    found: list[str] = []
    metrics = metrics_of(plan)
    if metrics and plan.act != "history":
        found.append(_whose_values(metrics))
    if plan.subject in {"runs", "experiments"}:
        found.append(_DELETED[plan.deleted])
    found += _way(plan)
    several = (test for test in plan.tests if len(test.values) > 1 and test.op == "in")
    found += [reading for test in several if (reading := _reading(test))]
    return tuple(found)


def _whose_values(metrics: list[Ref]) -> str:
    """Which of a metric's logged values counted."""
    if all(ref.take == "latest" for ref in metrics):
        return f"latest {_listed([ref.key for ref in metrics[:3]])}"
    return f"{_listed([name_of(ref) for ref in metrics[:3]])} over each run's history"


def _way(plan: Plan) -> list[str]:
    sort = plan.sort
    if sort is None or not isinstance(sort.by, Ref) or sort.by.kind != "metric":
        return []
    known = higher_is_better(sort.by.key)
    if known is None:
        return [f"{'higher' if sort.descending else 'lower'} {sort.by.key} first"]
    return [] if known else [f"lower {sort.by.key} is better"]


def _reading(test: Test) -> str:
    if test.ref.kind not in {"param", "tag"}:
        return ""
    shown = [str(value) for value in test.values[:4]]
    more = f" and {len(test.values) - 4} more" if len(test.values) > 4 else ""
    return f"“{test.words}” read as {test.ref.key} {', '.join(shown)}{more}"


def metrics_of(plan: Plan) -> list[Ref]:
    """Every metric a plan touches, in order of appearance."""
    refs: list[Ref] = []
    if plan.sort is not None and isinstance(plan.sort.by, Ref):
        refs.append(plan.sort.by)
    refs += [measure.ref for measure in plan.measures if measure.ref is not None]
    refs += [*plan.show, *(test.ref for test in plan.tests)]
    return list(dict.fromkeys(ref for ref in refs if ref.kind == "metric" and ref.key))


def suggestions(plan: Plan, catalog_params: list[str]) -> tuple[str, ...]:
    """Up to three follow-ups that this engine can really answer on this plan."""
    found: list[str] = []
    if plan.subject != "runs":
        return ("how many versions does each model have?",) if plan.subject == "versions" else ()
    metrics = metrics_of(plan)
    if plan.act == "list":
        if plan.window is None:
            found.append("only the last 30 days")
        if metrics and plan.each is None:
            by_user = any(test.ref.key == "user" for test in plan.tests)
            found.append("average by experiment" if by_user else "average by user")
        if catalog_params:
            found.append(f"and the {catalog_params[0]}?")
    if plan.act == "summary":
        found.append("by week" if not any(r.kind == "bucket" for r in plan.by) else "by experiment")
        if not plan.window:
            found.append("only the last 30 days")
    if plan.act in {"history", "detail"}:
        found.append("how many runs by experiment?")
    return tuple(found[:3])
