"""Everything that goes wrong with a model, in our own words.

The provider's words, which may quote what was sent, go to the log under a reference.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from secrets import token_hex
from typing import NamedTuple

from texttosql.cost import Cost
from texttosql.errors import InterpreterConfused, InterpreterDown, InterpreterError
from texttosql.redact import Redactor

_log = logging.getLogger(__name__)


class Words(NamedTuple):
    """What happened, and what to do now; {model} and {seconds} are filled in.

    `confused` where an answer came and is unusable; else nothing came that could be used.
    """

    what: str
    fix: str
    confused: bool = False


_AGAIN = "Ask again in a minute."
BUSY = Words("Claude is at its limit of requests.", _AGAIN)
OVERLOADED = Words("Claude is overloaded.", _AGAIN)
FAILED = Words("Claude failed on its side.", _AGAIN)
BROKEN_OFF = Words("Claude's answer broke off on the way.", _AGAIN)
UNREACHABLE = Words(
    "Claude cannot be reached.",
    "Check the network, and ANTHROPIC_BASE_URL where a gateway is used.",
)
TOO_SLOW = Words(
    "Claude did not answer within {seconds:.2g} seconds.",
    "Ask again, or set TRACKTALK_MODEL_DEADLINE to more seconds.",
)
WRONG_KEY = Words(
    "Claude turned the login away: the key is wrong, or no longer valid.",
    "Set ANTHROPIC_API_KEY to a valid key; in a cloud, check its credentials.",
)
NOT_ALLOWED = Words(
    "The key may not use the model {model}.",
    "Give it access in the provider's console, or set TRACKTALK_MODEL to another model.",
)
NO_CREDIT = Words(
    "The account at Claude's provider has no credit left, or has reached its spending limit.",
    "Look at billing and limits in the provider's console.",
)
NO_MODEL = Words(
    "The provider has no model called {model}.",
    "Set TRACKTALK_MODEL to one that it has, and check ANTHROPIC_BASE_URL if that is set.",
)
NOT_TAKEN = Words(
    "Claude did not take the request; the log has the reason.",
    "Set TRACKTALK_EFFORT to none if {model} does not know effort, or choose another model.",
)
TOO_LONG = Words("The conversation has grown too long for Claude.", "Ask in a new thread.")
NO_CREDENTIALS = Words(
    "There are no usable credentials or settings for the cloud that runs Claude.",
    "Log in to the cloud, and set AWS_REGION for Bedrock, or CLOUD_ML_REGION and "
    "ANTHROPIC_VERTEX_PROJECT_ID for Vertex.",
)
WOULD_NOT = Words("Claude would not answer this question.", "Ask it in other words.")
WOULD_NOT_HELP_RIVALS = Words(
    "Claude would not answer this question.",
    "It may take questions about training models for help with a rival; ask in other words.",
)
OUTGROWN = Words(
    "The conversation has grown too long for Claude.", "Ask in a new thread.", confused=True
)
CUT_SHORT = Words(
    "Claude's answer was cut off because it grew too long.", "Ask for less at once.", confused=True
)
NOTHING = Words("Claude answered nothing.", "Ask again, or in other words.", confused=True)
NO_JSON = Words(
    "Claude's answer was not in the agreed form (JSON).", "Ask in other words.", confused=True
)
WRONG_SHAPE = Words(
    "Claude's answer lacked a part, or had one of the wrong kind.", "Ask in other words.",
    confused=True,
)  # fmt: skip

_BY_KIND: Mapping[str, Words] = {
    "rate_limit_error": BUSY,
    "overloaded_error": OVERLOADED,
    "authentication_error": WRONG_KEY,
    "permission_error": NOT_ALLOWED,
    "billing_error": NO_CREDIT,
    "not_found_error": NO_MODEL,
    "request_too_large": TOO_LONG,
}
_BY_STATUS: Mapping[int, Words] = {
    400: NOT_TAKEN,
    401: WRONG_KEY,
    402: NO_CREDIT,
    403: NOT_ALLOWED,
    404: NO_MODEL,
    413: TOO_LONG,
    422: NOT_TAKEN,
    429: BUSY,
    502: OVERLOADED,
    503: OVERLOADED,
    529: OVERLOADED,
}


def by_answer(status: int, kind: str | None, code: str | None) -> Words:
    """The words for an error that the provider sent: HTTP status, error type, error code.

    An error in the middle of a stream has the status 200, and only its type tells.
    """
    if code and ("spend_limit" in code or "billing" in code):
        return NO_CREDIT
    return _BY_KIND.get(kind or "") or _BY_STATUS.get(status, FAILED)


def by_refusal(category: str | None) -> Words:
    """The words for a refusal of that category."""
    return WOULD_NOT_HELP_RIVALS if category == "frontier_llm" else WOULD_NOT


class Teller:
    """Turns troubles of one model into errors, and notes what the provider said."""

    def __init__(self, model: str, redactor: Redactor) -> None:
        self._model, self._redactor = model, redactor

    def told(
        self, words: Words, details: object, spent: Cost, seconds: float = 0.0
    ) -> InterpreterError:
        """The error to raise; `details` go to the log."""
        reference = token_hex(4)
        said = self._redactor.redact(str(details))
        _log.warning("claude (%s) gave no answer, reference %s: %s", self._model, reference, said)
        kind = InterpreterConfused if words.confused else InterpreterDown
        told = (words.what, words.fix)
        what, fix = (each.format(model=self._model, seconds=seconds) for each in told)
        return kind(what, fix, reference=reference, spent=spent)
