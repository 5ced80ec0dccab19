"""Questions, answers and verdicts in a few words."""

from __future__ import annotations

import time
from typing import Any

from texttosql.evaluation.files import Asked, Expect
from texttosql.evaluation.report import Asking, Report
from texttosql.evaluation.score import Given, Verdict
from texttosql.storehouse import Storehouse
from texttosql.warehouses import open_warehouse


def house(address: str, max_rows: int = 1_000) -> Storehouse:
    """A store that is open; close it."""
    return Storehouse(
        open_warehouse(address), max_rows=max_rows, deadline=30, ttl=3_600, clock=time.monotonic
    )


def asked(expect: Expect = "rows", ident: str = "q", **more: Any) -> Asked:  # Any: Asked's own
    """A question; `more` is what else a line may say."""
    return Asked(**{"id": ident, "category": "top", "text": "best run?", "expect": expect, **more})


def verdict(expect: Expect, outcome: str, *, right: bool, **more: Any) -> Verdict:
    """What came of a question; `more` is what else is known of the answer."""
    return Verdict(asked(expect), Given(outcome, **more), (), right)


def report(*verdicts: Verdict, stand_in: str | None = None) -> Report:
    """A report on these."""
    asking = Asking("q.jsonl", "0" * 64, "prod", "claude", "1.0", stand_in=stand_in)
    return Report(asking, verdicts)
