"""What can group runs, how it is called, and which ref a grouping word stands for."""

from __future__ import annotations

import re

from texttosql.offline import lexicon
from texttosql.offline import tokens as t
from texttosql.offline.comparing import ref_of
from texttosql.offline.filtering import either, model_keys
from texttosql.offline.frame import Context, Frame
from texttosql.offline.sentence import Sentence
from texttosql.plan import Ref

USER, EXPERIMENT, DATASET = (
    Ref("field", "user"),
    Ref("field", "experiment"),
    Ref("field", "dataset"),
)
RUN, DURATION = Ref("field", "run"), Ref("field", "duration")

_PEOPLE = (
    "user users person people persons folks authors teammates researchers members contributors "
    "author owner teammate researcher engineer member contributor"
)
FIELDS: dict[str, str] = {
    **dict.fromkeys(_PEOPLE.split(), "user"),
    **dict.fromkeys(lexicon.EXPERIMENT_NOUNS, "experiment"),
    **dict.fromkeys(("run name", "run_name", "name", "run names"), "run"),
    **dict.fromkeys(("status", "state", "statuses", "outcome"), "status"),
    **dict.fromkeys(("dataset", "datasets"), "dataset"),
    **dict.fromkeys(("parent", "sweep", "sweeps", "parents"), "parent"),
    **dict.fromkeys(("source", "script", "entrypoint", "notebook"), "source"),
    **dict.fromkeys(("commit", "commits"), "commit"),
    **dict.fromkeys(("duration", "durations", "runtime", "runtimes", "how_long"), "duration"),
}
"""What people call a field of a run -> its name in a plan."""

FIELD = t.any_of(FIELDS)
BUCKET = t.any_of(lexicon.BUCKETS)
AGGREGATE = t.any_of(lexicon.AGGREGATES)
SUPERLATIVE = t.any_of(lexicon.SUPERLATIVES)
DIMENSION = (
    rf"(?:{t.PARAM}|{t.TAG}|{FIELD}|{BUCKET}|{t.RUNS}|models?|architectures?|algorithms?|"
    r"backbones?|classifiers?|model type|model family)"
)
_MODELISH = (
    r"(?:models?|architectures?|algorithms?|algos?|backbones?|classifiers?|model type|model family|"
    r"estimators?|family|type)"
)
_EACH_RUN = frozenset({"run", "runs", "trial", "trials", "job", "jobs"})


def dimension(sentence: Sentence, said: str, frame: Frame, context: Context) -> Ref | None:
    """What a grouping word stands for, or None when it groups nothing."""
    if "#" in said:
        return _named(sentence, said, frame, context)
    if said in lexicon.BUCKETS:
        return Ref("bucket", lexicon.BUCKETS[said])
    if re.fullmatch(_MODELISH, said):
        return model_dimension(context, frame)
    if said in _EACH_RUN:
        return RUN
    return Ref("field", FIELDS[said]) if said in FIELDS else None


def _named(sentence: Sentence, said: str, frame: Frame, context: Context) -> Ref | None:
    """A name of the store: one that is called "model" stands for all that say the model."""
    if re.fullmatch(_MODELISH, sentence.token(said).said.lower()):
        return model_dimension(context, frame) or ref_of(sentence, said, frame, context)
    if said.startswith(("PARAM#", "TAG#")):
        return ref_of(sentence, said, frame, context)
    return None


def model_dimension(context: Context, frame: Frame) -> Ref | None:
    """What "by model" groups by here, or None when runs do not say."""
    refs = model_keys(context, frame)
    return either(refs) if refs else None


def number(sentence: Sentence, text: str) -> int | None:
    """The number a NUM placeholder stands for."""
    word = sentence.token(text).word
    return int(word.number or 0) if word else None
