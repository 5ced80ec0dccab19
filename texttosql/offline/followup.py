"""A follow-up patches the plan before it: "only alice's", "top 3 instead", "what about f1"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dateutil.relativedelta import relativedelta

from texttosql.offline.directions import best_is_high
from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning import DURATION, DURATIONS, EXPERIMENT, MANY, STARTED, USER, NeedsMetric
from texttosql.offline.sentence import Sentence
from texttosql.offline.words import metrics_of
from texttosql.plan import Fn, Measure, Plan, Ref, Sort, Test, Window

_CUES = re.compile(
    r"^(?:(?:ok|okay|and|now|but|so|then|cool|great|nice|thanks|hm+|alright|right|yes|no|wait|actually|sorry|please|great|perfect|got it|,|\.)[, ]*)*"
    r"(?:only|just|what about|how about|same|instead|also|sort|order|group|split|break|exclude|excluding|without|"
    r"not|drop|remove|hide|top \S+$|bottom \S+$|as (?:a |an )?|last |this |past |previous |those|them|these|that|it|its|which one|which of|"
    r"of those|of these|of them|among|make (?:it|that)|by |per |in |for |with |from |since |before|after|between|"
    r"leave|leaving|limit|show (?:only|just|me only|it|them|that|those|the same|also)|include|including|add|plus|compare (?:that|it|them|those|this)|narrow|filter|restrict|"
    r"ignore|ignoring|except|and|or|on |average|avg|mean|median|max|min|maximum|minimum|vs|versus|best |worst |then|"
    r"how many$|how many (?:left|remain)|how many\?|how often|for each|each|killed|failed|finished|running|how many (?:is|are|was|were) (?:that|those|there|they|these|it)|"
    r"the (?:same|other|best|worst|top|fastest|slowest|longest|latest|lowest|highest) ?(?:ones?|of|$)|i mean|i meant|no,|all time|everyone|zoom|use|switch|"
    r"(?:plot|chart|graph|draw|visuali[sz]e) (?:it|that|this|them|those)|who (?:ran|made|did|trained|started|launched|owns?) (?:it|that|this|them|those|these)|when (?:was|were|did) (?:it|that|this|they|those))"
)
_POINTS_BACK = re.compile(
    r"\b(?:those|them|these|that one|its|their|it|they|ones|instead|same|again|as well|too|that|this one|which one|which of)\b"
)
_ADDS = re.compile(
    r"\b(?:and|also|plus|add|include|including|with|show|as well|too|alongside|along with)\b"
)
_REPLACES = re.compile(
    r"\b(?:what about|how about|instead|switch|use|same (?:for|with|but)|now (?:by|for)|by|i meant?|rather|for)\b"
)


def is_followup(text: str, frame: Frame, sentence: Sentence) -> bool:
    """Whether the words lean on the question before them."""
    lower = text.lower().strip()
    if _CUES.match(lower):
        return not _stands_alone(frame, lower)
    if _POINTS_BACK.search(lower) or re.search(r"\b(?:for|of|in) each$|\beach$", lower.rstrip("?. ")):
        return True
    subject = (
        frame.nouns & {"run", "experiment", "model", "version", "user", "dataset"} or frame.which
    )
    scoped = any(test.ref.key == "experiment_id" for test in frame.tests)
    if frame.percent or frame.history or frame.keys:
        return not subject and not scoped and len(sentence.tokens) <= 4
    return not subject and not scoped and len(sentence.tokens) <= 7


def _stands_alone(frame: Frame, lower: str) -> bool:
    """ "in churn, which runs …" opens like a follow-up but says everything itself."""
    if re.match(r"^(?:which|how many|list|what|show me all)\b", lower):
        return False
    if re.match(r"^(?:and )?(?:in|on|for|from|by) (?:which|what) \w+\??$", lower):
        return False
    whole = bool(frame.nouns & {"run", "experiment"}) and bool(
        frame.count or frame.order or frame.measures or frame.which
    )
    return (
        whole
        and not _POINTS_BACK.search(lower)
        and not re.match(
            r"^(?:and|only|just|now|but|what about|how about|sort|group|same|exclude)", lower
        )
    )


def settle_unknown(frame: Frame, plan: Plan, context: Context) -> None:
    """A bare number or word that only the question before explains: "make it 8", "and low?"."""
    for said in list(frame.unknown):
        value = said.strip().lower()
        if value in _NARROWING:
            frame.unknown.remove(said)
            continue
        test = next((test for test in plan.tests if _has_value(test, value, context)), None)
        if test is not None:
            known = next(v for v in _values_of(test.ref, context) if v.lower() == value)
            frame.add(Test(test.ref, "=", (known,), said), 0)
            frame.unknown.remove(said)
        elif re.fullmatch(r"-?\d+(?:\.\d+)?", value) and _take_number(
            frame, plan, float(value), said
        ):
            frame.unknown.remove(said)


_NARROWING = frozenset("add remove drop set change exclude sort hide not".split())


def _values_of(ref: Ref, context: Context) -> tuple[str, ...]:
    catalog = context.catalog
    table = catalog.params if ref.kind == "param" else catalog.tags
    refs = ref.of or (ref,)
    return tuple(v for one in refs if one.key in table for v in table[one.key].values)


def _has_value(test: Test, value: str, context: Context) -> bool:
    if test.ref.kind not in {"param", "tag", "either"}:
        return False
    return any(known.lower() == value for known in _values_of(test.ref, context))


def _other_unit(plan: Plan, frame: Frame) -> Plan:
    """ "in seconds": the same durations in another unit."""
    lasting = [ref for ref in frame.shown if ref.key in DURATIONS]
    if len(lasting) != 1 or len(frame.shown) != 1 or plan.act != "summary":
        return plan
    if not any(m.ref is not None and m.ref.key in DURATIONS for m in plan.measures):
        return plan
    frame.shown.clear()
    measures = tuple(
        replace(m, ref=lasting[0]) if m.ref is not None and m.ref.key in DURATIONS else m
        for m in plan.measures
    )
    return replace(plan, measures=measures)


def _about_experiments(plan: Plan, frame: Frame) -> Sequence[Test]:
    """The experiments an overview was about, unless the follow-up names its own."""
    own = any(test.ref.key == "experiment_id" for test in frame.tests)
    return () if own else [test for test in plan.tests if test.ref.key == "experiment_id"]


def _take_number(frame: Frame, plan: Plan, number: float, said: str) -> bool:
    """A new bound for the last numeric condition, or a new number of rows."""
    whole = int(number) if number == int(number) else number
    bounded = [t for t in plan.tests if t.values and all(not isinstance(v, str) for v in t.values)
               and t.ref.key not in {"experiment_id", "version"}]  # fmt: skip
    if bounded and not (plan.limit not in {None, 1} and isinstance(whole, int) and whole >= 1):
        last = bounded[-1]
        frame.add(replace(last, values=(whole,), words=f"{last.words.rsplit(' ', 1)[0]} {said}"), 0)
        return True
    if isinstance(whole, int) and whole >= 1 and plan.act in {"list", "summary"}:
        frame.limit = whole
        return True
    return False


def patch(plan: Plan, frame: Frame, text: str, context: Context) -> Plan:
    """The earlier plan with what the follow-up says put in. Raises NeedsMetric."""
    lower = text.lower()
    if plan.subject in {"experiments", "models"} and (
        frame.metrics or frame.keys or frame.history or frame.measures
    ):
        from texttosql.offline.meaning import plan_of

        return plan_of(replace_tests(frame, _about_experiments(plan, frame)), context)
    if plan.act == "summary" and re.search(
        r"\b(?:list|show|display|name|see) (?:them|those|these|me those|the runs)\b", lower
    ):
        plan = replace(_bare(plan), act="list", measures=(), by=(), windows=())
    if plan.act == "summary" and re.search(
        r"\bhow often\b|^\W*(?:and )?how many (?:runs )?(?:for |of )?each", lower
    ):
        return replace(plan, measures=(Measure("count"),), sort=Sort(0, descending=True))
    plan = _filters(plan, frame, lower, context)
    if frame.metrics or frame.limit is not None or frame.groups:
        plan = replace(plan, again=None, again_limit=None)
    plan = replace(plan, chart=frame.chart or plan.chart) if frame.chart else plan
    if frame.deleted != "no":
        plan = replace(plan, deleted=frame.deleted)
    plan = _other_unit(plan, frame)
    for change in (_asks_anew, _metrics, _groups, _shown, _ranked):
        plan, done = change(plan, frame, lower, context)
        if done:
            break
    return plan


def _before(window: Window, unit: str, context: Context) -> Window:
    """The period of that unit that ends where the window starts: "and the month before?"."""
    end = datetime.fromtimestamp((window.start_ms or 0) / 1000, context.now.tzinfo)
    start = end - relativedelta(**{f"{unit}s": 1})  # type: ignore[arg-type]  # a name of its own
    edges = (int(start.timestamp() * 1000), int(end.timestamp() * 1000))
    return Window(*edges, f"the {unit} before", window.field)


def _filters(plan: Plan, frame: Frame, lower: str, context: Context) -> Plan:
    plan = _share_of(plan, frame)
    tests = _merged(plan.tests, frame.tests, lower)
    if re.search(r"\b(?:everyone|everybody|all users|anyone)\b", lower):
        tests = tuple(test for test in tests if test.ref != USER)
    if re.search(
        r"\b(?:all experiments|every experiment|everywhere|any experiment|across experiments)\b",
        lower,
    ):
        tests = tuple(test for test in tests if test.ref.key != "experiment_id")
    plan = replace(plan, tests=tests)
    if frame.before and plan.window is not None and plan.window.start_ms is not None:
        return replace(plan, window=_before(plan.window, frame.before, context), windows=())
    if frame.windows:
        window = frame.windows[0]
        if (
            re.search(r"\b(?:compare|compared|vs|versus|against)\b", lower)
            and plan.window
            and plan.act == "summary"
        ):
            return replace(plan, window=None, windows=(plan.window, window))
        if plan.subject == "versions":
            window = replace(window, field="created")
        return replace(plan, window=window, windows=())
    if re.search(r"\b(?:all time|all-time|any time|overall|ever)\b", lower):
        return replace(plan, window=None)
    return plan


def _share_of(plan: Plan, frame: Frame) -> Plan:
    """ "killed?" after "what share failed" asks for another share."""
    if not plan.measures or plan.measures[0].fn != "share" or not plan.measures[0].of:
        return plan
    of = plan.measures[0].of[0]
    new = [test for test in frame.tests if test.ref == of.ref]
    if not new:
        return plan
    frame.tests = [test for test in frame.tests if test not in new]
    return replace(plan, measures=(replace(plan.measures[0], of=tuple(new)), *plan.measures[1:]))


def _merged(old: Sequence[Test], new: Sequence[Test], lower: str) -> tuple[Test, ...]:
    """New conditions beside the old; one on the same thing takes the old one's place.

    An exclusion narrows instead of replacing: "not bob's" after "failed runs" keeps both, and two
    bounds that face different ways make a range.
    """
    if re.search(r"\b(?:also|add|include|including|plus|as well|too|alongside)\b", lower):
        new = [_widened(test, old) for test in new]
    narrows = re.search(
        r"\b(?:of (?:those|these|them|which)|among (?:those|these|them)|out of (?:those|them))\b",
        lower,
    )
    if narrows:
        return (*old, *(test for test in new if test not in old))
    new = [_as_parent(test, old) for test in new]
    kept = [test for test in old if not any(_replaces(other, test) for other in new)]
    return (*kept, *(test for test in new if test not in kept))


def _as_parent(test: Test, old: Sequence[Test]) -> Test:
    """After "children of A", a bare "B" names the other sweep."""
    if test.ref.key == "run" and any(other.ref.key == "parent" for other in old):
        return replace(test, ref=Ref("field", "parent"))
    return test


def _widened(test: Test, old: Sequence[Test]) -> Test:
    """ "also sgd" puts a value beside the ones before."""
    for other in old:
        if other.ref == test.ref and {other.op, test.op} <= {"=", "in"}:
            values = tuple(dict.fromkeys([*other.values, *test.values]))
            return replace(test, op="in", values=values)
    return test


def _replaces(new: Test, old: Test) -> bool:
    if new.ref != old.ref:
        return False
    if new.op in {"!=", "not in", "missing", "exists", "lacks"}:
        return old.op == new.op and old.values == new.values
    up, down = {">", ">="}, {"<", "<="}
    return not ((new.op in up and old.op in down) or (new.op in down and old.op in up))


def _asks_anew(plan: Plan, frame: Frame, lower: str, context: Context) -> tuple[Plan, bool]:
    """Questions of another kind about the same runs: how many, what share, their curve, params."""
    if frame.percent:
        from texttosql.offline.meaning import plan_of

        fresh = plan_of(replace_tests(frame, plan.tests), context)
        return replace(fresh, window=plan.window or fresh.window), True
    if frame.count:
        by = tuple(frame.groups) or ((frame.which,) if frame.which else ())
        measure = Measure("count")
        if frame.nouns == {"experiment"}:
            measure = Measure("distinct", EXPERIMENT)
        if frame.nouns == {"user"} and not frame.groups:
            measure, by = Measure("distinct", USER), ()
        if plan.act == "summary" and plan.by and not by and not frame.tests:
            by = plan.by
        if not by and re.search(r"\beach\b", lower) and plan.act == "list" and plan.each is not None:
            by = (plan.each,)
        return replace(_bare(plan), act="summary", measures=(measure,), by=by,
                       sort=Sort(0, descending=True) if by else None), True  # fmt: skip
    if frame.history:
        metrics = tuple(frame.metrics or metrics_of(plan)[:1])
        if not metrics:
            raise NeedsMetric
        shown = tuple(Ref("metric", ref.key) for ref in metrics)
        return replace(_picking(plan, lower), act="history", show=shown), True
    if frame.keys is not None or frame.detail:
        keys = None if frame.detail else frame.keys
        return replace(_picking(plan, lower), act="detail", keys=keys, show=()), True
    return plan, False


def replace_tests(frame: Frame, tests: Sequence[Test]) -> Frame:
    """The frame with the earlier plan's conditions under its own."""
    old = [test for test in tests if test not in frame.tests]
    frame.tests[:0] = old
    frame.positions[:0] = [-2] * len(old)
    return frame


def _bare(plan: Plan) -> Plan:
    return replace(plan, again=None, again_limit=None, show=(), each=None, sort=None, limit=None, offset=0, keys=None, having=())


def _picking(plan: Plan, lower: str) -> Plan:
    """The runs an earlier list showed; "it" is the first of them."""
    one = re.search(
        r"\b(?:it|its|that one|that run|the best|the first|the top|the winner|winning)\b", lower
    )
    sort = plan.sort if plan.sort and isinstance(plan.sort.by, Ref) else None
    limit = plan.limit
    if one and limit != 1:
        sort, limit = sort or Sort(STARTED, descending=True), 1
    kept = _bare(plan)
    return replace(kept, measures=(), by=(), sort=sort, limit=limit)


def _metrics(plan: Plan, frame: Frame, lower: str, context: Context) -> tuple[Plan, bool]:
    """Another metric, or another measure of the same one."""
    asked = list(dict.fromkeys([*(r for _, r in frame.measures if r), *frame.metrics]))
    if frame.order_ref is not None and frame.order_ref not in asked:
        asked.append(frame.order_ref)
    if frame.sort_ref is not None and frame.sort_ref.kind == "metric":
        asked = []
    fns: list[Fn] = list(dict.fromkeys(fn for fn, _ in frame.measures))
    del context
    if fns:
        return _measured(plan, fns, asked, frame), not frame.groups
    metrics = [ref for ref in asked if ref.kind == "metric"]
    if not metrics:
        return plan, False
    if plan.act == "history":
        return replace(plan, show=tuple(Ref("metric", ref.key) for ref in metrics)), True
    if plan.act == "summary":
        return _other_measures(plan, metrics, lower, frame), False
    ranked = (
        plan.sort is not None and isinstance(plan.sort.by, Ref) and plan.sort.by.kind == "metric"
    )
    if ranked and (frame.order is not None or not _ADDS.search(lower) or _REPLACES.search(lower)):
        return _resorted(plan, metrics[0], frame), False
    if frame.order is not None:
        return plan, False
    return replace(plan, show=tuple(dict.fromkeys([*plan.show, *metrics]))), False


def _measured(plan: Plan, fns: list[Fn], asked: list[Ref], frame: Frame) -> Plan:
    refs = asked or [ref for ref in metrics_of(plan)[:1]] or [m.ref for m in plan.measures if m.ref]
    if not refs and DURATION in (*plan.show, *frame.shown):
        refs = [DURATION]
    if not refs:
        raise NeedsMetric
    measures = tuple(Measure(fn, ref, percentile=frame.percentile) for ref in refs for fn in fns)
    by = tuple(frame.groups) or (plan.by if plan.act == "summary" else ())
    if plan.act == "list" and plan.each is not None and not by:
        by = (plan.each,)
    sort = (
        Sort(0, best_is_high(refs[0])) if by and not any(r.kind == "bucket" for r in by) else None
    )
    return replace(
        _bare(plan), act="summary", measures=(*measures, Measure("count")), by=by, sort=sort
    )


def _other_measures(plan: Plan, metrics: list[Ref], lower: str, frame: Frame) -> Plan:
    old = [measure for measure in plan.measures if measure.ref is not None]
    if not old:
        measures = [Measure("mean", ref) for ref in metrics]
        return replace(plan, measures=(*measures, Measure("count")))
    fns = list(dict.fromkeys(measure.fn for measure in old))
    if frame.order in {"best", "worst", "high", "low"}:
        fns = ["max" if _descending(frame, metrics[0]) else "min"]
    adds = _ADDS.search(lower) and not _REPLACES.search(lower)
    refs = [*dict.fromkeys(m.ref for m in old if m.ref), *metrics] if adds else metrics
    measures = [Measure(fn, ref) for ref in refs for fn in fns]
    counts = [measure for measure in plan.measures if measure.fn == "count"]
    sort = plan.sort
    if sort is not None and sort.by == 0 and measures[0].ref is not None:
        sort = Sort(0, best_is_high(measures[0].ref))
    return replace(plan, measures=(*measures, *counts), sort=sort)


def _resorted(plan: Plan, metric: Ref, frame: Frame) -> Plan:
    high = best_is_high(metric)
    was_best = (
        plan.sort is not None
        and isinstance(plan.sort.by, Ref)
        and (plan.sort.descending == best_is_high(plan.sort.by))
    )
    descending = high if was_best else not high
    if frame.order is not None:
        descending = _descending(frame, metric)
    limit = frame.limit or plan.limit
    return replace(plan, sort=Sort(metric, descending), limit=limit)


def _descending(frame: Frame, ref: Ref) -> bool:
    high = best_is_high(ref)
    return {"best": high, "worst": not high, "high": True, "low": False, "fast": False,
            "slow": True, "new": True, "old": False, "many": True, "few": False}[frame.order or "best"]  # fmt: skip


def _groups(plan: Plan, frame: Frame, lower: str, context: Context) -> tuple[Plan, bool]:
    groups = list(frame.groups)
    if frame.trend and not any(ref.kind == "bucket" for ref in groups):
        groups.insert(0, Ref("bucket", "week"))
    del context, lower
    if not groups:
        return plan, False
    bucketed = any(ref.kind == "bucket" for ref in groups)
    if plan.act == "summary":
        measures = plan.measures
        if plan.measures and plan.measures[0].fn == "share" and not plan.measures[0].of:
            measures = (Measure("count"),)
        sort = None if bucketed else plan.sort or Sort(0, descending=True)
        return replace(
            plan, by=tuple(groups), sort=sort, limit=frame.limit, measures=measures
        ), True
    if frame.order is not None and plan.act == "list":
        return replace(plan, each=groups[0], limit=frame.limit or 1), True
    metrics = metrics_of(plan)[:1]
    measures = (*(Measure("mean", ref) for ref in metrics), *(Measure("max", ref) for ref in metrics),
                Measure("count"))  # fmt: skip
    sort = None if bucketed else Sort(0, best_is_high(metrics[0]) if metrics else True)
    return replace(_bare(plan), act="summary", measures=measures, by=tuple(groups), sort=sort), True


def _shown(plan: Plan, frame: Frame, lower: str, context: Context) -> tuple[Plan, bool]:
    """More columns: "and the learning rates?", "which optimizer did they use?", "who ran them?"."""
    asked = [*frame.shown, *([frame.which] if frame.which else [])]
    del context
    if not asked:
        return plan, False
    if (
        frame.which is not None
        and plan.act == "list"
        and plan.limit is None
        and frame.order is None
        and frame.which.kind != "bucket"
    ):
        one_run = any(test.ref.key in {"run", "run_id"} for test in plan.tests)
        if not one_run:
            by = (frame.which,)
            return replace(_bare(plan), act="summary", measures=(Measure("count"),), by=by,
                           sort=Sort(0, descending=True)), True  # fmt: skip
    if (
        plan.act == "summary"
        and plan.by
        and re.search(r"\b(?:by|per|instead|what about|how about)\b", lower)
    ):
        return replace(plan, by=tuple(asked)), True
    if plan.act == "summary":
        if frame.which is not None and (frame.order is not None or not plan.by):
            sort = Sort(0, _summary_up(plan, frame)) if frame.order else plan.sort
            return replace(
                plan,
                by=(frame.which,),
                sort=sort,
                limit=frame.limit or (1 if frame.order else None),
            ), True
        plan = replace(_bare(plan), act="list", measures=(), by=())
    if plan.act in {"history", "detail"}:
        plan = replace(plan, act="list", keys=None)
    return replace(plan, show=tuple(dict.fromkeys([*plan.show, *asked]))), False


def _summary_up(plan: Plan, frame: Frame) -> bool:
    first = plan.measures[0]
    return (
        _descending(frame, first.ref) if first.ref else frame.order not in {"few", "low", "worst"}
    )


def _ranked(plan: Plan, frame: Frame, lower: str, context: Context) -> tuple[Plan, bool]:
    """Another order or another number of rows."""
    del context
    if frame.sort_ref is not None:
        return _sorted(plan, frame), True
    if frame.order is None:
        if frame.limit is not None:
            plan = replace(plan, limit=frame.limit)
        if frame.descending is not None and plan.sort is not None:
            plan = replace(plan, sort=replace(plan.sort, descending=frame.descending))
        return plan, True
    if plan.act == "summary":
        sort = Sort(0, _summary_up(plan, frame))
        one = re.search(r"\b(?:which|who|one|only|just|the (?:best|worst))\b", lower)
        return replace(plan, sort=sort, limit=frame.limit or (1 if one else plan.limit)), True
    ref = _order_ref(plan, frame)
    if ref is None:
        raise NeedsMetric
    limit = frame.limit or (plan.limit if frame.plural or frame.top == "many" else 1)
    if (
        plan.sort is not None
        and plan.sort.by == ref
        and frame.limit is None
        and plan.limit not in {None, 1}
    ):
        limit = (
            1
            if re.search(r"\b(?:which|one|the (?:best|worst))\b", lower) and not frame.plural
            else plan.limit
        )
    if plan.act in {"detail", "names"}:
        plan = replace(plan, act="list", keys=None)
    among = plan.act == "list" and plan.limit not in {None, 1} and plan.sort is not None
    if among and plan.sort is not None and plan.sort.by != ref and "run" not in frame.nouns:
        return replace(plan, again=Sort(ref, _descending(frame, ref)), again_limit=limit), True
    return replace(plan, sort=Sort(ref, _descending(frame, ref)), limit=limit or MANY), True


def _order_ref(plan: Plan, frame: Frame) -> Ref | None:
    if frame.order_ref is not None:
        return frame.order_ref
    if frame.order in {"fast", "slow"}:
        return DURATION
    if frame.order in {"new", "old"}:
        return Ref("field", "created") if plan.subject == "versions" else STARTED
    metrics = [ref for ref in frame.metrics if ref.kind == "metric"] or metrics_of(plan)
    return metrics[0] if metrics else None


def _sorted(plan: Plan, frame: Frame) -> Plan:
    ref = frame.sort_ref or STARTED
    if plan.act == "summary":
        found = 0
        for index, measure in enumerate(plan.measures):
            if measure.ref == ref or (ref.key == "runs" and measure.fn == "count"):
                found = index
        if ref in plan.by:
            return replace(plan, sort=Sort(ref, bool(frame.descending)))
        descending = frame.descending if frame.descending is not None else True
        return replace(plan, sort=Sort(found, descending))
    if plan.act == "list" and plan.limit not in {None, 1} and plan.sort and frame.limit is None:
        return replace(plan, again=Sort(ref, _default_way(ref, frame)), again_limit=None)
    default = (
        best_is_high(ref) if ref.kind == "metric" else ref.key not in {"run", "user", "experiment"}
    )
    descending = frame.descending if frame.descending is not None else default
    return replace(plan, sort=Sort(ref, descending), limit=frame.limit or plan.limit)


def _default_way(ref: Ref, frame: Frame) -> bool:
    """Descending? As said; else the better end first, the newest first, names from A."""
    if frame.descending is not None:
        return frame.descending
    if ref.kind == "metric":
        return best_is_high(ref)
    return ref.key not in {"run", "user", "experiment"}
