"""What nobody foresaw becomes an error like any other: logged under a reference, told in a line.

This is the program's one `except Exception`. What is known to go wrong never comes here:
TextToSQLError passes through, and so do interruptions.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from secrets import token_hex
from typing import TypeVar

from texttosql.errors import Next, TextToSQLError

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Unforeseen(TextToSQLError):
    """A fault in the program itself; the traceback is in the log under `reference`."""

    next = Next.OPERATOR

    def __init__(self, reference: str) -> None:
        what = "Something inside Tracktalk broke; the question itself may be fine."
        super().__init__(what, "Please report it with what the log says.", reference=reference)


def rescued(act: Callable[[], T]) -> T:
    """What `act` gives. Raises its TextToSQLError, or Unforeseen in place of anything else."""
    try:
        return act()
    except TextToSQLError:
        raise
    except Exception as error:
        reference = token_hex(4)
        _log.exception("unforeseen, reference %s", reference)
        raise Unforeseen(reference) from error
