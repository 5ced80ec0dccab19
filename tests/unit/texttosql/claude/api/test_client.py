from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import BaseModel, Field, SecretStr

from tests.support import bare_tcp
from tests.support.model import (
    DECLINED,
    KEY,
    Badly,
    Entry,
    Stage,
    cut,
    dripping,
    error_in_stream,
    garbled,
    hung_up,
    late,
    out_of_tokens,
    refusal,
    scripted,
    silence,
    something_else,
    stalled,
    status,
)
from texttosql.claude.api import providers
from texttosql.claude.api.client import schema
from texttosql.claude.model import Said
from texttosql.claude.output import Drafted
from texttosql.cost import FREE, Cost
from texttosql.errors import InterpreterConfused, InterpreterDown, InterpreterError
from texttosql.model_settings import ModelSettings
from texttosql.relay.asked import Answer, Asked, Trouble

SHORT = 0.4
LONG = 20.0
HANGS = 10.0
"""No timing is measured: whatever takes so long never ended at its deadline."""

SYSTEM = "You write SQL. " * 40
GOOD = {"kind": "sql", "sql": "SELECT 1", "title": "one"}
QUESTION = (Said("user", "how many runs?"),)
THREAD = (Said("user", "best run?"), Said("assistant", "SELECT 0"), Said("user", "and the worst?"))


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    """What the SDK takes to load is no part of a short deadline."""
    import anthropic  # noqa: F401, PLC0415 - see above


@pytest.fixture(autouse=True)
def _hung_up() -> Iterator[None]:
    yield
    providers.hang_up()


def _ask(
    stage: Stage, said: Sequence[Said] = QUESTION, seconds: float = LONG, name: str | None = None
) -> tuple[Drafted, Cost]:
    heard = providers.open_model(stage.settings(), name).ask(SYSTEM, said, Drafted, seconds)
    return heard.value, heard.cost


def _fails(stage: Stage, seconds: float = LONG) -> InterpreterError:
    began = time.monotonic()
    with pytest.raises(InterpreterError) as caught:
        _ask(stage, seconds=seconds)
    assert time.monotonic() - began < HANGS
    return caught.value


def _at(address: tuple[str, int], scheme: str = "http") -> ModelSettings:
    host, port = address
    return ModelSettings(key=SecretStr(KEY), base_url=f"{scheme}://{host}:{port}")


def _unreachable(settings: ModelSettings, seconds: float = SHORT) -> InterpreterError:
    began = time.monotonic()
    with pytest.raises(InterpreterDown) as caught:
        providers.open_model(settings).ask(SYSTEM, QUESTION, Drafted, seconds)
    assert time.monotonic() - began < HANGS
    assert caught.value.spent == FREE
    return caught.value


def test_an_answer_is_checked_and_its_text_and_cost_come_with_it() -> None:
    with scripted([GOOD]) as model:
        heard = providers.open_model(model.settings()).ask(SYSTEM, QUESTION, Drafted, LONG)

    assert heard.value == Drafted.model_validate(GOOD)
    assert heard.text == '{"kind": "sql", "sql": "SELECT 1", "title": "one"}'
    assert (heard.cost.calls, heard.cost.model) == (1, "claude-sonnet-5-5")
    assert heard.cost.model_ms > 0


def test_what_is_sent_is_what_the_strictest_models_take() -> None:
    with scripted([GOOD]) as model:
        _ask(model)

    body = model.requests[0].body
    assert body.keys() == {
        "model", "max_tokens", "system", "messages", "output_config", "stream",
    }  # fmt: skip
    assert body["output_config"]["effort"] == "low"
    assert body["output_config"]["format"]["schema"] == schema(Drafted)


def test_effort_none_leaves_the_parameter_out() -> None:
    with scripted([GOOD]) as model:
        settings = model.settings(effort="none")
        providers.open_model(settings).ask(SYSTEM, QUESTION, Drafted, LONG)

    assert model.requests[0].body["output_config"].keys() == {"format"}


def test_the_schema_names_what_is_wanted_and_carries_no_defaults() -> None:
    class Named(BaseModel):
        title: str = Field("", description="in a few words")
        count: int = Field(0, ge=0, le=9)

    properties = schema(Named)["properties"]

    assert properties["title"] == {"type": "string", "description": "in a few words"}
    assert properties["count"]["type"] == "integer"
    assert schema(Named)["additionalProperties"] is False


def test_the_system_prompt_and_all_but_the_newest_message_are_kept_by_the_provider() -> None:
    with scripted([GOOD]) as model:
        _ask(model, THREAD)

    body = model.requests[0].body
    mark = {"type": "ephemeral"}
    assert body["system"] == [{"type": "text", "text": SYSTEM, "cache_control": mark}]
    assert [message["content"][0].get("cache_control") for message in body["messages"]] == [
        None, mark, None,
    ]  # fmt: skip


def test_a_first_question_marks_nothing_but_the_system_prompt() -> None:
    with scripted([GOOD]) as model:
        _ask(model)

    assert "cache_control" not in model.requests[0].body["messages"][0]["content"][0]


def test_a_second_question_reads_the_prompt_from_the_cache() -> None:
    with scripted([GOOD, GOOD]) as model:
        _, first = _ask(model)
        _, second = _ask(model)

    assert (first.cached_tokens, first.written_tokens) == (0, 200)
    assert (second.cached_tokens, second.written_tokens) == (200, 0)
    assert 0 < second.usd < first.usd


@pytest.mark.parametrize(
    ("code", "what", "fix"),
    [
        (400, "did not take the request", "TRACKTALK_EFFORT"),
        (401, "the key is wrong", "ANTHROPIC_API_KEY"),
        (402, "no credit left", "billing"),
        (403, "may not use the model claude-sonnet-5-5", "TRACKTALK_MODEL"),
        (404, "no model called claude-sonnet-5-5", "TRACKTALK_MODEL"),
        (413, "too long for Claude", "new thread"),
        (500, "failed on its side", "again"),
        (504, "failed on its side", "again"),
    ],
)
def test_a_request_turned_down_for_good_is_sent_once(code: int, what: str, fix: str) -> None:
    with scripted([status(code)]) as model:
        error = _fails(model)

    assert isinstance(error, InterpreterDown)
    assert what in error.what
    assert fix in error.fix
    assert error.spent == FREE
    assert len(model.requests) == 1


def test_a_spending_limit_is_told_as_one_whatever_its_status() -> None:
    """The API uses 400 and 429 for it; only the code in the details tells."""
    limit = Trouble(
        "invalid_request_error", "no", details={"error_code": "enforced_spend_limit_reached"}
    )
    with scripted([limit]) as model:
        error = _fails(model)

    assert "spending limit" in error.what


@pytest.mark.parametrize(
    ("code", "what"),
    [(429, "limit of requests"), (502, "overloaded"), (503, "overloaded"), (529, "overloaded")],
)
def test_a_busy_provider_is_asked_three_times(code: int, what: str) -> None:
    with scripted([status(code, retry_after=0.01)]) as model:
        error = _fails(model)

    assert what in error.what
    assert error.spent == FREE
    assert len(model.requests) == 3


@pytest.mark.parametrize("first", [status(429), status(529, retry_after=0.01), hung_up()])
def test_what_failed_before_anything_was_generated_is_tried_again(first: Entry) -> None:
    with scripted([first, GOOD]) as model:
        value, cost = _ask(model)

    assert value.sql == "SELECT 1"
    assert cost.calls == 1
    assert [each.headers["x-stainless-retry-count"] for each in model.requests] == ["0", "1"]


@pytest.mark.parametrize("pause", [600, 1e12])
def test_a_pause_longer_than_the_deadline_is_not_waited_for(pause: float) -> None:
    with scripted([status(529, retry_after=pause), GOOD]) as model:
        error = _fails(model)

    assert error.what == "Claude is overloaded."
    assert len(model.requests) == 1


def test_a_busy_provider_is_not_asked_again_where_time_is_too_short_for_a_pause() -> None:
    with scripted([status(429), GOOD]) as model:
        error = _fails(model, SHORT)

    assert "limit of requests" in error.what
    assert len(model.requests) == 1


BROKEN: Sequence[Badly] = (
    cut(), cut(events=2), cut(events=8), error_in_stream(), garbled(), something_else(),
)  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN)
def test_an_answer_that_breaks_off_is_not_asked_for_again(broken: Badly) -> None:
    with scripted([broken, GOOD]) as model:
        error = _fails(model)

    assert isinstance(error, InterpreterDown)
    assert len(model.requests) == 1


def test_an_error_in_the_middle_of_the_answer_is_told_by_its_kind() -> None:
    with scripted([error_in_stream("overloaded_error")]) as model:
        error = _fails(model)

    assert error.what == "Claude is overloaded."
    assert error.spent.written_tokens == 200


@pytest.mark.parametrize(
    "slow", [silence(), stalled(events=0), stalled(), stalled(events=8), dripping(), late(GOOD, 60)]
)
def test_whatever_hangs_is_cut_off_at_the_deadline_and_not_asked_again(slow: Badly) -> None:
    with scripted([slow, GOOD]) as model:
        error = _fails(model, SHORT)

    assert isinstance(error, InterpreterDown)
    assert error.what == "Claude did not answer within 0.4 seconds."
    assert "TRACKTALK_MODEL_DEADLINE" in error.fix
    assert len(model.requests) == 1


def test_a_late_answer_within_the_deadline_is_an_answer() -> None:
    with scripted([late(GOOD, 0.1)]) as model:
        assert _ask(model)[0].sql == "SELECT 1"


def test_what_was_charged_before_the_deadline_is_told() -> None:
    with scripted([stalled(GOOD, events=8)]) as model:
        spent = _fails(model, SHORT).spent

    assert (spent.calls, spent.written_tokens) == (1, 200)
    assert spent.output_tokens >= len(str(GOOD)) // 3
    assert spent.usd > 0


def test_a_server_that_says_nothing_is_left_at_the_deadline() -> None:
    with bare_tcp.answering(bare_tcp.says_nothing) as address:
        assert "within 0.4 seconds" in _unreachable(_at(address)).what


def test_a_handshake_that_never_comes_is_left_in_time() -> None:
    with bare_tcp.answering(bare_tcp.says_nothing) as address:
        assert _unreachable(_at(address, "https")).what == "Claude cannot be reached."


def test_a_head_that_drips_in_is_left_at_the_deadline() -> None:
    with bare_tcp.answering(bare_tcp.drips_its_head) as address:
        assert "within 0.4 seconds" in _unreachable(_at(address)).what


def test_an_address_that_takes_no_connection_is_left_in_time() -> None:
    with bare_tcp.full() as address:
        assert _unreachable(_at(address)).what == "Claude cannot be reached."


def test_an_address_where_nobody_listens_cannot_be_reached() -> None:
    error = _unreachable(_at(bare_tcp.closed()))

    assert error.what == "Claude cannot be reached."
    assert "ANTHROPIC_BASE_URL" in error.fix


def test_no_time_at_all_asks_nothing() -> None:
    with scripted([GOOD]) as model:
        error = _fails(model, 0)

    assert "within 0 seconds" in error.what
    assert model.requests == []


@pytest.mark.parametrize(
    ("category", "fix"), [("frontier_llm", "help with a rival"), (None, "other words")]
)
def test_a_refusal_is_told_and_was_charged(category: str | None, fix: str) -> None:
    with scripted([refusal(category), GOOD]) as model:
        error = _fails(model)

    assert isinstance(error, InterpreterDown)
    assert error.what == "Claude would not answer this question."
    assert fix in error.fix
    assert error.spent.written_tokens == 200
    assert len(model.requests) == 1


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (out_of_tokens(), "cut off"),
        (Answer("{}", "model_context_window_exceeded"), "too long"),
        (Answer(""), "answered nothing"),
        (Answer("  \n"), "answered nothing"),
        ("SELECT 1", "not in the agreed form"),
        ('{"kind": "sql"', "not in the agreed form"),
        ("[]", "of the wrong kind"),
        ({"sql": "SELECT 1"}, "lacked a part"),
        ({"kind": "guess"}, "of the wrong kind"),
    ],
)
def test_an_unusable_answer_is_told_and_was_charged(answer: Entry, what: str) -> None:
    with scripted([answer, GOOD]) as model:
        error = _fails(model)

    assert isinstance(error, InterpreterConfused)
    assert what in error.what
    assert error.spent.calls == 1
    assert error.spent.usd > 0
    assert len(model.requests) == 1


@pytest.mark.parametrize(
    "entry", [status(400), status(401), error_in_stream(), f'{{"kind": "{KEY}"}}', refusal()]
)
def test_the_providers_words_and_the_key_are_never_shown(
    entry: Entry, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), scripted([entry]) as model:
        error = _fails(model)

    for secret in ("own words", "hunter22", KEY):
        assert secret not in str(error)
    assert error.reference
    assert error.reference in caplog.text
    assert KEY not in caplog.text
    assert "hunter22" not in caplog.text


def test_the_log_has_the_providers_own_reason(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), scripted([status(400)]) as model:
        _fails(model)

    assert "the provider's own words" in caplog.text
    assert "req_" in caplog.text


def test_many_timeouts_leave_no_thread_and_no_socket_behind() -> None:
    with scripted(lambda _: silence()) as model:
        _fails(model, 0.05)
        before = (threading.active_count(), _open_files())
        for _ in range(10):
            _fails(model, 0.05)
        assert threading.active_count() <= before[0]
        # The server notices a hang-up a moment later; a leak would be one for every question.
        assert _open_files() <= before[1] + 5


def _open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_many_threads_ask_at_once_and_each_gets_its_own_answer() -> None:
    def echo(asked: Asked) -> Entry:
        return {"kind": "sql", "sql": asked.messages[-1]["text"]}

    with scripted(echo) as model, ThreadPoolExecutor(16) as pool:
        texts = [f"SELECT {number}" for number in range(64)]
        answers = pool.map(lambda text: _ask(model, (Said("user", text),))[0].sql, texts)
        assert list(answers) == texts


def test_a_slow_answer_does_not_hold_up_another_question() -> None:
    def patient(asked: Asked) -> Entry:
        return silence() if asked.messages[0]["text"] == "slow" else GOOD

    with scripted(patient) as model, ThreadPoolExecutor(1) as pool:
        slow = pool.submit(_ask, model, (Said("user", "slow"),), 1.0)
        assert _ask(model)[0].sql == "SELECT 1"
        assert not slow.done()
        assert isinstance(slow.exception(), InterpreterDown)


def test_importing_the_client_loads_no_sdk() -> None:
    """A cold answer of the offline engine must not pay for it."""
    code = (
        "import sys, texttosql.claude.api.client, texttosql.claude.api.providers as p\n"
        "from texttosql.model_settings import ModelSettings\n"
        "from pydantic import SecretStr\n"
        "p.open_model(ModelSettings(key=SecretStr('k')))\n"
        "sys.exit('anthropic' in sys.modules or 'httpx2' in sys.modules)"
    )
    # S603: our own interpreter, our own program.
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603


def test_an_answer_without_content_is_charged_by_the_model_that_answered() -> None:
    """A gateway's name for a model has no price; what it says it used has."""
    with scripted([DECLINED]) as model:
        _, cost = _ask(model, name="team-default")

    assert cost.model == "team-default"
    assert cost.usd > 0
