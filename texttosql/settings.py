"""What the corridor is told from outside, read once at the door: `from_env(os.environ)`.

Every fault is reported, all in one SettingsError, each with what to do about it. Nothing on
disk is touched but the file that TRACKTALK_CONFIG names. Secrets are SecretStr, and known to
`Settings.redactor` before anything can be logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, HttpUrl, SecretStr

from texttosql import address as addresses
from texttosql.configured import UTC, Configured, Stores, StoreSettings, hide_password, zone
from texttosql.errors import SettingsError
from texttosql.faults import Faults
from texttosql.model_settings import (
    CHEAP_MODEL,
    MODEL,
    Budgets,
    Effort,
    ModelSettings,
    Provider,
)
from texttosql.redact import Redactor
from texttosql.variables import Variables

if TYPE_CHECKING:
    from texttosql.config import ConfigFile

EngineName = Literal["offline", "claude", "auto"]

_KEY_HELP = "Make a key in the Anthropic console (API keys) and set ANTHROPIC_API_KEY to it."


class Environment(Variables):
    """The variables the corridor knows; a description says what to set, and where to get it."""

    tracktalk_store: str | None = Field(
        None, description=f"Set it to the store's address: {addresses.EXAMPLES}."
    )
    tracktalk_config: str | None = Field(
        None, description="Set it to the path of a YAML file with several stores."
    )
    tracktalk_journal: str | None = Field(
        None, description="Set it to sqlite:///path/journal.db or to a MySQL address."
    )
    tracktalk_engine: EngineName = Field(
        "auto",
        description="Set it to offline, claude or auto (offline first, then Claude).",
    )
    tracktalk_timezone: str | None = Field(
        None, description="Set it to an IANA name such as Europe/Berlin."
    )
    tracktalk_deadline: float = Field(
        30, gt=0, le=3_600, description="Set it to the seconds a query may take, up to 3600."
    )
    tracktalk_max_rows: int = Field(
        1_000, ge=1, le=100_000, description="Set it to a number of rows from 1 to 100000."
    )
    tracktalk_catalog_ttl: float = Field(
        300, ge=0, le=86_400, description="Set it to the seconds a store's names stay fresh."
    )
    tracktalk_model: str = Field(MODEL, description="Set it to the name of a Claude model.")
    tracktalk_cheap_model: str = Field(
        CHEAP_MODEL, description="Set it to the name of a cheaper Claude model, for explanations."
    )
    tracktalk_effort: Effort = Field(
        "low", description="Set it to low, medium, high, xhigh, max, or none to leave it out."
    )
    tracktalk_model_deadline: float = Field(
        25, gt=0, le=3_600, description="Set it to the seconds a model may take, up to 3600."
    )
    tracktalk_provider: Provider = Field(
        "anthropic", description="Set it to anthropic, bedrock or vertex."
    )
    tracktalk_budget_day: float | None = Field(
        None, ge=0, description="Set it to the US dollars that models may cost in a day."
    )
    tracktalk_budget_user: float | None = Field(
        None, ge=0, description="Set it to the US dollars that one asker may cost in a day."
    )
    tracktalk_budget_channel: float | None = Field(
        None, ge=0, description="Set it to the US dollars that one channel may cost in a day."
    )
    tracktalk_send_values: bool = Field(
        True, description="Set it to false to send a model names only, never values or results."
    )
    tracktalk_traces: str | None = Field(
        None, description="Set it to the MLflow tracking URI that turns are traced to."
    )
    anthropic_api_key: SecretStr | None = Field(None, description=_KEY_HELP)
    anthropic_auth_token: SecretStr | None = Field(
        None, description="Set it to the bearer token of a gateway, where that takes no key."
    )
    anthropic_base_url: HttpUrl | None = Field(
        None, description="Set it to the http(s) address of a gateway to Claude, or leave it out."
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything, checked. `deadline` and `catalog_ttl` are seconds.

    `channels` maps a Slack channel to the name of its store.
    """

    stores: Stores
    journal: SecretStr
    engine: EngineName = "auto"
    timezone: ZoneInfo = UTC
    deadline: float = 30
    max_rows: int = 1_000
    catalog_ttl: float = 300
    model: ModelSettings = field(default_factory=ModelSettings)
    channels: Mapping[str, str] = field(default_factory=dict)
    redactor: Redactor = field(default_factory=Redactor, repr=False, compare=False)

    def store(self, wanted: str | None = None) -> StoreSettings:
        """The store of that name or address, or the default one. Raises SettingsError."""
        return self.stores.find(wanted, self.redactor)

    def engine_for(self, choice: str | None = None) -> EngineName:
        """The engine to use: `choice` (a flag) before the setting; auto only where Claude is.

        Raises SettingsError.
        """
        name = choice or self.engine
        if name == "offline" or (name == "auto" and not self.model.reachable):
            return "offline"
        if name == "auto":
            return "auto"
        if name != "claude":
            what = f"There is no engine called {name!r}."
            raise SettingsError(what, "Use offline, claude or auto.")
        if not self.model.reachable:
            what = "The engine claude needs a key, and ANTHROPIC_API_KEY is not set."
            raise SettingsError(what, f"{_KEY_HELP} Or use the engine offline.")
        return "claude"


def from_env(environ: Mapping[str, str], redactor: Redactor | None = None) -> Settings:
    """The settings in `environ`. Raises one SettingsError that tells every fault."""
    faults = Faults()
    redactor = redactor or Redactor()
    given = _environment(environ, redactor, faults)
    file = _file(given.tracktalk_config, environ, faults)
    stores = _stores(given, file, environ, redactor, faults)
    settings = Settings(
        stores=stores,
        journal=_journal(given.tracktalk_journal, environ, redactor, faults),
        engine=given.tracktalk_engine,
        timezone=stores.timezone,
        deadline=given.tracktalk_deadline,
        max_rows=given.tracktalk_max_rows,
        catalog_ttl=given.tracktalk_catalog_ttl,
        model=_model(given),
        channels={name: entry.store for name, entry in file.channels.items()} if file else {},
        redactor=redactor,
    )
    faults.settle()
    return settings


def _environment(environ: Mapping[str, str], redactor: Redactor, faults: Faults) -> Environment:
    given = Environment.read(environ, redactor, faults)
    if given.tracktalk_engine == "claude" and not _model(given).reachable:
        faults.add("TRACKTALK_ENGINE is claude, and ANTHROPIC_API_KEY is not set.", _KEY_HELP)
    return given


def _model(given: Environment) -> ModelSettings:
    return ModelSettings(
        provider=given.tracktalk_provider,
        name=given.tracktalk_model,
        cheap=given.tracktalk_cheap_model,
        effort=given.tracktalk_effort,
        deadline=given.tracktalk_model_deadline,
        key=given.anthropic_api_key,
        token=given.anthropic_auth_token,
        base_url=str(given.anthropic_base_url) if given.anthropic_base_url else None,
        budgets=Budgets(
            given.tracktalk_budget_day, given.tracktalk_budget_user, given.tracktalk_budget_channel
        ),
        send_values=given.tracktalk_send_values,
        traces=given.tracktalk_traces,
    )


def _stores(
    given: Environment,
    file: ConfigFile | None,
    environ: Mapping[str, str],
    redactor: Redactor,
    faults: Faults,
) -> Stores:
    """The file's stores, and TRACKTALK_STORE as the default; the variables outdo the file."""
    own_zone = zone(given.tracktalk_timezone, "TRACKTALK_TIMEZONE", faults)
    stores = Stores({}, None, own_zone or UTC, environ.get("HOME"))
    if file is not None:
        file_zone = zone(file.timezone, "TRACKTALK_CONFIG timezone", faults)
        timezone = own_zone or file_zone or UTC
        known = Configured(file, environ, redactor, faults).stores(timezone)
        only = next(iter(file.stores)) if len(file.stores) == 1 else None
        stores = Stores(known, file.default or only, timezone, stores.home)
        if given.tracktalk_store in file.stores:
            return replace(stores, default=given.tracktalk_store)
    if given.tracktalk_store is None:
        return stores
    return _with_default(stores, given.tracktalk_store, redactor, faults)


def _file(path: str | None, environ: Mapping[str, str], faults: Faults) -> ConfigFile | None:
    if path is None:
        return None
    # Imported here: PyYAML and the file's models cost what a question without a file saves.
    from texttosql import config  # noqa: PLC0415

    try:
        return config.read(Path(addresses.at_home(path, environ.get("HOME"))))
    except config.Unreadable as wrong:
        for fault in wrong.faults:
            faults.add(f"TRACKTALK_CONFIG: the file {path} {fault}.", "Correct the file.")
        return None


def _with_default(stores: Stores, wanted: str, redactor: Redactor, faults: Faults) -> Stores:
    try:
        store = stores.find(wanted, redactor)
    except SettingsError as wrong:
        faults.add(f"TRACKTALK_STORE: {wrong.what}", wrong.fix)
        return stores
    name = store.name if stores.known else "default"
    known = {**stores.known, name: replace(store, name=name)}
    return replace(stores, known=known, default=name)


def _journal(
    given: str | None, environ: Mapping[str, str], redactor: Redactor, faults: Faults
) -> SecretStr:
    home = environ.get("HOME")
    try:
        address = addresses.read(given or _default_journal(environ), home)
    except ValueError as wrong:
        faults.add(
            f"TRACKTALK_JOURNAL cannot be used: {wrong}.", Environment.advice("tracktalk_journal")
        )
        return SecretStr("")
    hide_password(address, redactor)
    return SecretStr(address.url)


def _default_journal(environ: Mapping[str, str]) -> str:
    """In the user's data folder; a relative XDG_DATA_HOME is to be ignored, says its standard."""
    data = Path(environ.get("XDG_DATA_HOME") or "")
    if not data.is_absolute():
        data = Path(environ.get("HOME") or Path.home()) / ".local" / "share"
    return f"{data / 'tracktalk' / 'journal.db'}"
