"""The file that TRACKTALK_CONFIG names: several stores, their policies, and who asks which.

    default: prod
    timezone: Europe/Berlin
    stores:
      prod:
        url: mysql+pymysql://reader:${MLFLOW_DB_PASSWORD}@db/mlflow
        policy: fraud-team
      demo: sqlite:///demo.db
    policies:
      fraud-team:
        experiments: [fraud, 12]        # names as text, ids as numbers
    channels:
      C0123456789:
        store: prod

Only its own shape is judged here; `settings` judges what it says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails

_REFERENCE = re.compile(r"\$\{(\w+)\}")

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][\w.-]*$")]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class StoreEntry(_Entry):
    """A store's address, and what differs from the other stores."""

    url: str
    timezone: str | None = None
    policy: str | None = None


class PolicyEntry(_Entry):
    """The only experiments that may be asked about: names as text, ids as numbers."""

    experiments: tuple[StrictInt | StrictStr, ...] = Field(min_length=1)


class ChannelEntry(_Entry):
    """What a Slack channel asks when it names no store."""

    store: str


def _just_an_address(given: object) -> object:
    return {"url": given} if isinstance(given, str) else given


class ConfigFile(_Entry):
    """The whole file."""

    stores: dict[Name, Annotated[StoreEntry, BeforeValidator(_just_an_address)]] = Field(
        min_length=1
    )
    default: str | None = None
    timezone: str | None = None
    policies: dict[Name, PolicyEntry] = Field(default_factory=dict)
    channels: dict[str, ChannelEntry] = Field(default_factory=dict)


class Unreadable(Exception):
    """The file cannot be used; `faults` are sentences, one for each thing that is wrong."""

    def __init__(self, *faults: str) -> None:
        super().__init__(*faults)
        self.faults = faults


def read(path: Path) -> ConfigFile:
    """The file's content. Raises Unreadable; no sentence of it repeats a value of the file."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return ConfigFile.model_validate(content)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        # Without the cause: its text may quote the file, and with it a password.
        raise Unreadable(*_faults(error)) from None


def _faults(error: Exception) -> tuple[str, ...]:
    if isinstance(error, ValidationError):
        return tuple(map(_fault, error.errors(include_input=False)))
    if isinstance(error, OSError):
        return (f"cannot be read ({error.strerror or 'unknown reason'})",)
    mark = getattr(error, "problem_mark", None)
    where = f" (line {mark.line + 1})" if mark else ""
    return (f"is not YAML in UTF-8{where}",)


def _fault(error: ErrorDetails) -> str:
    where = ".".join(str(step) for step in error["loc"] if step != "[key]") or "its top"
    if error["type"] == "extra_forbidden":
        return f"has {where}, which is no setting of it"
    return f"has a fault at {where}: {error['msg'].lower()}"


def filled_in(url: str, environ: Mapping[str, str]) -> str:
    """The address with each `${NAME}` replaced. Raises KeyError with the first missing name.

    In the password's place the value is quoted: it may hold any character.
    """

    def value(found: re.Match[str]) -> str:
        given = environ[found[1]]
        is_password = url[found.end() :].startswith("@")
        return quote(given, safe="") if is_password else given

    return _REFERENCE.sub(value, url)
