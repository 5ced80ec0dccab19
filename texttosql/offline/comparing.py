"""Conditions with a number or a bound: "recall above 0.9", "lr = 1e-3", "longer than 2 hours"."""

from __future__ import annotations

import re

from texttosql.offline import tokens as t
from texttosql.offline.choosing import choose
from texttosql.offline.directions import best_is_high
from texttosql.offline.frame import Context, Frame
from texttosql.offline.lexicon import AGGREGATES, UNITS
from texttosql.offline.names import Name
from texttosql.offline.sentence import Sentence, Token
from texttosql.offline.lexer import Word
from texttosql.plan import Anchor, Measure, Op, Ref, Test, Window

_ONE = Word("one", "one", "number", ("1",), 1.0)

DURATION = Ref("field", "duration")
_FLIP: dict[str, Op] = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "=": "!=", "!=": "="}
_GLUED = r"(?P<glued>\d+(?:\.\d+)?(?:ms|secs?|s|mins?|m|hours?|hrs?|hr|h|days?|d))"
_TOOK = (
    r"(?:(?:that |which )?(?:took|take|taking|takes|lasted|lasting|lasts|ran|run|running|runs|needed|"
    r"duration|runtime|run_time|training time|wall time|trained)(?: (?:for|is|was|of|time|in))*)"
)


def read(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Every comparison in the sentence, the tightest patterns first."""
    for rule in (
        _group_sizes, _group_bounds, _signs, _still_running, _between, _not_a_number, _durations, _key_then_bound, _bound_key_number, _bound_then_key, _at_least,
        _after_number, _anchors, _bound_alone,
    ):  # fmt: skip
        rule(sentence, frame, context)


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


def _add(
    frame: Frame, sentence: Sentence, ref: Ref, sign: Op, values: tuple[float | int, ...],
    span: tuple[int, int],
) -> None:  # fmt: skip
    frame.add(Test(ref, sign, values, sentence.said(*span)), span[0])
    sentence.take(*span)


def _between(sentence: Sentence, frame: Frame, context: Context) -> None:
    pair = rf"(?:between|from|in range|in the range|range) (?P<low>{t.NUM}) (?:and|to|-) (?P<high>{t.NUM})"
    for pattern in (
        rf"(?P<neg>{t.NEGATION} )?(?P<key>{t.KEY}){t.LINK} {pair}",
        rf"(?P<neg>{t.NEGATION} )?{pair}{t.GAP} (?P<key>{t.KEY})",
    ):
        while (hit := sentence.find(pattern)) is not None:
            match, first, end = hit
            ref = ref_of(sentence, match["key"], frame, context)
            low = number_of(sentence.token(match["low"]), ref, frame, context)
            high = number_of(sentence.token(match["high"]), ref, frame, context)
            _add(frame, sentence, ref, ">=", (low,), (first, end))
            _add(frame, sentence, ref, "<=", (high,), (first, end))


def _not_a_number(sentence: Sentence, frame: Frame, context: Context) -> None:
    nan = r"(?:nan|nans|not a number|undefined|exploded|blew up|diverged)"
    for pattern in (
        rf"(?P<key>{t.METRIC})(?: values?)?{t.LINK} {nan}",
        rf"{nan}(?: values?)?(?: (?:for|in|as|the|of|on|a|value))* (?P<key>{t.METRIC})",
    ):
        while (hit := sentence.find(pattern)) is not None:
            match, first, end = hit
            ref = ref_of(sentence, match["key"], frame, context)
            frame.add(Test(ref, "=", ("nan",), sentence.said(first, end)), first)
            sentence.take(first, end)
    inf = r"(?:inf|infs|infinity|infinite|infinities|∞)"
    for pattern in (
        rf"(?P<key>{t.METRIC})(?: values?)?{t.LINK}(?: (?:come|comes|came|turned|turn|turns|go|goes|went|ended|end|out|up|as|to|into))* {inf}",
        rf"{inf}(?: values?)?(?: (?:for|in|as|the|of|on|a|value))* (?P<key>{t.METRIC})",
    ):
        if (hit := sentence.find(pattern)) is not None:
            ref = ref_of(sentence, hit[0]["key"], frame, context)
            frame.add(Test(ref, "=", ("inf",), sentence.said(hit[1], hit[2])), hit[1])
            sentence.take(hit[1], hit[2])
    hit = sentence.find(nan)
    if hit is not None:
        frame.add(Test(Ref("metric", ""), "=", ("nan",), "NaN metrics"), hit[1])
        sentence.take(hit[1], hit[2])


def _durations(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """Only with a unit of time, or after "took"; "more than 10" alone is no duration."""
    amount = rf"(?:(?P<n>{t.NUM}|an?|half an) (?P<unit>{t.UNIT})|{_GLUED})"
    pattern = rf"(?P<neg>not )?(?:{_TOOK} )?(?:with (?:a )?duration )?(?P<cmp>{t.COMPARE})(?: (?:than|about|a|the))? {amount}(?: (?P<post>{t.AFTERWARDS}))?(?: (?:long|to run|to train|to finish|to complete))?"
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        before = sentence.tokens[first - 1].kind if first else None
        if before == "metric":
            break
        seconds = _seconds(sentence, match)
        sign = t.operator(match["cmp"])
        if match["cmp"].startswith(("slower", "longer", "older")):
            sign = ">"
        _add(frame, sentence, DURATION, _signed(sign, match["neg"]), (seconds,), (first, end))


def _signs(sentence: Sentence, frame: Frame, context: Context) -> None:
    """ "a negative r2", "positive gain"."""
    for pattern in (
        rf"(?P<sign>negative|positive)(?: values? (?:of|for))? (?P<key>{t.METRIC})",
        rf"(?P<key>{t.METRIC}){t.LINK} (?P<sign>negative|positive|below zero|above zero)",
    ):
        if (hit := sentence.find(pattern)) is not None:
            match, first, end = hit
            ref = ref_of(sentence, match["key"], frame, context)
            down = match["sign"] in {"negative", "below zero"}
            _add(frame, sentence, ref, "<" if down else ">", (0,), (first, end))


def _still_running(sentence: Sentence, frame: Frame, context: Context) -> None:
    """ "running for more than a week": not ended, and started before then."""
    pattern = rf"(?:(?:have|has|still|been|are|is|that) )*running(?: (?:for|since))? (?P<cmp>more than|longer than|over|at least|>) (?:(?P<n>{t.NUM}|an?) (?P<unit>{t.UNIT}|weeks?|months?)|{_GLUED})"
    hit = sentence.find(pattern)
    if hit is None:
        return
    match, first, end = hit
    weeks = {
        "week": 7 * 86400.0,
        "weeks": 7 * 86400.0,
        "month": 30 * 86400.0,
        "months": 30 * 86400.0,
    }
    if (unit := match["unit"]) in weeks:
        count = (
            1.0
            if match["n"] in {"a", "an"}
            else float((sentence.token(match["n"]).word or _ONE).number or 1)
        )
        seconds: float = count * weeks[unit]
    else:
        seconds = _seconds(sentence, match)
    edge = int((context.now.timestamp() - seconds) * 1000)
    said = sentence.said(first, end)
    frame.add(Test(Ref("field", "status"), "=", ("RUNNING",), said), first)
    frame.windows.append(Window(None, edge, said))
    sentence.take(first, end)


def _seconds(sentence: Sentence, match: re.Match[str]) -> float | int:
    if glued := match.groupdict().get("glued"):
        split = re.fullmatch(r"([\d.]+)([a-z]+)", glued)
        value = float(split[1]) * UNITS[split[2]] if split else 0.0
    else:
        word = match["n"]
        amount = {"a": 1.0, "an": 1.0, "half an": 0.5}.get(word)
        if amount is None:
            token = sentence.token(word)
            amount = float(token.word.number or 0) if token.word else 0.0
        value = amount * UNITS[match["unit"]]
    return int(value) if value == int(value) else value


def _signed(sign: str, negated: str | None) -> Op:
    if negated:
        return _FLIP[sign]
    return sign  # type: ignore[return-value]  # one of the operators by construction


def _group_bounds(sentence: Sentence, frame: Frame, context: Context) -> None:
    """ "models with an average recall over 0.75" bounds each model's mean."""
    from texttosql.compose import measure_name  # noqa: PLC0415 - names only

    aggregate = t.any_of(AGGREGATES)
    pattern = rf"(?:with |whose |having |that have |where )*(?:an? |the )?(?P<fn>{aggregate})(?: (?:of|the))* (?P<key>{t.METRIC}){t.LINK} (?P<cmp>{t.COMPARE})(?: than)? (?P<n>{t.NUM})"
    groups = (
        r"(?:models?|users?|who|experiments?|optimizers?|which PARAM#\d+|which TAG#\d+|by|per|each)"
    )
    hit = sentence.find(pattern)
    if hit is None or not sentence.has(groups):
        return
    match, first, end = hit
    ref = ref_of(sentence, match["key"], frame, context)
    fn = AGGREGATES[match["fn"]]
    value = number_of(sentence.token(match["n"]), ref, frame, context)
    name = measure_name(Measure(fn, ref))  # type: ignore[arg-type]  # its values are Fns
    sign = _signed(t.operator(match["cmp"]), None)
    frame.having.append(Test(Ref("field", name), sign, (value,), sentence.said(first, end)))
    frame.measures.append((fn, ref))  # type: ignore[arg-type]
    sentence.take(first, end)


def _key_then_bound(sentence: Sentence, frame: Frame, context: Context) -> None:
    pattern = (
        rf"(?P<neg>{t.NEGATION} )?(?P<key>{t.KEY}){t.LINK} (?P<neg2>not )?(?P<cmp>{t.COMPARE})"
        rf"(?: (?:than|of|a|an|the|about))* (?P<n>{t.NUM})(?: {t.UNIT}|%)?"
    )
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        ref = ref_of(sentence, match["key"], frame, context)
        value = number_of(sentence.token(match["n"]), ref, frame, context)
        sign = _signed(t.operator(match["cmp"]), match["neg"] or match["neg2"])
        sign = _worse(match["cmp"], ref, sign)
        _add(frame, sentence, ref, sign, (value,), (first, end))


def _worse(said: str, ref: Ref, sign: Op) -> Op:
    """ "better than 0.3" of a loss means below it, "worse than" above it."""
    quality = re.match(
        r"(better|worse|beat|beats|beating|outperform|surpass|topped|faster|slower)", said
    )
    if quality is None or best_is_high(ref) or ref.kind == "field":
        return sign
    return {">": "<", "<": ">", ">=": "<=", "<=": ">="}.get(sign, sign)  # type: ignore[return-value]


def _bound_key_number(sentence: Sentence, frame: Frame, context: Context) -> None:
    """ "deeper than max_depth 3"."""
    pattern = rf"(?P<cmp>{t.COMPARE}) (?P<key>{t.KEY})(?: (?:of|=|than|at))* (?P<n>{t.NUM})"
    if (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        ref = ref_of(sentence, match["key"], frame, context)
        value = number_of(sentence.token(match["n"]), ref, frame, context)
        sign = _worse(match["cmp"], ref, _signed(t.operator(match["cmp"]), None))
        if sign in {"<", ">", "<=", ">="}:
            _add(frame, sentence, ref, sign, (value,), (first, end))


def _bound_then_key(sentence: Sentence, frame: Frame, context: Context) -> None:
    pattern = rf"(?P<neg>{t.NEGATION} )?(?P<cmp>{t.COMPARE})(?: (?:than|of|a|an|the|about))* (?P<n>{t.NUM})(?: percent|%)?{t.GAP} (?P<key>{t.KEY})"
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        ref = ref_of(sentence, match["key"], frame, context)
        value = number_of(sentence.token(match["n"]), ref, frame, context)
        sign = _worse(match["cmp"], ref, _signed(t.operator(match["cmp"]), match["neg"]))
        _add(frame, sentence, ref, sign, (value,), (first, end))


def _at_least(sentence: Sentence, frame: Frame, context: Context) -> None:
    for pattern in (
        rf"(?P<key>{t.KEY}){t.LINK} (?P<n>{t.ATLEAST})",
        rf"(?P<n>{t.ATLEAST}){t.GAP} (?P<key>{t.KEY})",
    ):
        while (hit := sentence.find(pattern)) is not None:
            match, first, end = hit
            ref = ref_of(sentence, match["key"], frame, context)
            value = number_of(sentence.token(match["n"]), ref, frame, context)
            _add(frame, sentence, ref, ">=", (value,), (first, end))


def _after_number(sentence: Sentence, frame: Frame, context: Context) -> None:
    """ "0.9 recall or better", "recall 0.9 or higher"."""
    for pattern in (
        rf"(?P<key>{t.KEY}){t.LINK} (?P<n>{t.NUM}) (?P<post>{t.AFTERWARDS})",
        rf"(?P<n>{t.NUM}){t.GAP} (?P<key>{t.KEY}) (?P<post>{t.AFTERWARDS})",
        rf"(?P<n>{t.NUM}) (?P<post>{t.AFTERWARDS}){t.GAP} (?P<key>{t.KEY})",
    ):
        while (hit := sentence.find(pattern)) is not None:
            match, first, end = hit
            ref = ref_of(sentence, match["key"], frame, context)
            value = number_of(sentence.token(match["n"]), ref, frame, context)
            less = re.search(r"less|lower|below|fewer|under|worse", match["post"])
            _add(frame, sentence, ref, "<=" if less else ">=", (value,), (first, end))


_MEAN = r"(?:the |overall |its |their |our )*(?:average|avg|mean|median)"


def _anchors(sentence: Sentence, frame: Frame, context: Context) -> None:
    """ "above the average accuracy", "beat run X on f1", "better than the champion"."""
    rules = (
        (rf"(?P<key>{t.METRIC}){t.LINK} (?P<cmp>{t.COMPARE}) {_MEAN}(?: one| value)?", "mean"),
        (rf"(?P<cmp>{t.COMPARE}) {_MEAN}{t.GAP} (?P<key>{t.METRIC})", "mean"),
        (
            rf"(?P<cmp>{t.COMPARE})(?: (?:the|run))* (?P<run>{t.RUN}){t.GAP} (?P<key>{t.METRIC})",
            "run",
        ),
        (
            rf"(?P<key>{t.METRIC}){t.LINK} (?P<cmp>{t.COMPARE})(?: (?:the|run|that|of))* (?P<run>{t.RUN})",
            "run",
        ),
        (
            rf"(?P<cmp>{t.COMPARE})(?: (?:the|current|model|our))* (?P<alias>{t.ALIAS})(?: model)?{t.GAP} (?P<key>{t.METRIC})",
            "alias",
        ),
    )
    for pattern, kind in rules:
        while (hit := sentence.find(pattern)) is not None:
            match, first, end = hit
            ref = ref_of(sentence, match["key"], frame, context)
            named = match.groupdict().get("run") or match.groupdict().get("alias")
            name = sentence.token(named).name.text if named else ""
            sign = _worse(match["cmp"], ref, _signed(t.operator(match["cmp"]), None))
            anchor = Anchor(kind, name)  # type: ignore[arg-type]  # from the table above
            frame.add(Test(ref, sign, (), sentence.said(first, end), anchor), first)
            sentence.take(first, end)


def _group_sizes(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """ "experiments with more than 50 runs" bounds the groups, not the runs."""
    pattern = rf"(?:with |that have |having |who have |has |have )*(?P<cmp>{t.COMPARE})(?: than)? (?P<n>{t.NUM}) (?:{t.RUNS}|versions?)"
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        token = sentence.token(match["n"])
        value = int(token.word.number or 0) if token.word else 0
        said = sentence.said(first, end)
        noun = "versions" if "version" in said else "runs"
        sign = t.operator(match["cmp"])
        frame.having.append(Test(Ref("field", noun), sign, (value,), said))  # type: ignore[arg-type]
        sentence.take(first, end)


def _bound_alone(sentence: Sentence, frame: Frame, context: Context) -> None:
    """ "which runs beat 0.9?" after a metric was named elsewhere in the sentence."""
    pattern = rf"(?P<neg>{t.NEGATION} )?(?P<cmp>{t.COMPARE})(?: (?:than|of|a|the))* (?P<n>{t.NUM})"
    keys = [match.group() for match, _, _ in sentence.find_all(t.METRIC)]
    hit = sentence.find(pattern)
    earlier = _earlier_metric(context)
    if hit is None or len(set(keys)) > 1 or not (keys or earlier):
        return
    match, first, end = hit
    ref = ref_of(sentence, keys[0], frame, context) if keys else earlier or Ref("metric", "")
    if keys and match["cmp"] == "=":
        return
    value = number_of(sentence.token(match["n"]), ref, frame, context)
    sign = _worse(match["cmp"], ref, _signed(t.operator(match["cmp"]), match["neg"]))
    _add(frame, sentence, ref, sign, (value,), (first, end))


def _earlier_metric(context: Context) -> Ref | None:
    """What a bare bound in a follow-up is about: the metric of the question before."""
    plan = context.earlier
    if plan is None:
        return None
    tested = [test.ref for test in plan.tests if test.ref.kind == "metric" and test.ref.key]
    sort = (
        [plan.sort.by]
        if plan.sort and isinstance(plan.sort.by, Ref) and plan.sort.by.kind == "metric"
        else []
    )
    measured = [measure.ref for measure in plan.measures if measure.ref is not None]
    shown = [ref for ref in plan.show if ref.kind == "metric"]
    return next(iter([*tested, *sort, *measured, *shown]), None)
