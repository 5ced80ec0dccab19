"""A plan becomes a draft: its SQL, its words, what explains it, what could be asked next."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from texttosql.catalog import Catalog
from texttosql.compose import compose, count_sql, left_out_sql, measure_name, name_of
from texttosql.flow import ChartWish, ColumnNote, Draft, Probe
from texttosql.offline.directions import higher_is_better
from texttosql.offline.refusing import ENGINE
from texttosql.offline.words import assumptions, metrics_of, suggestions, title
from texttosql.plan import Plan, Ref

_KEYS = frozenset({"metric", "param", "tag"})
_EXPLAINED = 4  # conditions an empty answer is explained by


def draft(plan: Plan, notes: list[str], catalog: Catalog, zone: ZoneInfo) -> Draft:
    """The plan's draft; `notes` are what the reading took for granted."""
    composed = compose(plan, catalog, zone)
    kinds: dict[str | None, ChartWish] = {None: ChartWish(), "auto": ChartWish()}
    wish = kinds.get(plan.chart) or ChartWish(plan.chart)  # type: ignore[arg-type]  # a kind
    return Draft(
        sql=composed.sql,
        title=title(plan),
        engine=ENGINE,
        assumptions=(*assumptions(plan), *dict.fromkeys(notes)),
        chart=wish,
        columns={**_ways(plan), **composed.columns},
        probes=(*_left_out(plan, catalog, zone), *_why_empty(plan, catalog, zone)),
        suggestions=suggestions(plan, _usual_params(plan, catalog)),
        plan=plan,
    )


def scope_of(plan: Plan) -> frozenset[int]:
    """The experiments a plan is about, by id."""
    return frozenset(
        int(value)
        for test in plan.tests
        if test.ref.key == "experiment_id" and test.op in {"=", "in"}
        for value in test.values
    )


def _left_out(plan: Plan, catalog: Catalog, zone: ZoneInfo) -> list[Probe]:
    """How many runs the answer leaves out because their value is no number."""
    if plan.subject != "runs" or plan.act not in {"list", "summary"}:
        return []
    kinds = {"nan": "NaN", "inf": "infinite"}
    if plan.act != "summary":  # a list shows infinities
        del kinds["inf"]
    return [
        Probe(left_out_sql(plan, ref, kind, catalog, zone), f"{{n}} {said} left out")
        for ref in metrics_of(plan)[:1]
        if ref.take == "latest"
        for kind, said in kinds.items()
    ]


def _why_empty(plan: Plan, catalog: Catalog, zone: ZoneInfo) -> list[Probe]:
    """How many rows there would be without each condition, or that nothing differs."""
    noun = plan.subject
    if noun not in {"runs", "versions"}:
        return []
    if (whole := _never(plan)) is not None:
        return [Probe(count_sql(plan, catalog, zone), whole, "why_empty")]
    without = [
        (test.words, replace(plan, tests=(*plan.tests[:index], *plan.tests[index + 1 :])))
        for index, test in enumerate(plan.tests[:_EXPLAINED])
    ]
    if plan.window is not None:
        without.append((plan.window.words, replace(plan, window=None)))
    return [
        Probe(
            count_sql(others, catalog, zone),
            f"without “{words}” it would be {{n}} {noun}",
            "why_empty",
        )
        for words, others in without
    ]


def _never(plan: Plan) -> str | None:
    """Why a plan gives nothing that no single condition emptied."""
    if plan.differ:
        return "they are the same in these runs"
    keys = [ref.key for ref in (*metrics_of(plan), *plan.by) if ref.kind in _KEYS]
    narrowed = plan.tests or plan.window is not None or plan.deleted == "only"
    if plan.subject != "runs" or narrowed or len(keys) < 2:
        return None
    return f"no run has {', '.join(keys[:-1])} and {keys[-1]} together"


def _usual_params(plan: Plan, catalog: Catalog) -> list[str]:
    """The params most runs have where the plan looks."""
    scope = scope_of(plan)
    there = set().union(*(catalog.params_in.get(one, frozenset()) for one in scope))
    keys = sorted(catalog.params, key=lambda key: -catalog.params[key].runs)
    return [key for key in keys if not scope or key in there][:1]


def _ways(plan: Plan) -> dict[str, ColumnNote]:
    """Which way is better, for the columns that show a metric as it is."""
    if plan.act == "summary":
        return {
            measure_name(measure, plan.subject): _way(measure.ref)
            for measure in plan.measures
            if measure.ref is not None
            and measure.ref.kind == "metric"
            and measure.fn not in {"count", "std"}
        }
    shown = metrics_of(plan) if plan.act in {"list", "history"} else []
    return {name_of(ref): _way(ref) for ref in shown}


def _way(ref: Ref) -> ColumnNote:
    return ColumnNote("real", higher_is_better(ref.key))
