"""How the answer is to be drawn, and the "name" that means "tell me"."""

from __future__ import annotations

from texttosql.offline import lexicon
from texttosql.offline import tokens as t
from texttosql.offline.frame import Context, Frame
from texttosql.offline.sentence import Sentence

_KINDS, _NOUNS = t.any_of(lexicon.CHARTS), t.any_of(lexicon.CHART_NOUNS)
_LEAD = r"(?:(?:as|with|in|into|on|using|make|it|show|display|draw|give|me|that|this|a|an|the) )*"
_KIND_OF_CHART = rf"{_LEAD}(?P<kind>{_KINDS})(?: {_NOUNS})"
_AS_KIND = rf"(?:as|into) (?:a |an )?(?P<kind>{_KINDS}|scatter|bars?|line)"
_KIND_ALONE = r"(?:histogram|scatterplot|barchart|scatter plot|distribution)"
_ANY_CHART = (
    rf"(?:as|in|with|on) (?:a |an )?{_NOUNS}",
    rf"{_NOUNS}(?: (?:of|it|this|that|me|for))*",
)


def imperative(sentence: Sentence, _frame: Frame, _context: Context) -> None:
    """A leading "name" in "name all runs" asks for a list, not for the field."""
    if sentence.lower(0) == "name":
        sentence.eat(r"name(?= (?:all|the|every|some|me|us))")


def chart(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """A kind of chart when one is named, else "auto" when a chart is asked for at all."""
    if (match := sentence.eat(_KIND_OF_CHART) or sentence.eat(_AS_KIND)) is not None:
        frame.chart = lexicon.CHARTS[match["kind"]]
        sentence.eat(r"(?:draw|plot|graph|visuali[sz]e|render)(?: (?:it|this|that|them))?")
    elif (match := sentence.eat(_KIND_ALONE)) is not None:
        frame.chart = lexicon.CHARTS[match.group().split()[0]]
    elif any(sentence.eat(pattern) for pattern in _ANY_CHART):
        frame.chart = "auto"
