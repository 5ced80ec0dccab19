"""The offline engine: deterministic, no key, no network, and it never invents a name.

A question is read into a frame, the frame into a plan, the plan composed into SQL. What words
stay unexplained makes it decline; what they could mean in several ways makes it ask.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from texttosql.catalog import Catalog
from texttosql.compose import compose, count_sql, left_out_sql, measure_name, name_of
from texttosql.flow import (
    ChartWish,
    Clarification,
    ColumnNote,
    Declined,
    Draft,
    Option,
    Probe,
    Question,
    Rehearse,
    Turn,
)
from texttosql.offline import followup, refusing
from texttosql.offline.directions import higher_is_better
from texttosql.offline.frame import Choice, Context, Frame
from texttosql.offline.lexicon import LOWER_IS_BETTER
from texttosql.offline.meaning import NeedsMetric, candidate_metrics, plan_of
from texttosql.offline.names import Name, NameIndex
from texttosql.offline.reading import read, sentence_of
from texttosql.offline.sentence import Sentence
from texttosql.offline.words import assumptions, metrics_of, suggestions, title
from texttosql.plan import Plan, Ref, Sort

ENGINE = "offline"
_OPTIONS = 4
_GENERIC = frozenset("error errors score scores performance quality loss losses accuracy".split())
_NEW_SPAN = r"\b(make (?:it|that)|just|only)\s+(\d+\s*(?:days?|weeks?|months?|hours?|d|w|h)\b)"


class OfflineInterpreter:
    """`ports.Interpreter` without a model. One instance serves many threads."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._index: NameIndex | None = None

    def interpret(
        self, question: Question, turns: Sequence[Turn], catalog: Catalog, rehearse: Rehearse
    ) -> Draft | Clarification | Declined:
        """A draft, a question back, or a reason why not. Raises nothing of its own."""
        del (
            rehearse
        )  # what the composer writes passes the guard by construction, and tests hold it to that
        refusal = refusing.before_reading(question.text, catalog)
        if refusal is not None:
            return refusal
        context = self._context(question, catalog)
        picked = _picked(question.text, turns)
        if picked is not None:
            return self._draft(picked, Frame(), catalog)
        retold = self._retold(question.text, turns, context)
        return retold or self._answer(question.text, turns, context)

    def _context(self, question: Question, catalog: Catalog) -> Context:
        index = self._index
        if index is None or index.catalog is not catalog:
            index = self._index = NameIndex(catalog)
        now = question.asked_at.astimezone(self._zone)
        return Context(catalog, index, now, question.asked_by)

    def _retold(self, text: str, turns: Sequence[Turn], context: Context) -> Draft | None:
        """A metric named in reply to "best by which metric?" completes the question before."""
        if not turns or turns[-1].outcome != "clarify":
            return None
        bare = re.sub(
            r"^\W*(?:by|on|use|using|in terms of|the|i meant?)\s+",
            "",
            text.strip(),
            flags=re.IGNORECASE,
        )
        sentence = sentence_of(bare, context)
        if [
            token.kind
            for token in sentence.tokens
            if token.text not in {"?", "!", ".", "pls", "please"}
        ] != ["metric"]:
            return None
        asked = f"{turns[-1].question.rstrip(' ?.!')} by {bare}"
        found = self._answer(asked, turns[:-1], context)
        return found if isinstance(found, Draft) else None

    def _answer(
        self, text: str, turns: Sequence[Turn], context: Context
    ) -> Draft | Clarification | Declined:
        earlier = _earlier(turns)
        if earlier is not None:
            context = replace(context, earlier=earlier, scope=scope_of(earlier))
            text = re.sub(_NEW_SPAN, r"\1 the last \2", text, flags=re.IGNORECASE)
        sentence = sentence_of(text, context)
        refusal = refusing.change_asked(sentence, context.catalog, in_thread=earlier is not None)
        if refusal is not None:
            return refusal
        frame = read(sentence, context)
        if earlier is not None:
            followup.settle_unknown(frame, earlier, context)
        if frame.take == "latest" and not frame.unknown:
            nameless = self._which_run(text, frame, earlier, context)
            if nameless is not None:
                return nameless
        if frame.unknown:
            generic = self._generic(text, turns, frame, context)
            return generic or refusing.not_understood(frame, context.index, text)
        try:
            plan = self._plan(text, sentence, frame, earlier, context)
        except NeedsMetric:
            return self._which_metric(text, turns, frame, context)
        if plan is None:
            return refusing.vague(text, context.catalog)
        asked = self._ambiguous(text, frame, earlier, context, plan)
        return asked or self._draft(plan, frame, context.catalog)

    def _plan(
        self, text: str, sentence: Sentence, frame: Frame, earlier: Plan | None, context: Context
    ) -> Plan | None:
        if not says_something(frame, text):
            return None
        if earlier is not None and followup.is_followup(text, frame, sentence):
            return followup.patch(earlier, frame, text, context)
        return plan_of(frame, context)

    def _ambiguous(
        self, text: str, frame: Frame, earlier: Plan | None, context: Context, plan: Plan
    ) -> Clarification | None:
        """The question back, when other readings of a name give other SQL."""
        for choice in frame.choices:
            options = self._options(text, choice, earlier, context)
            if len({option.plan for option in options}) > 1:
                return Clarification(
                    f"“{choice.said}” can mean several things here. Which one?", options, ENGINE
                )
        del plan
        return None

    def _options(
        self, text: str, choice: Choice, earlier: Plan | None, context: Context
    ) -> tuple[Option, ...]:
        found: list[Option] = []
        for name in choice.names[:_OPTIONS]:
            chosen = replace(context, chosen={**context.chosen, **_keys(choice, name)})
            sentence = sentence_of(text, chosen)
            frame = read(sentence, chosen)
            try:
                plan = self._plan(text, sentence, frame, earlier, chosen)
            except NeedsMetric:
                plan = None
            label = _label(name, choice.names)
            asked = re.sub(re.escape(choice.said), label, text, count=1, flags=re.IGNORECASE)
            found.append(Option(label, asked, plan))
        return tuple(found)

    def _which_run(
        self, text: str, frame: Frame, earlier: Plan | None, context: Context
    ) -> Clarification | None:
        """ "params of seed0" where twelve runs are called so: which one is meant?"""
        if (
            not (frame.keys or frame.detail or frame.history)
            or frame.registry
            or earlier is not None
        ):
            return None
        named = [t for t in frame.tests if t.ref.key == "run" and t.op in {"=", "in"}]
        if (
            len(named) != 1
            or len(named[0].values) != 1
            or len(frame.tests) > 1
            or frame.windows
            or frame.order
        ):
            return None
        name = str(named[0].values[0])
        count = context.catalog.run_names.get(name, 0)
        if count < 2:
            return None
        whole = plan_of(frame, context)
        newest = replace(whole, sort=Sort(Ref("field", "started"), descending=True), limit=1)
        options = (
            Option(f"the latest {name}", f"{text.rstrip(' ?')} of the latest {name}", newest),
            Option(f"all {count} of them", f"{text.rstrip(' ?')}, all of them", whole),
        )
        return Clarification(f"{count} runs are called {name}. Which one?", options, ENGINE)

    def _generic(
        self, text: str, turns: Sequence[Turn], frame: Frame, context: Context
    ) -> Clarification | None:
        """ "top 10 by error" names a kind of metric: ask which one of that kind."""
        words = [said.lower() for said in frame.unknown]
        if len(words) != 1 or words[0] not in _GENERIC:
            return None
        low = words[0] in LOWER_IS_BETTER
        keys = [k for k in candidate_metrics(frame, context) if higher_is_better(k) is not None]
        fitting = [key for key in keys if (higher_is_better(key) is False) == low] or keys
        options: list[Option] = []
        for key in fitting[:_OPTIONS]:
            asked = re.sub(rf"\b{re.escape(words[0])}\b", key, text, count=1, flags=re.IGNORECASE)
            sentence = sentence_of(asked, context)
            retold = read(sentence, context)
            try:
                plan = self._plan(asked, sentence, retold, _earlier(turns), context)
            except NeedsMetric:
                plan = None
            options.append(Option(key, asked, plan))
        if not options:
            return None
        return Clarification(f"Which {words[0]} do you mean?", tuple(options), ENGINE)

    def _which_metric(
        self, text: str, turns: Sequence[Turn], frame: Frame, context: Context
    ) -> Clarification | Declined:
        keys = candidate_metrics(frame, context)
        telling = [key for key in keys if higher_is_better(key) is not None] or keys
        if not telling:
            return refusing.declined("No metric is logged there.", context.catalog)
        options: list[Option] = []
        for key in telling[:_OPTIONS]:
            asked = f"{text.rstrip(' ?.!')} by {key}"
            sentence = sentence_of(asked, context)
            retold = read(sentence, context)
            try:
                plan = self._plan(asked, sentence, retold, _earlier(turns), context)
            except NeedsMetric:
                plan = None
            options.append(Option(key, asked, plan))
        return Clarification("Best by which metric?", tuple(options), ENGINE)

    def _draft(self, plan: Plan, frame: Frame, catalog: Catalog) -> Draft:
        composed = compose(plan, catalog, self._zone)
        kinds: dict[str | None, ChartWish] = {None: ChartWish(), "auto": ChartWish()}
        wish = kinds.get(plan.chart) or ChartWish(plan.chart)  # type: ignore[arg-type]  # a kind
        return Draft(
            sql=composed.sql,
            title=title(plan),
            engine=ENGINE,
            assumptions=(*assumptions(plan), *dict.fromkeys(frame.notes)),
            chart=wish,
            columns={**_ways(plan), **composed.columns},
            probes=self._probes(plan, catalog),
            suggestions=suggestions(plan, _usual_params(plan, catalog)),
            plan=plan,
        )

    def _probes(self, plan: Plan, catalog: Catalog) -> tuple[Probe, ...]:
        found: list[Probe] = []
        if plan.subject == "runs" and plan.act in {"list", "summary"}:
            for ref in [r for r in metrics_of(plan)[:1] if r.take == "latest"]:
                for kind, said in (("nan", "NaN"), ("inf", "infinite")):
                    if kind == "inf" and plan.act != "summary":
                        continue
                    sql = left_out_sql(plan, ref, kind, catalog, self._zone)
                    found.append(Probe(sql, f"{{n}} {said} left out"))
        if plan.subject in {"runs", "versions"}:
            found += self._why_empty(plan, catalog)
        return tuple(found)

    def _why_empty(self, plan: Plan, catalog: Catalog) -> list[Probe]:
        noun = plan.subject
        found: list[Probe] = []
        for index, test in enumerate(plan.tests[:4]):
            others = replace(plan, tests=(*plan.tests[:index], *plan.tests[index + 1 :]))
            sql = count_sql(others, catalog, self._zone)
            found.append(Probe(sql, f"without “{test.words}” there are {{n}} {noun}", "why_empty"))
        if plan.window is not None:
            sql = count_sql(replace(plan, window=None), catalog, self._zone)
            text = f"without “{plan.window.words}” there are {{n}} {noun}"
            found.append(Probe(sql, text, "why_empty"))
        return found


def scope_of(plan: Plan) -> frozenset[int]:
    """The experiments a plan is about, by id."""
    return frozenset(
        int(value)
        for test in plan.tests
        if test.ref.key == "experiment_id" and test.op in {"=", "in"}
        for value in test.values
    )


def says_something(frame: Frame, text: str) -> bool:
    """Whether any slot was filled by more than small talk."""
    if (
        frame.order is not None
        and re.search(r"\byou(?:'re| are|r|)\b", text.lower())
        and not (frame.nouns or frame.metrics or frame.tests or frame.order_ref or frame.limit)
    ):
        return False
    return bool(
        frame.tests or frame.windows or frame.metrics or frame.shown or frame.groups or frame.which
        or frame.measures or frame.order or frame.count or frame.percent or frame.keys
        or frame.history or frame.having or frame.chart or frame.limit or frame.sort_ref
        or frame.deleted != "no" or frame.descending is not None or frame.trend or frame.compare
        or frame.before or frame.none_of or frame.detail or re.search(r"\b(?:list|show|display|name) (?:them|those|these|it|all)\b", text.lower())
        or re.fullmatch(r"\W*(?:(?:and|for|now|ok) )*(?:all time|everyone|everybody|all users|all experiments|everywhere|how often each|for each|each)\W*", text.lower())
        or frame.nouns & {"run", "experiment", "user", "model", "version", "dataset"}
    )  # fmt: skip


def _earlier(turns: Sequence[Turn]) -> Plan | None:
    """The last plan of the thread that was answered."""
    for turn in reversed(turns):
        if turn.draft is not None and turn.draft.plan is not None and turn.outcome == "rows":
            return turn.draft.plan
    return None


def _picked(text: str, turns: Sequence[Turn]) -> Plan | None:
    """The option that a reply to a question back chooses: by number, or by its name."""
    if not turns or turns[-1].outcome != "clarify" or not turns[-1].options:
        return None
    options = turns[-1].options
    said = re.sub(r"[^\w\s./@-]", " ", text.lower()).strip()
    ordinals = {
        "first": 0,
        "1st": 0,
        "second": 1,
        "2nd": 1,
        "third": 2,
        "3rd": 2,
        "last": len(options) - 1,
    }
    number = re.fullmatch(r"(?:option |number |no |#)?(\d)", said)
    if number and 1 <= int(number[1]) <= len(options):
        return options[int(number[1]) - 1].plan
    word = re.fullmatch(r"(?:the )?(\w+)(?: one| option)?", said)
    if word and word[1] in ordinals:
        return options[ordinals[word[1]]].plan
    bare = re.sub(r"^(?:the|i mean|i meant|use|by|take|in|for) ", "", said)
    for option in options:
        if bare in {option.label.lower(), option.question.lower()}:
            return option.plan
    named = [option for option in options if option.label.lower() in said]
    return named[0].plan if len(named) == 1 else None


def _keys(choice: Choice, name: Name) -> dict[str, Name]:
    said = choice.said.lower()
    kinds = {"value", "tagvalue"}
    return {f"value:{said}" if name.kind in kinds else f"{name.kind}:{said}": name}


def _label(name: Name, names: Sequence[Name]) -> str:
    if name.kind in {"value", "tagvalue"}:
        return f"{name.key} {name.text}"
    several = len({other.kind for other in names}) > 1
    return f"{name.kind} {name.text}" if several else name.text


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
            measure_name(measure, plan.subject): ColumnNote("real", higher_is_better(measure.ref.key))
            for measure in plan.measures
            if measure.ref is not None and measure.ref.kind == "metric" and measure.fn not in {"count", "std"}
        }
    shown: list[Ref] = metrics_of(plan) if plan.act in {"list", "history"} else []
    return {name_of(ref): ColumnNote("real", higher_is_better(ref.key)) for ref in shown}
