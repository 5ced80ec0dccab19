"""What the porch is told from outside: Slack's secrets and the bot's manners, read once.

The corridor's own settings are read with them, so that every fault of both is told at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, HttpUrl, SecretStr

from texttosql import settings as corridor
from texttosql.errors import SettingsError
from texttosql.faults import Faults
from texttosql.redact import Redactor
from texttosql.variables import Variables
from tracking.status import status_file

SLACK_API = "https://slack.com/api/"
_PAGE = "on the app's page at api.slack.com/apps"


class Environment(Variables):
    """The variables the porch knows; a description says what to set, and where to get it."""

    slack_bot_token: SecretStr | None = Field(
        None, description=f"Copy the bot token (xoxb-…), OAuth & Permissions {_PAGE}."
    )
    slack_app_token: SecretStr | None = Field(
        None, description=f"Make an app-level token (xapp-…) with connections:write {_PAGE}."
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description=f"Copy the signing secret, Basic Information {_PAGE}."
    )
    slack_api_url: HttpUrl = Field(
        HttpUrl(SLACK_API), description="Set it to the http(s) address every call goes to."
    )
    slack_client_id: str | None = Field(
        None, description=f"For several workspaces: the client id, Basic Information {_PAGE}."
    )
    slack_client_secret: SecretStr | None = Field(
        None, description=f"For several workspaces: the client secret, Basic Information {_PAGE}."
    )
    tracktalk_mlflow_url: HttpUrl | None = Field(
        None, description="Set it to the address at which people open the MLflow UI."
    )
    tracktalk_migration_status: Path | None = Field(
        None, description="Set it to the file in which a migration writes how far it is."
    )
    tracktalk_workers: int = Field(
        8, ge=1, le=64, description="Set it to how many questions are worked on at once, 1 to 64."
    )
    tracktalk_listeners: int = Field(
        20, ge=2, le=200, description="Set it to how many clicks may be handled at once, 2 to 200."
    )
    tracktalk_thread_replies: bool = Field(
        True, description="Set it to false to be answered in threads only when mentioned."
    )
    tracktalk_user_limit: int = Field(
        30, ge=1, description="Set it to the questions a person may ask in a minute."
    )
    tracktalk_channel_limit: int = Field(
        60, ge=1, description="Set it to the questions a channel may ask in a minute."
    )
    tracktalk_queue: int = Field(
        500, ge=1, description="Set it to how many questions may wait at once."
    )


@dataclass(frozen=True, slots=True)
class BotSettings:
    """Everything the porch needs, checked. Limits are questions in a minute."""

    corridor: corridor.Settings
    bot_token: SecretStr | None
    app_token: SecretStr | None = None
    signing_secret: SecretStr | None = None
    api_url: str = SLACK_API
    client_id: str | None = None
    client_secret: SecretStr | None = None
    mlflow_url: str | None = None
    migration_status: Path | None = None
    workers: int = 8
    listeners: int = 20
    thread_replies: bool = True
    user_limit: int = 30
    channel_limit: int = 60
    queue: int = 500

    @property
    def many_workspaces(self) -> bool:
        """Whether tokens come from installations, one for each workspace, not from a setting."""
        return self.client_id is not None

    def store_for(self, channel: str) -> str:
        """The name of the store that a channel asks. Raises SettingsError when there is none."""
        return self.corridor.store(self.corridor.channels.get(channel)).name


def from_env(
    environ: Mapping[str, str], redactor: Redactor | None = None, *, http: bool = False
) -> BotSettings:
    """The settings for Socket Mode or HTTP. Raises one SettingsError with all faults."""
    redactor = redactor or Redactor()
    faults = Faults()
    given = Environment.read(environ, redactor, faults)
    for name in _missing(given, http=http):
        faults.add(f"{name.upper()} is not set.", Environment.advice(name))
    _mixed_up(given, faults)
    inner = _corridor(environ, redactor, faults)
    faults.settle()
    if inner is None:  # pragma: no cover - settle() has raised
        raise AssertionError
    return BotSettings(
        corridor=inner,
        bot_token=given.slack_bot_token,
        app_token=given.slack_app_token,
        signing_secret=given.slack_signing_secret,
        api_url=f"{str(given.slack_api_url).rstrip('/')}/",
        client_id=given.slack_client_id,
        client_secret=given.slack_client_secret,
        mlflow_url=str(given.tracktalk_mlflow_url) if given.tracktalk_mlflow_url else None,
        migration_status=given.tracktalk_migration_status or status_file(environ),
        workers=given.tracktalk_workers,
        listeners=given.tracktalk_listeners,
        thread_replies=given.tracktalk_thread_replies,
        user_limit=given.tracktalk_user_limit,
        channel_limit=given.tracktalk_channel_limit,
        queue=given.tracktalk_queue,
    )


def _missing(given: Environment, *, http: bool) -> list[str]:
    """What the chosen way in cannot do without."""
    if given.slack_client_id is not None:
        needed = ["slack_client_secret", "slack_signing_secret"]
        needed += [] if http else ["slack_app_token"]
    else:
        needed = ["slack_bot_token", "slack_signing_secret" if http else "slack_app_token"]
    return [name for name in needed if getattr(given, name) is None]


def _corridor(
    environ: Mapping[str, str], redactor: Redactor, faults: Faults
) -> corridor.Settings | None:
    try:
        inner = corridor.from_env(environ, redactor)
        inner.store()
    except SettingsError as wrong:
        faults.add(wrong.what, wrong.fix)
        return None
    return inner


def _mixed_up(given: Environment, faults: Faults) -> None:
    """The two tokens look alike, and one in the other's place fails much later, and vaguely."""
    for name, wrong in (("slack_bot_token", "xapp-"), ("slack_app_token", "xoxb-")):
        token: SecretStr | None = getattr(given, name)
        if token is not None and token.get_secret_value().startswith(wrong):
            faults.add(
                f"{name.upper()} is the other token: it begins with {wrong}.",
                Environment.advice(name),
            )
