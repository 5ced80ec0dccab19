"""Whether words lean on the question before them, and what they do to it: add, or replace."""

from __future__ import annotations

import re

from texttosql.offline.frame import Frame
from texttosql.offline.sentence import Sentence

_CUES = re.compile(
    r"^(?:(?:ok|okay|and|now|but|so|then|cool|great|nice|thanks|hm+|alright|right|yes|no|"
    r"wait|actually|sorry|please|great|perfect|got it|,|\.)[, ]*)*"
    r"(?:only|just|what about|how about|same|instead|also|sort|order|group|split|break|"
    r"exclude|excluding|without|"
    r"not|drop|remove|hide|top \S+$|bottom \S+$|as (?:a |an )?|last |this |past |previous |"
    r"those|them|these|that|it|its|which one|which of|"
    r"of those|of these|of them|among|make (?:it|that)|by |per |in |for |with |from |"
    r"since |before|after|between|"
    r"leave|leaving|limit|show (?:only|just|me only|it|them|that|those|the same|also)|"
    r"include|including|add|plus|compare (?:that|it|them|those|this)|narrow|filter|"
    r"restrict|"
    r"ignore|ignoring|except|and|or|on |average|avg|mean|median|max|min|maximum|minimum|vs|"
    r"versus|best |worst |then|"
    r"how many$|how many (?:left|remain)|how many\?|how often|for each|each|killed|failed|"
    r"finished|running|how many (?:is|are|was|were) (?:that|those|there|they|these|it)|"
    r"the (?:same|other|best|worst|top|fastest|slowest|longest|latest|lowest|"
    r"highest) ?(?:ones?|of|$)|i mean|i meant|no,|all time|everyone|zoom|use|switch|"
    r"(?:plot|chart|graph|draw|visuali[sz]e) (?:it|that|this|them|those)|who (?:ran|made|"
    r"did|trained|started|launched|owns?) (?:it|that|this|them|those|these)|when (?:was|"
    r"were|did) (?:it|that|this|they|those))"
)
_POINTS_BACK = re.compile(
    r"\b(?:those|them|these|that one|its|their|it|they|ones|instead|same|again|as well|too|"
    r"that|this one|which one|which of)\b"
)
ADDS = re.compile(
    r"\b(?:and|also|plus|add|include|including|with|show|as well|too|alongside|along with)\b"
)
REPLACES = re.compile(
    r"\b(?:what about|how about|instead|switch|use|same (?:for|with|but)|now (?:by|for)|by|"
    r"i meant?|rather|for)\b"
)


def is_followup(text: str, frame: Frame, sentence: Sentence) -> bool:
    """Whether the words lean on the question before them."""
    lower = text.lower().strip()
    if _CUES.match(lower):
        return not _stands_alone(frame, lower)
    each = re.search(r"\b(?:for|of|in) each$|\beach$", lower.rstrip("?. "))
    if each or _POINTS_BACK.search(lower):
        return True
    if _is_fragment(sentence):
        return True
    subject = (
        frame.nouns & {"run", "experiment", "model", "version", "user", "dataset"} or frame.which
    )
    scoped = any(test.ref.key == "experiment_id" for test in frame.tests)
    if frame.percent or frame.history or frame.keys:
        return not subject and not scoped and len(sentence.tokens) <= 4
    return not subject and not scoped and len(sentence.tokens) <= 7


def _is_fragment(sentence: Sentence) -> bool:
    """A bare name, or "which optimizer?": too little to stand without the question before."""
    left = [token for token in sentence.tokens if token.text not in {"?", "!", ".", ",", "the"}]
    if len(left) == 1 and left[0].kind is not None:
        return True
    return len(left) == 2 and left[0].text in {"which", "what"} and left[1].kind is not None


def _stands_alone(frame: Frame, lower: str) -> bool:
    """Whether it opens like a follow-up but says everything itself: "in churn, which runs …"."""
    if re.match(r"^(?:which|how many|list|what|show me all)\b", lower):
        return False
    if re.match(r"^(?:and )?(?:in|on|for|from|by) (?:which|what) \w+\??$", lower):
        return False
    whole = bool(frame.nouns & {"run", "experiment"}) and bool(
        frame.count or frame.order or frame.measures or frame.which
    )
    return (
        whole
        and not _POINTS_BACK.search(lower)
        and not re.match(
            r"^(?:and|only|just|now|but|what about|how about|sort|group|same|exclude)", lower
        )
    )
