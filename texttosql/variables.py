"""Environment variables as one class's fields: read from a mapping, every fault told at once.

Empty values count as unset. A field's description says what to set, and where to get it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from texttosql.faults import Faults
from texttosql.redact import Redactor


class Variables(BaseSettings):
    """A base for such classes; a field's name in capitals is its variable's."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed over counts, never the process's own environment."""
        return (init_settings,)

    @classmethod
    def read(cls, environ: Mapping[str, str], redactor: Redactor, faults: Faults) -> Self:
        """What can be read; a variable that cannot is a fault, and as if unset from then on.

        The redactor knows every SecretStr before anything can be told.
        """
        found = _Given(cls, environ)()
        for name, field in cls.model_fields.items():
            if field.annotation in {SecretStr, SecretStr | None}:
                redactor.add(found.get(name))
        try:
            return cls.model_validate(found)
        except ValidationError as wrong:
            for error in wrong.errors(include_url=False):
                name = str(error["loc"][0])
                value = redactor.redact(f"{found.pop(name)!r}")
                what = f"{name.upper()} is {value}: {error['msg'][0].lower()}{error['msg'][1:]}."
                faults.add(what, cls.advice(name))
            return cls.model_validate(found)

    @classmethod
    def advice(cls, name: str) -> str:
        """What to set a field's variable to, and where to get it."""
        return cls.model_fields[name].description or ""


class _Given(PydanticBaseSettingsSource):
    """Reads a mapping as pydantic-settings reads the environment; empty values count as unset."""

    def __init__(self, settings_cls: type[BaseSettings], environ: Mapping[str, str]) -> None:
        super().__init__(settings_cls)
        self._environ = environ

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[str | None, str, bool]:  # noqa: ARG002
        """The variable's value, if it has one; its name is the field's in capitals."""
        return self._environ.get(field_name.upper(), "").strip() or None, field_name, False

    def __call__(self) -> dict[str, Any]:  # Any: pydantic's signature
        """Field names with their values, without the unset."""
        fields = self.settings_cls.model_fields.items()
        found = {name: self.get_field_value(each, name)[0] for name, each in fields}
        return {name: value for name, value in found.items() if value is not None}
