"""How many rows are wanted: "top 5", "5 best", "last 10 runs", "second best"."""

from __future__ import annotations

from texttosql.offline import tokens as t
from texttosql.offline.frame import Context, Frame
from texttosql.offline.sentence import Sentence
from texttosql.offline.wishes.dimensions import DURATION, SUPERLATIVE, dimension, number
from texttosql.offline.wishes.ranking import FIRM, LENGTHS, SPEEDS, order_of

_SECOND = r"second|third|fourth|2nd|3rd|4th"
_NTH_BEST = (
    rf"(?:{_SECOND}|fifth|5th)[- ]?(?:best|worst|highest|lowest|fastest|longest|latest|most|"
    r"slowest|newest|last)|runner[- ]?up"
)
_NTH = (
    rf"(?P<nth>{_SECOND}|runner[- ]?up|fifth|5th)(?:[- ](?P<way>best|worst|highest|lowest|fastest|"
    r"longest|latest|most recent|slowest|newest|last))?(?! (?:of|november|october))"
)
_RANKS = {"second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "5th": 4}
_SEVERAL = (
    rf"(?:(?:the|which|what|show|give|gimme|list|me|any|need|want|find) )*(?P<n>{t.NUM})"
    rf"(?: (?:·|{t.USER}|{t.VALUE}|{t.EXP}|{t.METRIC}|different|finished))* "
    rf"(?:{t.RUNS}|models?|experiments?|users?|versions?|configs?)"
    rf"(?= .*(?:{SUPERLATIVE}|most recent))"
)
_ROWS = (
    r"(?<!top )(?<!best )(?<!last )(?<!first )(?<!worst )(?<!bottom )(?<!latest )(?<!recent )"
    rf"(?P<n>{t.NUM}) (?:rows?|results?|entries|runs?|lines?|items?|records?|of them|max)(?= |$)"
)
_TOP = (
    rf"(?:the |our |my )*(?:(?P<way>most recently started|most recent|{SUPERLATIVE})"
    rf"(?: (?:of the|performing|scoring|few))? (?P<n>{t.NUM})|(?P<n2>{t.NUM})"
    rf"(?: (?:of the|absolute))* (?P<way2>most recent|{SUPERLATIVE}))"
    r"(?: performing| scoring| performers?)?"
)
_ONLY = (
    r"(?:only |just |limit(?:ed)? (?:it |that |this )?(?:to )?|limit |show |give |list |me |"
    rf"first )+(?P<n>{t.NUM})(?= (?:runs?|of|results?|rows?|examples?|trials?|ones?|instead|please|"
    r"models?|experiments?|\?|$)|$)"
)


def limits(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The first way of saying a number of rows that fits."""
    for rule in (_nth, _several, _rows, _top, _only):
        if rule(sentence, frame):
            break
    _of_what(sentence, frame, context)


def _of_what(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Such as: the top 3 backbones by mean dice; the number was taken just before."""
    hit = sentence.find(
        rf"(?<=· )(?P<dim>{t.PARAM}|{t.TAG})(?= (?:by|with|on|in|for|at|per|that|who|,))"
    )
    ranks = frame.limit is not None and frame.order is not None and sentence.has(t.METRIC)
    if hit is None or not ranks or frame.which is not None:
        return
    frame.which = dimension(sentence, hit[0]["dim"], frame, context)
    frame.top = "many"
    sentence.take(hit[1], hit[2])


def _nth(sentence: Sentence, frame: Frame) -> bool:
    """Such as: the second best, the runner-up."""
    match = sentence.eat(_NTH) if sentence.has(_NTH_BEST) else None
    if match is None:
        return False
    frame.offset, frame.limit = _RANKS.get(match["nth"], 1), 1
    way = match["way"] or "best"
    frame.order = order_of("latest" if way == "most recent" else way)
    return True


def _several(sentence: Sentence, frame: Frame) -> bool:
    """Such as: which 3 runs had the best f1. The number is taken, the rest is read on."""
    if (hit := sentence.find(_SEVERAL)) is None:
        return False
    said = hit[0]["n"]
    at = sentence.tokens.index(sentence.token(said))
    frame.limit = number(sentence, said)
    frame.top = "many"
    sentence.take(at, at + 1)
    return True


def _rows(sentence: Sentence, frame: Frame) -> bool:
    """Such as: best f1, 5 rows."""
    hit = sentence.find(_ROWS)
    if hit is None or frame.limit is not None or not sentence.has(SUPERLATIVE):
        return False
    frame.limit = number(sentence, hit[0]["n"])
    frame.top = "many"
    sentence.take(hit[1], hit[1] + 1)
    return True


def _top(sentence: Sentence, frame: Frame) -> bool:
    """Such as: top 5, the 5 most recent."""
    if (hit := sentence.find(_TOP)) is None:
        return False
    match, first, end = hit
    if not _is_whole(sentence, match["n"] or match["n2"]):
        return True  # "top 10%", "top 1.5": left over, and so declined
    if count := number(sentence, match["n"] or match["n2"]):
        way = match["way"] or match["way2"]
        frame.limit = count
        frame.order = frame.order or order_of("latest" if way.startswith("most recent") else way)
        sentence.take(first, end)
        _length_after(sentence, frame, way)
    return True


def _is_whole(sentence: Sentence, text: str) -> bool:
    """A number of rows that can be: whole, positive, and no percentage."""
    word = sentence.token(text).word
    value = word.number if word is not None else None
    if word is None or value is None or word.percent:
        return False
    return 0 < value <= _MOST and value == int(value)


_MOST = 1_000_000


def _only(sentence: Sentence, frame: Frame) -> bool:
    """Such as: only 3 of them."""
    if (hit := sentence.find(_ONLY)) is None:
        return False
    frame.limit = number(sentence, hit[0]["n"])
    sentence.take(hit[1], hit[2])
    return True


def _length_after(sentence: Sentence, frame: Frame, way: str) -> None:
    """What the rows of a top few are ranked by, when another superlative tells."""
    _by_time(sentence, frame, way)
    frame.plural = frame.plural or frame.limit != 1
    other = sentence.find(FIRM)
    if other is None:
        return
    firm = other[0]["way"]
    if way in {"top", "first", "bottom", "best"}:
        sentence.take(other[1], other[2])
        frame.order = order_of("latest" if firm == "most recent" else firm)
        _by_time(sentence, frame, firm)
    elif way == firm:
        sentence.take(other[1], other[2])


def _by_time(sentence: Sentence, frame: Frame, way: str) -> None:
    if way in LENGTHS | SPEEDS and not sentence.has(t.METRIC):
        frame.order_ref = DURATION
