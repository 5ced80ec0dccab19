"""What is wanted of the runs: how many, the best, the mean, by what, drawn how."""

from __future__ import annotations

import re
from dataclasses import replace

from texttosql.offline import lexicon
from texttosql.offline import tokens as t
from texttosql.offline.comparing import ref_of
from texttosql.offline.filtering import either, model_keys
from texttosql.offline.frame import Context, Frame, Order
from texttosql.offline.sentence import Sentence
from texttosql.plan import Fn, Ref

_SUPER = t.any_of(lexicon.SUPERLATIVES)
_AGG = t.any_of(lexicon.AGGREGATES)
_BUCKET = t.any_of(lexicon.BUCKETS)
_OF = r"(?: (?:of|the|for|in|all|on|its|their|a|an|our|,|value|values|final|latest|overall))*"
_BY = (
    r"(?:(?:grouped|group|split|broken down|break down|break it down|broken|breakdown|break that down|segmented|bucketed|aggregated|aggregate|organized|split up|split it|split that|summarized|summarised|averaged)(?: (?:it|them|that|this|up|down))* (?:by|per|across|on|into)|"
    r"by|per|for each|for every|each|every|across(?: (?:the|all|different))*|in each|of each|from each|over each|within each|between(?: different)?|for (?:all|different|various|the different)|by each|depending on|as a function of|vs|versus|against|broken down)"
)
_FIELDS: dict[str, str] = {
    **dict.fromkeys(("user", "users", "person", "people", "persons", "folks", "authors", "teammates", "researchers", "members", "contributors", "author", "owner", "teammate", "researcher", "engineer", "member", "contributor"), "user"),
    **dict.fromkeys(lexicon.EXPERIMENT_NOUNS, "experiment"),
    **dict.fromkeys(("run name", "run_name", "name", "run names"), "run"),
    **dict.fromkeys(("status", "state", "statuses", "outcome"), "status"),
    **dict.fromkeys(("dataset", "datasets"), "dataset"),
    **dict.fromkeys(("parent", "sweep", "sweeps", "parents"), "parent"),
    **dict.fromkeys(("source", "script", "entrypoint", "notebook"), "source"),
    **dict.fromkeys(("commit", "commits"), "commit"),
    **dict.fromkeys(("duration", "durations", "runtime", "runtimes", "how_long"), "duration"),
}  # fmt: skip
_FIELD = t.any_of(_FIELDS)


def read(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Every wish, in the order in which words can no longer be mistaken."""
    for rule in (
        _chart, _history, _percent, _sorting, _popular, _counts, _which, _limits, _lengths, _grouping, _aggregates,
        _superlatives, _trend, _keys, _nouns, _comparison, _leftover,
    ):  # fmt: skip
        rule(sentence, frame, context)


def _chart(sentence: Sentence, frame: Frame, _context: Context) -> None:
    sentence.eat(r"name (?=(?:all|the|every|some|me|us))".replace(" (?=", "(?= ")) if sentence.lower(0) == "name" else None
    kinds = t.any_of(lexicon.CHARTS)
    nouns = t.any_of(lexicon.CHART_NOUNS)
    lead = (
        r"(?:(?:as|with|in|into|on|using|make|it|show|display|draw|give|me|that|this|a|an|the) )*"
    )
    match = sentence.eat(rf"{lead}(?P<kind>{kinds})(?: {nouns})") or sentence.eat(
        rf"(?:as|into) (?:a |an )?(?P<kind>{kinds}|scatter|bars?|line)"
    )
    if match is None and (
        hit := sentence.find(r"(?:histogram|scatterplot|barchart|scatter plot|distribution)")
    ):
        match = hit[0]
        frame.chart = lexicon.CHARTS[match.group().split()[0]]
        sentence.take(hit[1], hit[2])
        return
    if match is not None:
        frame.chart = lexicon.CHARTS[match["kind"]]
        sentence.eat(r"(?:draw|plot|graph|visuali[sz]e|render)(?: (?:it|this|that|them))?")
    elif sentence.eat(rf"(?:as|in|with|on) (?:a |an )?{nouns}") or sentence.eat(
        rf"{nouns}(?: (?:of|it|this|that|me|for))*"
    ):
        frame.chart = "auto"


def _history(sentence: Sentence, frame: Frame, context: Context) -> None:
    if sentence.has(
        r"(?:vary|varies|depend|depends|affect|affects|impact|impacts|influence|influences|relate|relates|effect|correlate|correlates|correlation|relationship|scale|scales|differ|differs)"
    ):
        return
    curve = r"(?:curves?|history|histories|trajectory|progression|learning_curve)"
    for pattern in (
        rf"(?:(?:full|the|training|learning|whole) )*(?P<key>{t.METRIC}(?: (?:and|,)+ {t.METRIC})*)(?: (?:learning|training))? {curve}",
        rf"(?:(?:full|the|training|learning|whole) )*{curve}(?: (?:of|for))*(?: the)? (?P<key>{t.METRIC}(?: (?:and|,)+ {t.METRIC})*)",
    ):
        if (hit := sentence.find(pattern)) is not None:
            match, first, end = hit
            frame.history = True
            frame.curve += [
                ref_of(sentence, key, frame, context) for key in re.findall(t.METRIC, match["key"])
            ]
            sentence.take(first, end)
    where = sentence.find(r"(?:the )?(?P<step>step|epoch|iteration) (?:where|when|at which|in which|on which)")
    if where is not None and sentence.has(t.METRIC):
        frame.history = frame.peak = True
        sentence.take(where[1], where[2])
        return
    asks = rf"(?:at )?(?:which|what|whats the|what is the)(?: (?:the|training|best))* (?P<step>steps?|epochs?|iterations?|PARAM#\d+|METRIC#\d+)(?: number)?(?= |$)"
    if (
        (hit := sentence.find(asks)) is not None
        and sentence.has(t.METRIC)
        and (sentence.has(t.RUN) or frame.tests)
    ):
        said = hit[0]["step"]
        if "#" not in said or re.search(
            r"\b(?:steps?|epochs?|iterations?)\b", sentence.token(said).said.lower()
        ):
            frame.history = frame.peak = True
            sentence.take(hit[1], hit[2])
            return
    if (
        hit := sentence.find(
            rf"(?P<n>how many|number of|count of)(?: (?:the|{t.METRIC}))* (?:points|steps|values|entries|data points|logged values|measurements|epochs)"
        )
    ) is not None:
        frame.history = frame.count = True
        for key in re.findall(t.METRIC, hit[0].group()):
            frame.curve.append(ref_of(sentence, key, frame, context))
        sentence.take(hit[1], hit[2])
    at_step = rf"(?:at|after|on|in) (?:step|epoch|iteration|PARAM#\d+|METRIC#\d+)(?: (?:number|no))? (?P<n>{t.NUM})"
    if (hit := sentence.find(at_step)) is not None and re.search(
        r"step|epoch|iter", sentence.said(hit[1], hit[2]).lower()
    ):
        token = sentence.token(hit[0]["n"])
        frame.step = int(token.word.number or 0) if token.word else None
        frame.history = True
        sentence.take(hit[1], hit[2])
    each = r"(?:step|epoch|fold) (?:by|to|for|after) (?:step|epoch|fold)"
    if sentence.eat(each):
        frame.history = True
    steps = r"(?:steps?|epochs?|iterations?|folds?|PARAM#\d+|METRIC#\d+)"
    for pattern in (
        r"(?:learning|training|loss|full|metric|validation|whole|entire)? ?(?:curves?|history|histories|trajectory|progression|learning_curve)(?: (?:of|for))?",
        r"(?:over|by|per|across|each|every|at each|at every|for each|with|through|throughout|along)(?: (?:the|all|training|every|each))* (?P<steps>"
        + steps
        + ")",
        r"(?:over|during|throughout|through|as) (?:the )?(?:course of )?(?:training|it trained|time it trained)(?: progressed)?",
        r"(?:step|epoch) (?:by|to|for|after) (?:step|epoch)|epoch by epoch|stepwise|per-step|per-epoch|over steps|all (?:the )?(?:steps|points|logged values)",
        r"(?:how (?:did|does|do|has|have)|did) (?=(?:the )?(?:METRIC).* (?:evolve|develop|progress|converge|evolved|move|change|go)\b.*RUN)",
    ):
        for match, first, end in list(sentence.find_all(pattern)):
            steps_said = match.groupdict().get("steps")
            if steps_said and "#" in steps_said:
                said = sentence.token(steps_said).said.lower()
                if not re.search(r"\b(?:steps?|epochs?|iterations?|folds?)\b", said):
                    continue
            frame.history = True
            sentence.take(first, end)
    if frame.history:
        sentence.eat(r"(?:evolve|evolved|develop|progress|progressed|converge|change|move)")


def _percent(sentence: Sentence, frame: Frame, _context: Context) -> None:
    sentence.eat(
        r"(?:,|in|as)? ?(?:in|as) (?:a |the )?(?:percent|percentage|percents|percentages|%)"
    )
    rate = sentence.eat(
        r"(?:the |our |overall )*(?P<what>failure|fail|failed|crash|error|success|completion|finish|pass|kill|crashed|failing|succeeded)[ -]?(?:rates?|ratio|percentage|percent|share)(?: of)?"
    )
    if rate is not None:
        good = rate["what"] in {"success", "completion", "finish", "pass", "succeeded"}
        status = "FINISHED" if good else "KILLED" if rate["what"] == "kill" else "FAILED"
        frame.percent = True
        from texttosql.plan import Test  # noqa: PLC0415

        frame.share_of.append(Test(Ref("field", "status"), "=", (status,), rate.group()))
        return
    failing = next((test for test in frame.tests if test.ref.key == "status"), None)
    if failing is not None and sentence.eat(r"(?:the |overall )*rates?(?: of)?(?= ·)"):
        frame.percent = True
        frame.share_of.append(failing)
        return
    hit = sentence.find(
        r"(?:what |which |the |as |in |show |give |me |a )*(?:percentage|percent|%|fraction|share|proportion|pct|ratio|percentages|perc|portion|how much)(?: of)?(?: (?:the|all|our))*"
    )
    if hit is not None and "how much" not in hit[0].group():
        frame.percent = True
        sentence.take(hit[1], hit[2])
        frame.noun_at = hit[2]


def _popular(sentence: Sentence, frame: Frame, context: Context) -> None:
    """ "the most used optimizer", "most common batch size", "who runs the most"."""
    pattern = r"(?:the )?(?P<way>most|least) (?:used|common|commonly used|popular|frequent|frequently used|frequently|often|tried|frequently tried|commonly|active|busy|productive|prolific|often used)"
    if (match := sentence.eat(pattern)) is not None:
        frame.order = "many" if match["way"] == "most" else "few"
        if re.search(r"active|busy|productive|prolific", match.group()) and not sentence.has(
            rf"{t.KEY}|{_FIELD}|models?"
        ):
            frame.which = frame.which or Ref("field", "user")
        return
    noun = rf"(?P<status>{t.any_of(lexicon.STATUSES)} )?(?P<noun>{t.RUNS}|{t.EXPERIMENTS}|failures?|crashes|models|versions|data|metrics)"
    match = sentence.eat(
        rf"(?:the )?(?P<way>most|fewest|least|highest number of|largest number of|lowest number of|greatest number of|max number of|biggest number of)(?: (?:of|number of))?(?= (?:· )*{noun})"
    ) or sentence.eat(
        rf"(?:the |at )?(?P<way>most|least)(?: often| of all| frequently)?(?= (?:\?|\.|PERIOD#\d+|in|on|for|since|EXP#\d+|this|that|$)|$)"
    )
    if match is not None:
        frame.order = "few" if re.match(r"fewest|least|lowest", match["way"]) else "many"


def _counts(sentence: Sentence, frame: Frame, _context: Context) -> None:
    match = sentence.eat(
        r"(?:how many|number of|the number of|total number of|count of|count up|count|counts|counting|how often|# of|num of|nr of|total count of|how much|no of|num|total of|amount of|tally(?: up)?|(?:what is )?the total number of)(?: (?:the|of|total|all))*(?P<distinct> (?:different|distinct|unique|separate))?"
    )
    if match is not None:
        frame.count = True
        frame.distinct = bool(match["distinct"])
        frame.counted = sentence.lower(_after(sentence, match.group()))
        if re.match(r"METRIC#|PARAM#", frame.counted) and _one_run(sentence, frame):
            frame.count = False  # "how many epochs did the best run take" asks for the value


def _one_run(sentence: Sentence, frame: Frame) -> bool:
    named = any(test.ref.key in {"run", "run_id"} for test in frame.tests)
    return named or sentence.has(r"best|worst|fastest|slowest|longest|shortest|latest|last|highest|lowest|top|winning|most recent")


def _after(sentence: Sentence, said: str) -> int:
    """The first token behind the taken words that matched."""
    del said
    at = next(
        (i for i, taken in enumerate(sentence.taken) if not taken and i > _last_count(sentence)), -1
    )
    return at


def _last_count(sentence: Sentence) -> int:
    places = [
        i
        for i, token in enumerate(sentence.tokens)
        if sentence.taken[i] and token.text in _COUNT_WORDS
    ]
    return places[-1] if places else -1


_COUNT_WORDS = frozenset(
    "many number count counts counting often much total no num amount tally distinct different unique".split()
)


def _dimension(sentence: Sentence, said: str, frame: Frame, context: Context) -> Ref | None:
    """What a grouping word stands for, or None when it groups nothing."""
    if "#" in said and re.fullmatch(_MODELISH, sentence.token(said).said.lower()):
        return model_dimension(context, frame) or ref_of(sentence, said, frame, context)
    if said.startswith(("PARAM#", "TAG#")):
        return ref_of(sentence, said, frame, context)
    if said in _FIELDS:
        return Ref("field", _FIELDS[said])
    if said in lexicon.BUCKETS:
        return Ref("bucket", lexicon.BUCKETS[said])
    if said in {"run", "runs", "trial", "trials", "job", "jobs"}:
        return Ref("field", "run")
    if re.fullmatch(_MODELISH, said):
        return model_dimension(context, frame)
    return None


_MODELISH = r"(?:models?|architectures?|algorithms?|algos?|backbones?|classifiers?|model type|model family|estimators?|family|type)"


def model_dimension(context: Context, frame: Frame) -> Ref | None:
    """What "by model" groups by here, or None when runs do not say."""
    refs = model_keys(context, frame)
    return either(refs) if refs else None


_DIM = rf"(?:{t.PARAM}|{t.TAG}|{_FIELD}|{_BUCKET}|{t.RUNS}|models?|architectures?|algorithms?|backbones?|classifiers?|model type|model family)"


def _which(sentence: Sentence, frame: Frame, context: Context) -> None:
    """ "which optimizer", "what learning rate", "who"."""
    units = sentence.eat(
        r"(?:in|as) (?P<unit>minutes|mins|hours|hrs|seconds|secs)"
    ) or sentence.eat(
        r"(?:compute|gpu|training|total|run|wall|machine|cpu)? ?(?P<unit>hours|minutes|hrs|mins)(?: of (?:compute|training|gpu)(?: time)?)?"
    )
    if units is not None and re.search(r"compute|gpu|training|total|machine|cpu", units.group()):
        unit = "duration_h" if units["unit"].startswith("h") else "duration_min"
        frame.measures.append(("sum", Ref("field", unit)))
    elif units is not None:
        frame.shown.append(
            Ref(
                "field",
                "duration_h"
                if units["unit"].startswith("h")
                else "duration_min"
                if units["unit"].startswith("m")
                else "duration",
            )
        )
    several = any(test.op == "in" and len(test.values) > 1 for test in frame.tests)
    if (
        several
        and sentence.has(r"who|which|what")
        and sentence.has(r"better|worse|lower|higher|faster|slower|wins?|won|best")
    ):
        frame.compare = True
        sentence.eat(r"who|which one|which")
    if (also := sentence.find(r"(?:and|,) who(?= |$)")) is not None and also[1] > 0:
        frame.shown.append(Ref("field", "user"))
        sentence.take(also[1], also[2])
    sentence.eat(rf"whose(?! (?:{t.RUNS}|is|are))")
    if sentence.has(r"who|whose") and (hit := sentence.find(r"who|whose")):
        frame.which = frame.which or Ref("field", "user")
        frame.nouns.add("user")
        sentence.take(hit[1], hit[2])
    pattern = rf"(?:which|what|whats|what is the|what are the|what was the)(?: (?:of|the|our|are|is|were|was|different|kind of|type of|kinds of|types of|sort of|specific|exact|value of|values of|values for))* (?P<dim>{_DIM})(?: (?:is|are|value|values))?"
    hit = sentence.find(pattern) or sentence.find(
        rf"(?<!\S)(?P<dim>{t.PARAM}|{t.TAG}|users?|models?|algorithms?|architectures?) (?:with|that has|having|that gives|giving|that gave|that got)(?: the)?(?= (?:{_SUPER}|{_AGG}))"
    )
    if hit is None:
        return
    match, first, end = hit
    said = match["dim"]
    if re.fullmatch(t.RUNS, said) or (said in lexicon.MODEL_NOUNS and frame.registry):
        return
    if said in {"models", "model"} and frame.order in {"many", "few"}:
        frame.nouns.add("model")
    ref = _dimension(
        sentence,
        said.removesuffix("s") if said not in _FIELDS and "#" not in said else said,
        frame,
        context,
    )
    if ref is None:
        return
    if ref == Ref("field", "experiment"):
        frame.nouns.add("experiment")
    if ref == Ref("field", "user"):
        frame.nouns.add("user")
    frame.which = frame.which or ref
    if (
        re.search(r"s$", said) or sentence.token(said).said.lower().endswith("s")
        if "#" in said
        else said.endswith("s") and said not in {"loss", "status"}
    ):
        frame.plural = True
        frame.top = "many"
    sentence.take(first, end)


def _sorting(sentence: Sentence, frame: Frame, context: Context) -> None:
    way = r"(?P<way>descending|desc|ascending|asc|highest first|lowest first|high to low|low to high|newest first|oldest first|best first|worst first|in reverse|latest first|most recent first|longest first|shortest first|largest first|smallest first)"
    by = rf"(?P<by>{t.KEY}|duration|runtime|date|time|start time|start date|start|started|end time|created|recency|age|name|when they (?:ran|started)|user|experiment|length|count|number of runs|runs|status|how long they took)"
    bare = sentence.find(rf"(?:rank|leaderboard of|leaderboard)(?: (?:the|all|our))* (?:{t.PARAM}|{t.TAG}|users?|models?|experiments?)")
    if bare is not None and not sentence.has(t.METRIC) and not sentence.has(r"by"):
        sentence.take(bare[1], bare[1] + 1)
        frame.order = "best"
        return
    match = sentence.find(
        rf"(?:and )?(?:sort|sorted|order|ordered|rank|ranked|ranking|arranged?|resort|re-sort|reorder)(?: (?:it|them|these|those|that|this|the|results?|runs?|all|list))*(?: by| on| in order of)?(?: (?:the|their))* {by}(?:(?: in)? {way})?(?: order)?"
    )
    if match is None:
        hit = sentence.find(way)
        if hit is not None:
            sentence.take(hit[1], hit[2])
            frame.descending = _descending(hit[0]["way"])
            if re.search(r"newest|oldest|latest|recent", hit[0]["way"]):
                frame.sort_ref = Ref("field", "started")
        return
    found, first, end = match
    frame.sort_ref = _sort_target(sentence, found["by"], frame, context)
    if found["way"]:
        frame.descending = _descending(found["way"])
    sentence.take(first, end)


def _descending(way: str) -> bool:
    return bool(
        re.match(r"desc|highest|high to|newest|best|latest|most|longest|largest|in reverse", way)
    )


def _sort_target(sentence: Sentence, said: str, frame: Frame, context: Context) -> Ref:
    if "#" in said:
        return ref_of(sentence, said, frame, context)
    if said in {"duration", "runtime", "length", "how long they took"}:
        return Ref("field", "duration")
    if said in {"name"}:
        return Ref("field", "run")
    if said in {"user", "experiment", "status"}:
        return Ref("field", said)
    if said in {"count", "number of runs", "runs"}:
        return Ref("field", "runs")
    return Ref("field", "ended" if said == "end time" else "started")


def _limits(sentence: Sentence, frame: Frame, context: Context) -> None:
    """ "top 5", "5 best", "last 10 runs", "second best"."""
    nth = (
        sentence.eat(
            r"(?P<nth>second|third|fourth|2nd|3rd|4th|runner[- ]?up|fifth|5th)(?:[- ](?P<way>best|worst|highest|lowest|fastest|longest|latest|most recent|slowest|newest|last))?(?! (?:of|november|october))"
        )
        if sentence.has(
            r"(?:second|third|fourth|2nd|3rd|4th|fifth|5th)[- ]?(?:best|worst|highest|lowest|fastest|longest|latest|most|slowest|newest|last)|runner[- ]?up"
        )
        else None
    )
    if nth is not None:
        ranks = {
            "second": 1,
            "2nd": 1,
            "third": 2,
            "3rd": 2,
            "fourth": 3,
            "4th": 3,
            "fifth": 4,
            "5th": 4,
        }
        frame.offset, frame.limit = ranks.get(nth["nth"], 1), 1
        frame.order = _order(
            (nth["way"] or "best").split()[0] if nth["way"] != "most recent" else "latest"
        )
        return
    several = sentence.find(
        rf"(?:(?:the|which|what|show|give|gimme|list|me|any|need|want|find) )*(?P<n>{t.NUM})(?: (?:·|{t.USER}|{t.VALUE}|{t.EXP}|{t.METRIC}|different|finished))* (?:{t.RUNS}|models?|experiments?|users?|versions?|configs?)(?= .*(?:{_SUPER}|most recent))"
    )
    if several is not None:
        match, first, end = several
        token = sentence.token(match["n"])
        at = sentence.tokens.index(token)
        frame.limit = int(token.word.number or 0) if token.word else None
        frame.top = "many"
        sentence.take(at, at + 1)
        return
    rows = sentence.find(rf"(?<!top )(?<!best )(?<!last )(?<!first )(?<!worst )(?<!bottom )(?<!latest )(?<!recent )(?P<n>{t.NUM}) (?:rows?|results?|entries|runs?|lines?|items?|records?|of them|max)(?= |$)")
    if rows is not None and frame.limit is None and sentence.has(rf"{_SUPER}"):
        token = sentence.token(rows[0]["n"])
        frame.limit = int(token.word.number or 0) if token.word else None
        frame.top = "many"
        sentence.take(rows[1], rows[1] + 1)
        return
    pattern = rf"(?:the |our |my )*(?:(?P<way>most recently started|most recent|{_SUPER})(?: (?:of the|performing|scoring|few))? (?P<n>{t.NUM})|(?P<n2>{t.NUM})(?: (?:of the|absolute))* (?P<way2>most recent|{_SUPER}))(?: performing| scoring| performers?)?"
    hit = sentence.find(pattern)
    if hit is not None:
        match, first, end = hit
        token = sentence.token(match["n"] or match["n2"])
        number = int(token.word.number or 0) if token.word else 0
        way = match["way"] or match["way2"]
        if number and not (way in {"max", "min"}):
            frame.limit = number
            frame.order = frame.order or _order("latest" if way.startswith("most recent") else way)
            sentence.take(first, end)
            _length_after(sentence, frame, way, end)
        return
    hit = sentence.find(
        rf"(?:only |just |limit(?:ed)? (?:it |that |this )?(?:to )?|limit |show |give |list |me |first )+(?P<n>{t.NUM})(?= (?:runs?|of|results?|rows?|examples?|trials?|ones?|instead|please|models?|experiments?|\?|$)|$)"
    )
    if hit is not None:
        match, first, end = hit
        token = sentence.token(match["n"])
        frame.limit = int(token.word.number or 0) if token.word else None
        sentence.take(first, end)


def _length_after(sentence: Sentence, frame: Frame, way: str, end: int) -> None:
    if (way in {"longest", "shortest"} or way in _SPEEDS) and not sentence.has(t.METRIC):
        frame.order_ref = Ref("field", "duration")
    frame.plural = frame.plural or frame.limit != 1
    other = sentence.find(_FIRM)
    if other is not None and way in {"top", "first", "bottom", "best"}:
        sentence.take(other[1], other[2])
        frame.order = _order("latest" if other[0]["way"] == "most recent" else other[0]["way"])
        if other[0]["way"] in {"longest", "shortest", *_SPEEDS} and not sentence.has(t.METRIC):
            frame.order_ref = Ref("field", "duration")
    elif other is not None and way == other[0]["way"]:
        sentence.take(other[1], other[2])
    del end


_FIRM = r"(?P<way>longest|shortest|fastest|slowest|quickest|highest|lowest|best|worst|biggest|largest|smallest|most recent|latest|newest|oldest|cheapest)(?= |$)"
_SPEEDS = {"fastest", "slowest", "quickest"}


def _order(word: str) -> Order:
    if word == "runner-up":
        return "best"
    return lexicon.SUPERLATIVES.get(word, "best")  # type: ignore[return-value]  # its values are Orders


def _lengths(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """How long runs take, as a thing to show or to average."""
    asks = sentence.find(
        r"(?:how long|duration|durations|runtime|runtimes|run_time|running time|training time|wall time|wall-clock|wall clock|wallclock|compute time|elapsed time|time (?:spent|taken|it took|to train)|train time|took to (?:finish|train|run)|took|length)(?: (?:did|does|do|of|is|was|were|are|has|have|the|it|they))*(?: (?:it take|they take|take))?"
    )
    if asks is None:
        return
    match, first, end = asks
    if match.group() == "took" and not (frame.order and sentence.has("longest|shortest")):
        if not re.search(r"longest|shortest|least time|most time", sentence.text):
            return
    sentence.take(first, end)
    if not any(ref.key.startswith("duration") for ref in frame.shown):
        frame.shown.append(Ref("field", "duration"))
    sentence.eat(
        r"(?:take|taken|spent|run|last)(?: (?:to|for))?(?: (?:train|run|finish|complete))?"
    )


def _grouping(sentence: Sentence, frame: Frame, context: Context) -> None:
    sentence.eat(
        r"(?:across|over|for|of|among|in) (?:all )?(?:the |these |those |our |my )*(?:·|runs|trials)(?= |$)"
    ) if sentence.has(r"across (?:all )?(?:the )?runs") else None
    adverb = sentence.eat(
        r"(?:on a )?(?P<b>daily|weekly|monthly|yearly|hourly)(?: basis| trends?| averages?| counts?| mean| avg)?"
    )
    over = sentence.eat(
        r"(?:over|across|through|through out) (?:the |these |all )?(?P<b>days|weeks|months)"
    )
    if over is not None and adverb is None:
        frame.groups.append(Ref("bucket", lexicon.BUCKETS[over["b"]]))
    broken = sentence.find(
        rf"(?P<dims>{_DIM}) (?:breakdown|break down|distribution|split|counts?|histogram|mix)"
    )
    if broken is not None:
        ref = _dimension(sentence, broken[0]["dims"], frame, context)
        if ref is not None and ref != Ref("field", "run"):
            frame.groups.append(ref)
            sentence.take(broken[1], broken[2])
    if adverb is not None:
        frame.groups.append(Ref("bucket", lexicon.BUCKETS[adverb["b"]]))
        if re.search(r"average|mean|avg", adverb.group()):
            frame.measures.append(("mean", None))
    if (
        by_unit := sentence.eat(r"(?P<unit>day|week|month) (?:over|on|by|after) (?:day|week|month)")
    ) is not None:
        frame.groups.append(Ref("bucket", by_unit["unit"]))
    if (
        sentence.eat(
            r"(?:per|by|each|every|for each|of each|across)(?: (?:the|all))* (?:registered |registry )?models?"
        )
        if frame.registry
        else None
    ):
        frame.groups.append(Ref("field", "model"))
    if sentence.eat(
        r"(?:with (?:and|vs|versus|or) without|with or w/o|on (?:and|vs|versus|or) off)(?: it)?"
    ):
        frame.compare = True
        flags = [sentence.token(match.group()) for match, _, _ in sentence.find_all(t.PARAM)]
        if flags:
            frame.groups.append(ref_of(sentence, flags[0].text, frame, context))
    varying = rf"(?:(?:vary|varies|depend|depends|change|changes|changed|differ|differs|scale|scales|react|reacts|correlate|correlates|relate|relates|correlation|relationship|compare)(?: (?:with|on|by|across|between|to|as a function of|for|different|the|of|and|over))+|(?:effect|impact|influence)(?: (?:of|the|does|do|did|has|have))+)(?: (?:the|of|different|number of|num))* (?P<dims>{_DIM}|{t.METRIC})"
    if (hit := sentence.find(varying)) is not None and (
        not hit[0]["dims"].startswith("METRIC") or _as_param(sentence, hit[0]["dims"])
    ):
        said = sentence.tokens[hit[2] - 1].text
        ref = _dimension(sentence, said if "#" in said else hit[0]["dims"], frame, context)
        if ref is not None and ref.kind != "bucket":
            frame.groups.append(ref)
            sentence.take(hit[1], hit[2])
    steeper = rf"(?:higher|larger|more|bigger|lower|smaller|greater|longer|deeper) (?P<dims>{t.PARAM})(?= .*(?:{t.METRIC}).*|.*(?:better|higher|lower|worse|help|improve|increase|reduce))"
    if (hit := sentence.find(steeper)) is not None and sentence.has(t.METRIC):
        frame.groups.append(ref_of(sentence, hit[0]["dims"], frame, context))
        sentence.take(hit[1], hit[2])
        sentence.eat(r"(?:give|gives|have|has|lead to|leads to|mean|means|produce|yield|get|gets|improve|improves|increase|increases|reduce|reduces|help|helps)(?: (?:a|an|the))?(?: (?:better|higher|lower|worse))?")
    worth = rf"(?:is|does|are|do|did|was|were) (?P<dims>{t.PARAM}|{t.TAG}|{t.VALUE}) (?:useful|worth it|worth|any good|good|helpful|important|necessary|needed|help|helps|matter|matters|work|works)"
    if not sentence.has(t.METRIC) and (hit := sentence.find(worth)) is not None:
        frame.judged = frame.trend = True
        sentence.take(hit[1], hit[2])
        return
    affects = rf"(?P<dims>{t.PARAM}|{t.TAG}) (?:(?:really|actually|even|much) )?(?:affect|affects|impact|impacts|influence|influences|matter|matters|help|helps|hurt|hurts|hurting|helping|affecting|have (?:an? )?(?:effect|impact) on)"
    if (hit := sentence.find(affects)) is not None:
        ref = _dimension(sentence, hit[0]["dims"], frame, context)
        if ref is not None:
            frame.groups.append(ref)
            sentence.take(hit[1], hit[2])
    sentence.eat(r"(?:across|over|for|in|from|of) all(?: the)? (?=runs|trials)") if sentence.has(
        rf"{_AGG}|{_SUPER}|{t.METRIC}"
    ) else None
    hour = sentence.eat(r"(?:by|per|at which|what) (?:hour of (?:the )?day|time of (?:the )?day)")
    if hour is not None:
        frame.groups.append(Ref("bucket", "hourofday"))
    if sentence.eat(r"(?:by|per|which|what) (?:day of (?:the )?week|weekday)"):
        frame.groups.append(Ref("bucket", "weekday"))
    pattern = rf"{_BY}(?: (?:of|the|our|all|different|type of|kind of|single|given|value of|values of|level of|setting of|choice of|value|level|individual))* (?P<dims>{_DIM}(?: (?:and|,|x|/|by|per|then|& )+ (?:each |every |per )?{_DIM})*)"
    start = 0
    while (hit := sentence.find(pattern, start)) is not None:
        match, first, end = hit
        start = first + 1
        found = [
            _dimension(sentence, said, frame, context) for said in re.findall(_DIM, match["dims"])
        ]
        refs = [ref for ref in found if ref is not None]
        lead = match.group().split()[0]
        if lead in {"across", "over"} and all(
            re.search(r"seed|fold", ref.key.lower()) for ref in refs
        ):
            sentence.take(first, end)
            continue
        if not refs or (
            lead in {"vs", "versus", "against"} and not frame.metrics and not sentence.has(t.METRIC)
        ):
            continue
        if refs == [Ref("field", "run")] and (
            sentence.has(rf"{_SUPER}") or lead in {"across", "for", "in", "over", "between"}
        ):
            continue
        frame.groups.extend(ref for ref in refs if ref not in frame.groups)
        if any(ref == Ref("field", "experiment") for ref in refs):
            frame.nouns.discard("experiment")
        sentence.take(first, end)


def _as_param(sentence: Sentence, text: str) -> bool:
    """Read a metric as the param of the same name, where something is said to vary with it."""
    token = sentence.token(text)
    params = tuple(name for name in token.rivals if name.kind == "param")
    if not params:
        return False
    place = sentence.tokens.index(token)
    sentence.retype(place, replace(token, text=f"PARAM#{place}", kind="param", names=params))
    return True


def _aggregates(sentence: Sentence, frame: Frame, context: Context) -> None:
    p = sentence.find(
        r"(?:the )?(?:p(?P<p>\d{1,2})|(?P<q>\d{1,2})(?:th|st|nd|rd) percentile)(?: of)?"
    )
    if p is not None:
        frame.percentile = int(p[0]["p"] or p[0]["q"]) / 100
        _measure(sentence, frame, "pct", p[1], p[2], context)
    extremes = sentence.find(
        r"(?:range(?: of)?|(?:min|minimum|lowest|least|smallest) (?:and|to|/|&) (?:the )?(?:max|maximum|highest|largest|biggest)|(?:max|maximum|highest|largest) (?:and|to|/) (?:the )?(?:min|minimum|lowest|smallest))"
    )
    if extremes is not None:
        _measure(sentence, frame, "min", extremes[1], extremes[2], context)
        again = [ref for fn, ref in frame.measures if fn == "min"]
        frame.measures += [("max", ref) for ref in again]
        sentence.eat(r"(?::|,)? ?(?:lowest|min) (?:and|to) (?:the )?(?:highest|max)")
    sentence.eat(rf"(?:instead of|rather than|not) (?:the )?{_AGG}")
    start = 0
    while (hit := sentence.find(_AGG, start)) is not None:
        match, first, end = hit
        start = first + 1
        fn: Fn = lexicon.AGGREGATES[match.group()]  # type: ignore[assignment]  # its values are Fns
        if match.group() == "deviation":
            sentence.eat("standard")
        _measure(sentence, frame, fn, first, end, context)


def _measure(
    sentence: Sentence, frame: Frame, fn: Fn, first: int, end: int, context: Context
) -> None:
    """The aggregate of the metric or param that follows, or that is named elsewhere."""
    following = sentence.find(
        rf"(?:(?:of|the|for|in|all|on|its|their|a|an|our|,|value|values|final|latest|overall|and|or|{_AGG}) )*(?P<keys>{t.METRIC}(?: (?:and|,|or|/)+ {t.METRIC})*|{t.PARAM})",
        end,
    )
    sentence.take(first, end)
    if following is not None and following[1] <= end + 4:
        match, key_first, key_end = following
        lead = match.group()[: match.start("keys") - match.start()]
        if following[1] == end or lead:
            for key in re.findall(r"[A-Z]+#\d+", match["keys"]):
                frame.measures.append((fn, ref_of(sentence, key, frame, context)))
            other = re.findall(_AGG, lead)
            if not other:
                sentence.take(key_first, key_end)
            return
    if (
        fn == "sum"
        and not any(r.key.startswith("duration") for r in frame.shown)
        and not sentence.has(t.METRIC)
    ):
        frame.count = True
        return
    frame.measures.append((fn, None))


def _superlatives(sentence: Sentence, frame: Frame, context: Context) -> None:
    if frame.limit is not None and frame.order is not None:
        return
    recent = sentence.find(r"(?:the )?most recent(?:ly)?")
    if recent is not None:
        sentence.take(recent[1], recent[2])
        frame.order = frame.order or "new"
        frame.top = "many" if _plural_after(sentence, recent[2], frame) else "one"
        return
    hit = sentence.find(
        rf"(?:(?:the|our|my|all time|all-time|single|absolute|overall|very|current) )*(?P<way>{_SUPER})(?:[- ](?:performing|scoring|ever|overall))?"
    )
    if hit is None:
        _adjectives(sentence, frame)
        return
    match, first, end = hit
    way = match["way"]
    if way in {"low", "high", "most", "least"} and not sentence.has(t.KEY):
        return
    sentence.take(first, end)
    other = sentence.find(_FIRM) if way in {"top", "first", "bottom"} else None
    if other is not None:
        sentence.take(other[1], other[2])
        way = "latest" if other[0]["way"] == "most recent" else other[0]["way"]
    frame.order = frame.order or _order(way)
    frame.top = "many" if _plural_after(sentence, end, frame) else "one"
    sentence.eat(r"(?:running|performing)(?= |$)") if way in {
        *_SPEEDS,
        "longest",
        "shortest",
    } else None
    if way in {"longest", "shortest"} or (way in _SPEEDS and not sentence.has(t.METRIC)):
        frame.order_ref = Ref("field", "duration")
        sentence.eat(r"(?:to (?:train|run|finish|complete)|running|training)(?= |$)")
    if way in {*_SPEEDS, "longest", "shortest"} and sentence.has(t.METRIC):
        timed = sentence.find(rf"(?:(?:{way}|the|of|by) )*(?P<key>{t.METRIC})", end)
        if timed is not None and timed[1] <= end:
            frame.order_ref = ref_of(sentence, timed[0]["key"], frame, context)
    near = sentence.find(
        rf"(?:(?:of|the|final|latest|possible|overall|value|for|,|a|an|average|mean) )*(?P<key>{t.METRIC}|{t.PARAM})",
        end,
    )
    if near is not None and near[1] <= end and frame.order not in {"new", "old"}:
        frame.order_ref = frame.order_ref or ref_of(sentence, near[0]["key"], frame, context)


def _plural_after(sentence: Sentence, end: int, frame: Frame) -> bool:
    """ "best runs", "best eval_f1 runs" are many; "best f1, only runs from …" is one."""
    at = end
    while at < len(sentence.tokens) and (
        sentence.tokens[at].kind is not None
        or sentence.lower(at) in {"performing", "scoring", "few", "finished", "failed"}
    ):
        at += 1
    if re.fullmatch(r"run|trial|job|model|experiment|user|version|one|person|training", sentence.tokens[at].said.lower() if at < len(sentence.tokens) else ""):
        return False
    plural = r"(?:runs|trials|jobs|models|experiments|users|versions|ones|results|trainings|people|performers|attempts|scores|values|architectures|algorithms|configs)"
    if re.fullmatch(plural, sentence.tokens[at].said.lower() if at < len(sentence.tokens) else ""):
        return True
    return sentence.has(rf"(?:which|what) {plural}") or (
        frame.top == "many" and frame.which is not None
    )


def _adjectives(sentence: Sentence, frame: Frame) -> None:
    """ "which is better, adam or sgd": better of a few is best of them."""
    hit = sentence.find(
        r"(?:works?|working|worked|performs?|performed|did|does|do|is|was|are|looks?|doing|scores?|scored)?(?: (?:much|significantly|usually|generally|typically|on average|overall))* ?(?P<way>better|worse|faster|slower|higher|lower|wins?|winning|won)"
    )
    if hit is None:
        return
    match, first, end = hit
    sentence.take(first, end)
    frame.top = frame.top or "one"
    ways: dict[str, Order] = {
        "worse": "worst", "faster": "fast", "slower": "slow", "higher": "high", "lower": "low",
    }  # fmt: skip
    frame.order = ways.get(match["way"], "best")
    frame.compare = True
    if match["way"] in {"faster", "slower"}:
        frame.order_ref = Ref("field", "duration")


def _trend(sentence: Sentence, frame: Frame, _context: Context) -> None:
    pattern = r"(?:over time|trend(?:s|ing|ed)?(?: (?:of|in|for|over time))?|through time|across time|timeline|as time goes by|improv(?:e|ed|ing|ement)(?: over time)?|getting (?:better|worse)|evol(?:ve|ved|ving|ution)(?: of)?|changed?(?: over time)?|progress(?:ed)?|develop(?:ed)?|go(?:ing)? (?:up|down)|regressed?|drift(?:ed|ing)?)"
    hit = sentence.find(pattern)
    if hit is None:
        return
    sentence.take(hit[1], hit[2])
    frame.trend = True
    frame.judged = re.search(r"improv|better|worse|regress|drift", hit[0].group()) is not None


def _keys(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """Which metrics, params or tags there are, or those of some runs."""
    if sentence.eat(r"how (?:good|well|bad|strong)(?: (?:is|was|are|were|did|does|do|the|it))*(?: (?:perform|do|doing|performing))?|how (?:is|was|are|did|does)(?: (?:the|our))* (?=·).*(?:doing|perform|do|going|look|looking)") and not sentence.has(t.METRIC):
        frame.keys = "metric"
    if sentence.eat(r"(?:(?:distinct|unique|different|all) )+(?:the )?(?:run )?names"):
        frame.groups.append(Ref("field", "run"))
    for nouns, kind in (
        (lexicon.METRIC_NOUNS, "metric"), (lexicon.PARAM_NOUNS, "param"), (lexicon.TAG_NOUNS, "tag"),
    ):  # fmt: skip
        if (
            hit := sentence.find(
                rf"(?:the |all |its |their |his |her |full )*{t.any_of(nouns)}(?: (?:and|/|&) {t.any_of(nouns)})?(?: (?:names|keys|values|used))?"
            )
        ) is not None:
            sentence.take(hit[1], hit[2])
            frame.keys = kind  # type: ignore[assignment]  # from the table above
            if " and " in hit[0].group():
                frame.detail = True
            return


def _nouns(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The subject: what one row is about."""
    for match, first, end in list(sentence.find_all(_FIELD)):
        key = _FIELDS[match.group()]
        if key == "experiment":
            frame.nouns.add("experiment")
        elif key == "user":
            frame.nouns.add("user")
        elif key == "dataset":
            frame.nouns.add("dataset")
            frame.shown.append(Ref("field", "dataset"))
        elif key not in {"parent"}:
            frame.shown.append(Ref("field", key))
        if match.group().endswith("s") and match.group() != "status":
            frame.plural = True
        sentence.take(first, end)
    for match, first, end in list(sentence.find_all(t.RUNS)):
        frame.nouns.add("run")
        if match.group().endswith("s"):
            frame.plural = True
        sentence.take(first, end)
    for match, first, end in list(
        sentence.find_all(r"models?|architectures?|algorithms?|backbones?|classifiers?")
    ):
        frame.nouns.add("model")
        if match.group().endswith("s"):
            frame.plural = True
        sentence.take(first, end)
    for match, first, end in list(
        sentence.find_all(
            r"details?|everything about|info|information|all about|summary of|deets|specs"
        )
    ):
        frame.detail = True
        sentence.take(first, end)
    for pattern, key in (
        (r"descriptions?|notes?", "note"), (r"git commit|commit(?: hash)?|git sha|sha", "commit"), (r"artifacts?(?: (?:uri|location|path|root))?", "artifacts"),
        (r"run ids?|run_ids?|ids?", "run_id"), (r"parents?(?: runs?)?", "parent"),
        (r"end time|(?:when|what time) (?:did|was|were) .*(?:finish|end|complete)", "ended"), (r"start(?:ed)? (?:time|date)|when", "started"),
        (r"source|script", "source"),
    ):  # fmt: skip
        if (hit := sentence.find(pattern)) is not None:
            frame.shown.append(Ref("field", key))
            sentence.take(hit[1], hit[1] + 1 if key == "ended" else hit[2])
    del context


def _comparison(sentence: Sentence, frame: Frame, _context: Context) -> None:
    if sentence.eat(
        r"(?:next to|compare|compared|comparison|comparing|vs|versus|stack up|head to head|head-to-head|side by side|difference|differences|diff|compares)(?: (?:of|between|to|with|against|the|in))*"
    ):
        frame.compare = True


def _leftover(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Metrics, params and tags that no rule took are to be shown, or ranked by."""
    for match, first, end in list(sentence.find_all(t.KEY)):
        ref = ref_of(sentence, match.group(), frame, context)
        sentence.take(first, end)
        if ref.kind == "metric":
            if ref not in frame.metrics:
                frame.metrics.append(ref)
        elif ref not in frame.shown:
            frame.shown.append(ref)
