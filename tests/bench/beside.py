"""The same answers by Tracktalk and by MLflow's own client, side by side.

Both are warm, on the same analyzed store. MLflow's client is given what it is best at (a filter
and an order in the database) where the question allows it.
"""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tests.bench.measure import Figure, process, times
from tests.bench.ours import warm
from tests.bench.stores import Measured
from texttosql.flow import Answer

Answers = list[float]


def _numbers(column: int) -> Callable[[Answer], Answers]:
    return lambda answer: [float(row[column] or 0) for row in answer.table.rows]


def _sorted(column: int) -> Callable[[Answer], Answers]:
    return lambda answer: sorted(_numbers(column)(answer))


def _accuracies(answer: Answer) -> Answers:
    return _numbers(answer.table.names.index("val_accuracy"))(answer)


COMPARED: dict[str, tuple[str, Callable[[Answer], Answers]]] = {
    "a top ten": ("top 10 runs by val_accuracy in fraud-detection", _accuracies),
    "a count": ("how many runs failed", _numbers(0)),
    "a mean by group": ("average f1 by model in fraud-detection", _sorted(1)),
}


def compared(store: Measured, rounds: int) -> tuple[list[Figure], list[str]]:
    """Figures of both, and one line for each question: how many times as long MLflow takes."""
    theirs = _by_mlflow(store)
    figures: list[Figure] = []
    lines: list[str] = []
    with warm(store.compared_url) as asked:
        for name, (text, read) in COMPARED.items():
            given = read(asked.ask(text))
            spent = times(partial(asked.ask, text), rounds)
            other = theirs[name]
            mine = Figure(f"{name}: Tracktalk, whole ask", store.name, "ms", spent)
            its = Figure(f"{name}: MLflow's client", store.name, "ms", tuple(other["times"]))
            figures += [mine, its]
            ratio = its.at(0.5) / mine.at(0.5)
            same = "same answer" if same_numbers(given, other["answer"]) else "ANSWERS DIFFER"
            lines.append(
                f"{store.name}, {name}: MLflow's client takes {ratio:,.1f} × as long ({same})"
            )
    opening = Figure("MLflow's client: import, connect", store.name, "ms", (theirs["opening_ms"],))
    return [*figures, opening], lines


def _by_mlflow(store: Measured) -> dict[str, Any]:  # Any: JSON of our own child
    with tempfile.TemporaryDirectory() as home:
        environ = {**os.environ, "HOME": home, "MLFLOW_DISABLE_TELEMETRY": "true"}
        command = [sys.executable, "-m", "tests.bench.by_mlflow", store.mlflow_url, "3"]
        cost = process(command, environ)
    found: dict[str, Any] = json.loads(cost.said.strip().splitlines()[-1])
    return found


def same_numbers(ours: Sequence[float], theirs: Sequence[float]) -> bool:
    """Whether both gave the same numbers in the same order."""
    return len(ours) == len(theirs) and all(
        math.isclose(one, other, rel_tol=1e-9) for one, other in zip(ours, theirs, strict=True)
    )
