"""Several workspaces: each installs the app by OAuth, and its token is kept beside the journal."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore

from bot.settings import BotSettings

SCOPES = (
    "app_mentions:read", "assistant:write", "channels:history", "chat:write", "commands",
    "files:write", "groups:history", "im:history", "im:write", "links:read", "links:write",
    "users:read", "users:read.email",
)  # fmt: skip
"""What a workspace is asked to allow; a test pins it to manifest.yml."""

_STATE_SECONDS = 600


def oauth(settings: BotSettings) -> OAuthSettings:
    """What Bolt needs to let workspaces install the app. Makes its tables when there are none."""
    client_id, store = _store(settings)
    states = SQLAlchemyOAuthStateStore(_STATE_SECONDS, store.engine)
    for tables in (store, states):
        tables.create_tables()  # type: ignore[no-untyped-call]  # slack_sdk has no types here
    secret = settings.client_secret.get_secret_value() if settings.client_secret else ""
    return OAuthSettings(
        client_id=client_id,
        client_secret=secret,
        scopes=SCOPES,
        installation_store=store,
        state_store=states,
    )


def installations(settings: BotSettings) -> Callable[[str], str | None]:
    """Looks up the bot token that a workspace gave."""
    _, store = _store(settings)

    def token(team: str) -> str | None:
        found = store.find_bot(enterprise_id=None, team_id=team)
        return found.bot_token if found else None

    return token


def _store(settings: BotSettings) -> tuple[str, SQLAlchemyInstallationStore]:
    client_id = settings.client_id or ""
    engine = sqlalchemy.create_engine(
        settings.corridor.journal.get_secret_value(), pool_pre_ping=True
    )
    return client_id, SQLAlchemyInstallationStore(client_id, engine)
