"""Whatever happens to the model, the asker gets an answer in time, and it says what happened."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from tests.bench.make_store import Size, make
from tests.support import model as stand_in
from texttosql.assistant import Assistant
from texttosql.claude.api.providers import hang_up
from texttosql.factory import build_assistant
from texttosql.flow import Question, Reply
from texttosql.journal.memory import MemoryJournal
from texttosql.settings import from_env

NOW = datetime(2025, 11, 24, 12, tzinfo=UTC)
QUESTION = "how many runs failed?"
DEADLINE = 1.0
BAD_SQL = {"kind": "sql", "sql": "SELECT secret_value FROM secrets", "title": "secrets"}
LIVE = (
    "FROM runs AS r JOIN experiments AS e ON e.experiment_id = r.experiment_id WHERE r.status ="
    " 'FAILED' AND r.lifecycle_stage = 'active' AND e.lifecycle_stage = 'active'"
)
GOOD = {"kind": "sql", "sql": f"SELECT COUNT(*) AS runs {LIVE}", "title": "runs"}


@dataclass(frozen=True)
class Fault:
    """What happens, what the answer says of it, and how many requests are made of it at most."""

    script: stand_in.Script
    said: str
    requests: int = 1


FAULTS: Mapping[str, Callable[[], Fault]] = {
    "a wrong key": lambda: Fault([stand_in.status(401)], "key"),
    "no rights": lambda: Fault([stand_in.status(403)], "may not use"),
    "an unknown model": lambda: Fault([stand_in.status(404)], "no model called"),
    "no credit": lambda: Fault([stand_in.status(402)], "no credit"),
    "a request it does not take": lambda: Fault([stand_in.status(400)], "did not take"),
    "too many requests": lambda: Fault([stand_in.status(429, retry_after=600)], "Claude"),
    "an overload": lambda: Fault([stand_in.status(529)], "Claude", requests=9),
    "a server's fault": lambda: Fault([stand_in.status(500)], "Claude", requests=9),
    "silence": lambda: Fault([stand_in.silence()], "did not answer within"),
    "a stall in the answer": lambda: Fault([stand_in.stalled()], "did not answer within"),
    "a drip that never ends": lambda: Fault([stand_in.dripping()], "did not answer within"),
    "a cut stream": lambda: Fault([stand_in.cut()], "Claude"),
    "a hung-up line": lambda: Fault([stand_in.hung_up()] * 9, "Claude", requests=9),
    "a refusal": lambda: Fault([stand_in.refusal()], "would not"),
    "the end of its tokens": lambda: Fault([stand_in.out_of_tokens()], "Claude"),
    "no JSON": lambda: Fault(["Sure! Here is your SQL:"], "Claude"),
    "another shape": lambda: Fault([{"query": "SELECT 1"}], "Claude"),
    "SQL that is refused thrice": lambda: Fault([BAD_SQL] * 3, "guard refused it", requests=3),
    "a model gone during a repair": lambda: Fault(
        [BAD_SQL, stand_in.silence()], "did not answer within", 2
    ),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 runs."""
    path = tmp_path_factory.mktemp("failures") / "mlflow.db"
    make(path, Size(runs=300, metric_rows=3_000))
    return path


@pytest.fixture(autouse=True)
def _lines_closed() -> Iterator[None]:
    """The SDK takes a second to load, which is no model's fault."""
    import_module("anthropic")
    yield
    hang_up()


def _assistant(store: Path, stage: stand_in.Stage) -> Assistant:
    environ = {
        **stage.environ,
        "TRACKTALK_STORE": f"sqlite:///{store}",
        "TRACKTALK_ENGINE": "claude",
        "TRACKTALK_MODEL_DEADLINE": f"{DEADLINE}",
    }
    return build_assistant(from_env(environ), journal=MemoryJournal())


def _asked(store: Path, script: stand_in.Script) -> tuple[Reply, stand_in.Stage]:
    with (
        stand_in.scripted(script) as stage,
        closing(_assistant(store, stage)) as assistant,
    ):
        return assistant.ask(Question(QUESTION, NOW)), stage


@pytest.mark.parametrize("name", FAULTS)
def test_it_ends_in_the_offline_engines_answer_which_says_why(store: Path, name: str) -> None:
    fault = FAULTS[name]()
    began = time.monotonic()

    reply, stage = _asked(store, fault.script)

    assert time.monotonic() - began < DEADLINE + 4
    assert reply.answer is not None, reply
    assert reply.answer.engine == "offline"
    assert fault.said in reply.answer.assumptions[0]
    assert reply.answer.assumptions[0].startswith("answered by the offline engine: ")
    assert len(stage.requests) <= fault.requests
    assert stand_in.KEY not in f"{reply}"
    assert "hunter22" not in f"{reply}"


def test_an_overload_that_passes_is_waited_out_and_paid_once(store: Path) -> None:
    reply, stage = _asked(store, [stand_in.status(529, retry_after=0.01), GOOD])

    assert reply.answer is not None
    assert reply.answer.engine == "claude"
    assert len(stage.requests) == 2
    assert reply.cost.calls == 1


def test_what_a_failed_try_cost_is_in_the_journal_with_the_answer(store: Path) -> None:
    reply, _ = _asked(store, [BAD_SQL] * 3)

    assert reply.answer is not None
    assert reply.cost.calls == 3
    assert reply.cost.usd > 0
