"""The porch's settings: every fault at once, with what to do, and no secret shown."""

from __future__ import annotations

import pytest

from bot.settings import SLACK_API, BotSettings, from_env
from texttosql.errors import SettingsError
from texttosql.redact import MASK, Redactor

BOT, APP = "xoxb-secret-of-the-bot", "xapp-secret-of-the-app"
SIGNED, CLIENT = "secret-that-signs", "secret-of-the-client"
WELL = {
    "TRACKTALK_STORE": "sqlite:///mlflow.db",
    "SLACK_BOT_TOKEN": BOT,
    "SLACK_APP_TOKEN": APP,
}


def read(*, http: bool = False, **changed: str | None) -> BotSettings:
    """Settings that are well but for what is named; None leaves a variable out."""
    given = {**WELL, **changed}
    return from_env({name: value for name, value in given.items() if value is not None}, http=http)


def test_what_is_not_set_has_its_usual_value() -> None:
    settings = read()

    assert settings.api_url == SLACK_API
    assert (settings.user_limit, settings.channel_limit, settings.queue) == (30, 60, 500)
    assert settings.thread_replies
    assert not settings.many_workspaces


def test_the_manners_can_be_set() -> None:
    settings = read(
        TRACKTALK_THREAD_REPLIES="false", TRACKTALK_USER_LIMIT="2", TRACKTALK_WORKERS="3",
        SLACK_API_URL="http://127.0.0.1:8080/api", TRACKTALK_MLFLOW_URL="http://mlflow.example",
    )  # fmt: skip

    assert not settings.thread_replies
    assert (settings.user_limit, settings.workers) == (2, 3)
    assert settings.api_url == "http://127.0.0.1:8080/api/"
    assert settings.mlflow_url == "http://mlflow.example/"


def test_every_fault_is_told_at_once_with_what_to_do() -> None:
    with pytest.raises(SettingsError) as found:
        read(
            TRACKTALK_STORE=None, SLACK_BOT_TOKEN=None, SLACK_APP_TOKEN=None,
            TRACKTALK_WORKERS="many", TRACKTALK_USER_LIMIT="0", SLACK_API_URL="slack",
        )  # fmt: skip

    told = str(found.value)
    for name in ("TRACKTALK_STORE", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "TRACKTALK_WORKERS",
                 "TRACKTALK_USER_LIMIT", "SLACK_API_URL"):  # fmt: skip
        assert name in told
    assert "1 to 64" in told
    assert "connections:write" in told
    assert "TRACKTALK_QUEUE" not in told
    assert found.value.exit_code == 2


@pytest.mark.parametrize(("name", "wrong"), [("SLACK_APP_TOKEN", BOT), ("SLACK_BOT_TOKEN", APP)])
def test_tokens_in_each_others_place_are_told_by_name(name: str, wrong: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is the other token") as found:
        from_env({**WELL, name: wrong})
    assert "secret" not in str(found.value)


def test_http_needs_the_signing_secret_and_no_app_token() -> None:
    with pytest.raises(SettingsError, match="SLACK_SIGNING_SECRET"):
        read(http=True)
    settings = read(http=True, SLACK_APP_TOKEN=None, SLACK_SIGNING_SECRET=SIGNED)
    assert settings.app_token is None


def test_several_workspaces_need_no_token_of_one() -> None:
    settings = read(
        SLACK_BOT_TOKEN=None, SLACK_APP_TOKEN=APP, SLACK_CLIENT_ID="1.2",
        SLACK_CLIENT_SECRET=CLIENT, SLACK_SIGNING_SECRET=SIGNED,
    )  # fmt: skip
    assert settings.many_workspaces


def test_several_workspaces_need_the_clients_secret_and_by_socket_mode_the_app_token() -> None:
    with pytest.raises(SettingsError) as found:
        read(SLACK_CLIENT_ID="1.2", SLACK_SIGNING_SECRET=SIGNED, SLACK_APP_TOKEN=None)

    assert "SLACK_CLIENT_SECRET is not set" in found.value.what
    assert "SLACK_APP_TOKEN is not set" in found.value.what


def test_an_empty_variable_is_as_if_it_were_not_set() -> None:
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN is not set"):
        read(SLACK_BOT_TOKEN="")


def test_no_secret_is_shown_by_settings_or_logs() -> None:
    redactor = Redactor()
    settings = from_env({**WELL, "SLACK_SIGNING_SECRET": SIGNED}, redactor)

    assert not any(secret in repr(settings) for secret in (BOT, APP, SIGNED))
    assert redactor.redact(f"it said {SIGNED}") == f"it said {MASK}"


def test_no_secret_is_shown_by_an_error() -> None:
    with pytest.raises(SettingsError) as found:
        read(SLACK_CLIENT_ID="1.2", SLACK_BOT_TOKEN=APP, SLACK_APP_TOKEN=BOT)
    assert not any(secret in str(found.value) for secret in (BOT, APP))
