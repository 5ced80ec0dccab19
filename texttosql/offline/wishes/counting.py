"""How many there are, and who or what has the most."""

from __future__ import annotations

import re

from texttosql.offline import lexicon
from texttosql.offline import tokens as t
from texttosql.offline.frame import Context, Frame
from texttosql.offline.sentence import Sentence
from texttosql.offline.wishes.dimensions import FIELD, USER
from texttosql.plan import Ref

_MOST_USED = (
    r"(?:the )?(?P<way>most|least) (?:used|common|commonly used|popular|frequent|frequently used|"
    r"frequently|often|tried|frequently tried|commonly|active|busy|productive|prolific|often used)"
)
_OF_PEOPLE = r"active|busy|productive|prolific"
_COUNTABLE = (
    rf"(?:{t.any_of(lexicon.STATUSES)} )?(?:{t.RUNS}|{t.EXPERIMENTS}|failures?|crashes|models|"
    r"versions|data|metrics)"
)
_MOST_RUNS = (
    r"(?:the )?(?P<way>most|fewest|least|highest number of|largest number of|lowest number of|"
    r"greatest number of|max number of|biggest number of)(?: (?:of|number of))?"
    rf"(?= (?:· )*{_COUNTABLE}| ·(?: |$))"
)
_MOST_OFTEN = (
    r"(?:the |at )?(?P<way>most|least)(?: often| of all| frequently)?"
    r"(?= (?:\?|\.|PERIOD#\d+|in|on|for|since|EXP#\d+|this|that|$)|$)"
)
_HOW_MANY = (
    r"(?:how many|number of|the number of|total number of|count of|count up|count|counts|counting|"
    r"how often|# of|num of|nr of|total count of|how much|no of|num|total of|amount of|tally"
    r"(?: up)?|(?:what is )?the total number of)(?: (?:the|of|total|all))*"
    r"(?P<distinct> (?:different|distinct|unique|separate))?"
)
_HOW_MANY_HOURS = (
    r"(?:how many|number of|total) (?:\S+ )?(?P<unit>hours|minutes)(?: of (?:compute|runtime|"
    r"training|gpu|work|running)(?: time)?)?"
)
_IT_TOOK = (
    r"(?:hours|minutes) (?:did )?(?:it|that|that one|this one) (?:took|take|ran|run|lasted|last)"
)
_COUNT_WORDS = frozenset(
    (
        "many number count counts counting often much total no num amount tally distinct different "
        "unique"
    ).split()
)
_ONE_OF_THEM = (
    r"best|worst|fastest|slowest|longest|shortest|latest|last|highest|lowest|top|winning|most "
    r"recent"
)


def popular(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """Such as: the most used optimizer, most common batch size, who runs the most."""
    if (match := sentence.eat(_MOST_USED)) is not None:
        frame.order = "many" if match["way"] == "most" else "few"
        about = rf"{t.KEY}|{FIELD}|models?"
        if re.search(_OF_PEOPLE, match.group()) and not sentence.has(about):
            frame.which = frame.which or USER
    elif (match := sentence.eat(_MOST_RUNS) or sentence.eat(_MOST_OFTEN)) is not None:
        frame.order = "few" if re.match(r"fewest|least|lowest", match["way"]) else "many"


def counts(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """Such as: how many different optimizers."""
    if (lasting := sentence.find(_HOW_MANY_HOURS)) is not None:
        unit = "duration_h" if "hour" in lasting[0]["unit"] else "duration_min"
        if sentence.has(_IT_TOOK):
            frame.shown.append(Ref("field", unit))
        else:
            frame.measures.append(("sum", Ref("field", unit)))
        sentence.take(lasting[1], lasting[2])
        return
    match = sentence.eat(_HOW_MANY)
    if match is None:
        return
    frame.count = True
    frame.distinct = bool(match["distinct"])
    frame.counted = sentence.lower(_behind_the_count(sentence))
    if re.match(r"METRIC#|PARAM#", frame.counted) and _about_one_run(sentence, frame):
        frame.count = False  # "how many epochs did the best run take" asks for the value


def _about_one_run(sentence: Sentence, frame: Frame) -> bool:
    named = any(test.ref.key in {"run", "run_id"} for test in frame.tests)
    return named or sentence.has(_ONE_OF_THEM)


def _behind_the_count(sentence: Sentence) -> int:
    """The first token left behind the last word of counting, or -1."""
    counted = [
        index
        for index, token in enumerate(sentence.tokens)
        if sentence.taken[index] and token.text in _COUNT_WORDS
    ]
    last = counted[-1] if counted else -1
    left = (index for index, taken in enumerate(sentence.taken) if not taken and index > last)
    return next(left, -1)
