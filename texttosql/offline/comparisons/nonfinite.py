"""Values that are no numbers: "runs with NaN loss", "where loss went to inf"."""

from __future__ import annotations

from texttosql.offline import tokens as t
from texttosql.offline.frame import Context, Frame
from texttosql.offline.keeping import keep
from texttosql.offline.refs import ref_of
from texttosql.offline.sentence import Sentence
from texttosql.plan import Ref, Test

_NAN = r"(?:nan|nans|not a number|undefined|exploded|blew up|diverged)"
_INF = r"(?:inf|infs|infinity|infinite|infinities|∞)"


def not_a_number(sentence: Sentence, frame: Frame, context: Context) -> None:
    """A metric that is NaN; without a metric, any."""
    for pattern in (
        rf"(?P<key>{t.METRIC})(?: values?)?{t.LINK} {_NAN}",
        rf"{_NAN}(?: values?)?(?: (?:for|in|as|the|of|on|a|value))* (?P<key>{t.METRIC})",
    ):
        while (hit := sentence.find(pattern)) is not None:
            ref = ref_of(sentence, hit[0]["key"], frame, context)
            keep(sentence, frame, ref, "=", ("nan",), hit[1:])
    _infinite(sentence, frame, context)
    if (hit := sentence.find(_NAN)) is not None:
        frame.add(Test(Ref("metric", ""), "=", ("nan",), "NaN metrics"), hit[1])
        sentence.take(hit[1], hit[2])


def _infinite(sentence: Sentence, frame: Frame, context: Context) -> None:
    for pattern in (
        (
            rf"(?P<key>{t.METRIC})(?: values?)?{t.LINK}(?: (?:come|comes|came|turned|turn|"
            rf"turns|go|goes|went|ended|end|out|up|as|to|into))* {_INF}"
        ),
        rf"{_INF}(?: values?)?(?: (?:for|in|as|the|of|on|a|value))* (?P<key>{t.METRIC})",
    ):
        if (hit := sentence.find(pattern)) is not None:
            ref = ref_of(sentence, hit[0]["key"], frame, context)
            keep(sentence, frame, ref, "=", ("inf",), hit[1:])
