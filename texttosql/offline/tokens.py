"""The pattern pieces that the rules are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable

from texttosql.offline import lexicon
from texttosql.plan import Op

METRIC, PARAM, TAG, VALUE = r"METRIC#\d+", r"PARAM#\d+", r"TAG#\d+", r"VALUE#\d+"
EXP, USER, RUN, MODEL = r"EXP#\d+", r"USER#\d+", r"RUN#\d+", r"MODEL#\d+"
ALIAS, STAGE, DATASET = r"ALIAS#\d+", r"STAGE#\d+", r"DATASET#\d+"
NUM, PERIOD, QUOTED, ATLEAST = r"NUM#\d+", r"PERIOD#\d+", r"QUOTED#\d+", r"ATLEAST#\d+"
KEY = rf"(?:{METRIC}|{PARAM}|{TAG})"


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of these words or phrases, the longest first."""
    texts = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(text.replace(".", r"\.") for text in texts) + ")"


RUNS = any_of(lexicon.RUN_NOUNS)
EXPERIMENTS = any_of(lexicon.EXPERIMENT_NOUNS)
NEGATION = (
    r"(?:not|no|without|except(?: for)?|excluding|exclude|excl|ignoring|ignore|but not|other than|"
    r"besides|non|minus|never|neither|nor|drop|skip|omit|hide|remove|leave out|leaving out|"
    r"apart from|"
    r"aside from|instead of|rather than)(?: (?:any|the|for|those|from|by|with|in|of|using|runs|run|"
    r"ones|a|an|to|on|use|used|have|has|had|been|that|which|were|was|are|is|anything|all|"
    r"did|does|do|count|counting|include|including))*"
)
LINK = (
    r"(?: (?:is|was|are|were|of|a|an|the|value|values|score|scores|scored|being|that|which|"
    r"have|has|had|"
    r"got|get|gets|at|in|set|,|:|its|with|to|reached|reaching|hit|hits|hitting|reaches|"
    r"having|goes|went|"
    r"turned|turns|became|become|becomes|hit|blew|ended|stays|stayed|it|did|falls|fell|"
    r"came|comes|run|runs|ended|end|up|somewhere|lie|lies|ranges|ranging|go|be|still|"
    r"strictly|actually|a whopping))*"
)
GAP = r"(?: (?:the|a|an|of|in|on|for|value|score|is|was|its|our|to|and|,|with|by|per))*"

COMPARATORS: tuple[tuple[str, Op], ...] = (
    (any_of(lexicon.ABOVE), ">="), (any_of(lexicon.BELOW), "<="),
    (any_of(lexicon.OVER), ">"), (any_of(lexicon.UNDER), "<"),
    (r">=", ">="), (r"<=", "<="), (r">", ">"), (r"<", "<"), (r"=", "="), (r"!=", "!="),
)  # fmt: skip
COMPARE = "(?:" + "|".join(pattern for pattern, _ in COMPARATORS) + ")"
AFTERWARDS = (
    r"(?:or|and) (?:more|better|higher|above|greater|up|less|lower|below|fewer|under|worse|so)"
)
UNIT = any_of(lexicon.UNITS)
SETTING = (
    r"(?: (?:=|is|was|of|:|equals|equal to|set to|at|to|are|being|a|an|the|with|as|value|"
    r"exactly|either|both|in|values))*"
)


def operator(said: str) -> Op:
    """The comparison a phrase stands for."""
    for pattern, sign in COMPARATORS:
        if re.fullmatch(pattern, said):
            return sign
    raise KeyError(said)
