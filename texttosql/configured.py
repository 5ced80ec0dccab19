"""The stores that may be asked: found by name or by address, each with its zone and policy.

A database that the file configures keeps its policy, by whatever address it is asked for. What
is wrong with the file's stores goes to `Faults`; no sentence here has a password in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from pydantic import SecretStr

from texttosql import address as addresses
from texttosql.address import Address
from texttosql.errors import SettingsError
from texttosql.faults import Faults, did_you_mean
from texttosql.redact import Redactor

if TYPE_CHECKING:
    from texttosql.config import ConfigFile, StoreEntry

UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Policy:
    """The only experiments of a store that may be asked about, by name or by id."""

    name: str
    experiment_names: frozenset[str]
    experiment_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """One store. `url` is as SQLAlchemy takes it; an unnamed store's name is its masked address."""

    name: str
    url: SecretStr
    timezone: ZoneInfo
    policy: Policy | None = None


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores known by name. `timezone` is for those that are named by address alone."""

    known: Mapping[str, StoreSettings]
    default: str | None
    timezone: ZoneInfo
    home: str | None = None

    def find(self, wanted: str | None, redactor: Redactor) -> StoreSettings:
        """The store of that name or address, or the default one. Raises SettingsError."""
        name = (wanted or "").strip() or self.default
        if name is None:
            raise self._none_chosen()
        if name in self.known:
            return self.known[name]
        if not addresses.looks_like_address(name):
            raise self._unknown(name)
        try:
            address = addresses.read(name, self.home)
        except ValueError as wrong:
            raise _unusable(wrong) from None
        hide_password(address, redactor)
        return self._at(address)

    def _at(self, address: Address) -> StoreSettings:
        """The configured store in that place, with this login; else one without a policy.

        Where one database has several names, one with a policy counts: an address alone must
        not open more than any name does.
        """
        url = SecretStr(address.url)
        here = [each for each in self.known.values() if _place(each) == address.place]
        for store in sorted(here, key=lambda each: each.policy is None):
            return replace(store, url=url)
        return StoreSettings(address.masked, url, self.timezone)

    def _none_chosen(self) -> SettingsError:
        if not self.known:
            fix = f"Set TRACKTALK_STORE, or give --store: {addresses.EXAMPLES}."
            return SettingsError("No store is named, so there is nothing to ask.", fix)
        what = f"There are several stores ({', '.join(self.known)}), and none is the default."
        return SettingsError(what, "Set TRACKTALK_STORE to one of them, or give --store.")

    def _unknown(self, wanted: str) -> SettingsError:
        what = f"There is no store called {wanted!r}."
        if not self.known:
            return SettingsError(what, f"Give the store's address: {addresses.EXAMPLES}.")
        return SettingsError(what, did_you_mean(wanted, self.known, _list(self.known)))


class Configured:
    """What the file says about its stores, judged; faults are told by their place in the file."""

    def __init__(
        self, file: ConfigFile, environ: Mapping[str, str], redactor: Redactor, faults: Faults
    ) -> None:
        self._file = file
        self._environ = environ
        self._redactor = redactor
        self._faults = faults

    def stores(self, timezone: ZoneInfo) -> dict[str, StoreSettings]:
        """The usable stores by name; `timezone` is for those that have none of their own."""
        self._check_names()
        entries = self._file.stores.items()
        found = (self._store(name, entry, timezone) for name, entry in entries)
        return {store.name: store for store in found if store is not None}

    def _check_names(self) -> None:
        used = {f"channels.{name}.store": each.store for name, each in self._file.channels.items()}
        if self._file.default is not None:
            used = {"default": self._file.default, **used}
        for where, store in used.items():
            if store not in self._file.stores:
                self._missing(where, "store", store, self._file.stores)

    def _store(self, name: str, entry: StoreEntry, timezone: ZoneInfo) -> StoreSettings | None:
        url = self._url(name, entry.url)
        own = zone(entry.timezone, f"TRACKTALK_CONFIG stores.{name}.timezone", self._faults)
        policy = self._policy(name, entry.policy)
        if url is None:
            return None
        return StoreSettings(name, SecretStr(url), own or timezone, policy)

    def _url(self, name: str, text: str) -> str | None:
        from texttosql.config import filled_in  # noqa: PLC0415  only a file's reader pays for it

        where = f"TRACKTALK_CONFIG stores.{name}.url"
        try:
            address = addresses.read(filled_in(text, self._environ), self._environ.get("HOME"))
        except KeyError as missing:
            variable = missing.args[0]
            what = f"{where} needs {variable}, which is not set."
            self._faults.add(what, f"Set {variable}, or take ${{{variable}}} out of the file.")
        except ValueError as wrong:
            self._faults.add(f"{where} cannot be used: {wrong}.", "Correct the file.")
        else:
            hide_password(address, self._redactor)
            return address.url
        return None

    def _policy(self, store: str, name: str | None) -> Policy | None:
        if name is None:
            return None
        entry = self._file.policies.get(name)
        if entry is None:
            self._missing(f"stores.{store}.policy", "policy", name, self._file.policies)
            return None
        names = frozenset(each for each in entry.experiments if isinstance(each, str))
        ids = frozenset(each for each in entry.experiments if isinstance(each, int))
        return Policy(name, names, ids)

    def _missing(self, where: str, kind: str, name: str, known: Mapping[str, object]) -> None:
        what = f"TRACKTALK_CONFIG: {where} names the {kind} {name!r}, which the file does not have."
        self._faults.add(what, did_you_mean(name, known, _list(known)))


def scope_of(store: StoreSettings) -> str:
    """Where a verified example may be used: this store, in this place, under this very policy.

    A policy that changes, or another database under the same name, is another scope: what was
    verified where more could be seen is never shown or sent where less may be.
    """
    policy = store.policy
    allowed = None
    if policy is not None:
        allowed = [sorted(policy.experiment_names), sorted(policy.experiment_ids)]
    told = json.dumps([_place(store), allowed])
    return f"{store.name}/{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def zone(name: str | None, where: str, faults: Faults) -> ZoneInfo | None:
    """The time zone of that name; None when none is given, and after noting a fault."""
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    # A part of a name, such as Europe, is a folder: what that raises is the system's choice.
    except (KeyError, ValueError, OSError):
        otherwise = "Use an IANA name such as Europe/Berlin."
        fix = did_you_mean(name, available_timezones(), otherwise)
        faults.add(f"{where} is {name!r}, which is no time zone.", fix)
        return None


def hide_password(address: Address, redactor: Redactor) -> None:
    """Let the redactor know the password, unless it is a word of the address that may be shown.

    The password "mlflow" of the user mlflow is hidden inside addresses alone: hiding it
    everywhere would blank a word of every other log line, and give it away by that.
    """
    if address.password not in {address.user, address.database}:
        redactor.add(address.password)


def _place(store: StoreSettings) -> tuple[str, ...]:
    return addresses.read(store.url.get_secret_value()).place


def _list(known: Iterable[str]) -> str:
    names = ", ".join(known)
    return f"Known: {names}." if names else "Add it to the file, or take the name out."


def _unusable(wrong: ValueError) -> SettingsError:
    return SettingsError(f"The store's address cannot be used: {wrong}.", "Correct the address.")
