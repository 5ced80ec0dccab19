"""What one row is about, and what is to be shown of it."""

from __future__ import annotations

from texttosql.offline import lexicon
from texttosql.offline import tokens as t
from texttosql.offline.comparing import ref_of
from texttosql.offline.frame import Context, Frame
from texttosql.offline.sentence import Sentence
from texttosql.offline.wishes.dimensions import DATASET, FIELD, FIELDS, RUN
from texttosql.plan import Keys, Ref

_HOW_GOOD = (
    r"how (?:good|well|bad|strong)(?: (?:is|was|are|were|did|does|do|the|it))*"
    r"(?: (?:perform|do|doing|performing))?|how (?:is|was|are|did|does)(?: (?:the|our))* (?=·).*"
    r"(?:doing|perform|do|going|look|looking)"
)
_RUN_NAMES = r"(?:(?:distinct|unique|different|all) )+(?:the )?(?:run )?names"
_THE_DATASETS = r"(?:(?:names? of|list|show|name|which|what)(?: (?:the|all|our|of))* )datasets"
_WITH_ITS_EXPERIMENT = r"(?:and|with|plus|incl|including) (?:its|their) experiments?(?: names?)?"
_KEY_NOUNS: tuple[tuple[frozenset[str], Keys], ...] = (
    (lexicon.METRIC_NOUNS, "metric"), (lexicon.PARAM_NOUNS, "param"), (lexicon.TAG_NOUNS, "tag"),
)  # fmt: skip
_ANY_KEY = "|".join(t.any_of(words) for words, _ in _KEY_NOUNS)
_TWO_KEYS = rf"(?:{_ANY_KEY}) (?:and|/|&|,) (?:{_ANY_KEY})"
_MODELS = r"models?|architectures?|algorithms?|backbones?|classifiers?"
_DETAILS = r"details?|everything about|info|information|all about|summary of|deets|specs"
_FACTS = (
    (r"descriptions?|notes?", "note"),
    (r"git commit|commit(?: hash)?|git sha|sha", "commit"),
    (r"artifacts?(?: (?:uri|location|path|root))?", "artifacts"),
    (r"run ids?|run_ids?|ids?", "run_id"),
    (r"parents?(?: runs?)?", "parent"),
    (r"end time|(?:when|what time) (?:did|was|were) .*(?:finish|end|complete)", "ended"),
    (r"start(?:ed)? (?:time|date)|when", "started"),
    (r"source|script", "source"),
)
"""What people call a fact about a run -> its field in a plan."""
_COMPARES = (
    r"(?:next to|compare|compared|comparison|comparing|vs|versus|stack up|head to head|"
    r"head-to-head|side by side|difference|differences|diff|compares)"
    r"(?: (?:of|between|to|with|against|the|in))*"
)


_DIFFERENT = (
    r"(?P<what>what )?(?:has |that |which )?(?:are |is |do |were |have )?"
    r"(?:differ|differs|differed|differing|different|changed|diff|difference|differences)"
    r"(?: (?:between|from|in|across|for|of))+"
)
_SEVERAL_RUNS = rf"(?:between|from|in|across|for|of) (?:\S+ ){{0,2}}{t.NUM} (?:\S+ )?{t.RUNS}"


def keys(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """Which metrics, params or tags there are, or those of some runs."""
    if sentence.eat(_HOW_GOOD) and not sentence.has(t.METRIC):
        frame.keys = "metric"
    if sentence.eat(_RUN_NAMES):
        frame.groups.append(RUN)
    if sentence.eat(_THE_DATASETS):
        frame.which = frame.which or DATASET
        frame.nouns.add("dataset")
    elif sentence.eat(r"(?:what|which) (?:data|dataset)(?: sets?)?"):
        frame.shown.append(DATASET)
    if sentence.has(_TWO_KEYS) and sentence.eat(_names_of(f"(?:{_ANY_KEY})")):
        frame.keys, frame.detail = "metric", True
        return
    for words, kind in _KEY_NOUNS:
        if (match := sentence.eat(_names_of(t.any_of(words)))) is not None:
            frame.keys = kind
            if " and " in match.group():
                frame.detail = True
            return


def differing(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """Such as: which params differ between forest-1 and forest-2; what changed in the last 2 runs.

    "The difference in f1 between the two" is a comparison of that metric, and not meant here.
    """
    hit = sentence.find(_DIFFERENT)
    named = any(test.ref.key in {"run", "run_id"} and len(test.values) > 1 for test in frame.tests)
    if hit is None or not (named or sentence.has(_SEVERAL_RUNS)):
        return
    if not sentence.has(_ANY_KEY):
        if not hit[0]["what"] or sentence.has(t.METRIC):
            return
        frame.detail = True
    frame.differ = True
    sentence.take(hit[1], hit[2])


def _names_of(noun: str) -> str:
    return (
        rf"(?:the |all |its |their |his |her |full )*{noun}(?: (?:and|/|&) {noun})?"
        r"(?: (?:names|keys|values|settings|used))?"
    )


def nouns(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """The subject, and the facts of it that are asked for."""
    _fields(sentence, frame)
    _subjects(sentence, frame, t.RUNS, "run")
    _subjects(sentence, frame, _MODELS, "model")
    for _, first, end in list(sentence.find_all(_DETAILS)):
        frame.detail = True
        sentence.take(first, end)
    for pattern, key in _FACTS:
        if (hit := sentence.find(pattern)) is not None:
            frame.shown.append(Ref("field", key))
            # "When did cnn-1 of alice finish" spans names; only its first word is spent.
            sentence.take(hit[1], hit[1] + 1 if key == "ended" else hit[2])


def _fields(sentence: Sentence, frame: Frame) -> None:
    if frame.order is not None and frame.which is None and not frame.groups:
        sentence.eat(_WITH_ITS_EXPERIMENT)  # a column that rows of runs always have
    for match, first, end in list(sentence.find_all(FIELD)):
        _field(frame, FIELDS[match.group()])
        if match.group().endswith("s") and match.group() != "status":
            frame.plural = True
        sentence.take(first, end)


def _field(frame: Frame, key: str) -> None:
    """Experiments, users and datasets can be what a row is about, the others only a column."""
    if key in {"experiment", "user", "dataset"}:
        frame.nouns.add(key)
    if key == "dataset":
        frame.shown.append(DATASET)
    elif key not in {"experiment", "user", "parent"}:
        frame.shown.append(Ref("field", key))


def _subjects(sentence: Sentence, frame: Frame, pattern: str, noun: str) -> None:
    for match, first, end in list(sentence.find_all(pattern)):
        frame.nouns.add(noun)
        if match.group().endswith("s"):
            frame.plural = True
        sentence.take(first, end)


def comparison(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """Things are to be held against each other."""
    if sentence.eat(_COMPARES):
        frame.compare = True


def leftover(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Metrics, params and tags that no rule took are to be shown, or ranked by."""
    for match, first, end in list(sentence.find_all(t.KEY)):
        ref = ref_of(sentence, match.group(), frame, context)
        sentence.take(first, end)
        kept = frame.metrics if ref.kind == "metric" else frame.shown
        if ref not in kept:
            kept.append(ref)
