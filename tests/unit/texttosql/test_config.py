"""A configuration file with faults: told all at once, by place, without repeating its secrets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from texttosql.errors import SettingsError
from texttosql.settings import from_env

Written = Callable[[str], dict[str, str]]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """The environment that names a configuration file with this text."""

    def write(text: str) -> dict[str, str]:
        path = tmp_path / "tracktalk.yml"
        path.write_text(text, encoding="utf-8")
        return {"TRACKTALK_CONFIG": f"{path}"}

    return write


def _fault(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as wrong:
        from_env(environ)
    return str(wrong.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "has a fault at its top"),
        ("- prod", "has a fault at its top"),
        ("stores: {a: [", "is not YAML in UTF-8 (line"),
        ("stores: {}", "has a fault at stores"),
        ("stores: {a: /x/a.db}\nstroes: 1", "has stroes, which is no setting of it"),
        ("stores: {a: {url: /x/a.db, pass: p}}", "has stores.a.pass, which is no setting"),
        ("stores: {a: {policy: p}}", "has a fault at stores.a.url: field required"),
        ("stores: {'a/b': /x/a.db}", "has a fault at stores.a/b"),
        ("stores: {a: /x/a.db}\ndefault: b", "default names the store 'b'"),
        ("stores: {a: /x/a.db}\ntimezone: Mars", "timezone is 'Mars', which is no time zone"),
        ("stores: {a: {url: /a.db, timezone: Mars}}", "stores.a.timezone is 'Mars'"),
        ("stores: {a: {url: /a.db, policy: p}}", "names the policy 'p'"),
        ("stores: {a: /a.db}\nchannels: {C1: {store: b}}", "channels.C1.store names the store 'b'"),
        ("stores: {a: /a.db}\npolicies: {p: {experiments: []}}", "policies.p.experiments"),
        ("stores: {a: /a.db}\npolicies: {p: {experiments: [true]}}", "policies.p.experiments"),
        ("stores: {a: 'mysql://r:${NOPE}@db/m'}", "needs NOPE, which is not set. Set NOPE"),
        ("stores: {a: 'http://mlflow:5000'}", "stores.a.url cannot be used: it is a tracking"),
    ],
)
def test_a_faulty_file_says_where_and_why(written: Written, text: str, says: str) -> None:
    assert says in _fault(written(text))


def test_a_store_with_a_fault_is_not_also_called_unknown(written: Written) -> None:
    environ = written("stores: {a: 'mysql://r:${NOPE}@db/m', b: /b.db}")

    assert "NOPE" in _fault({**environ, "TRACKTALK_STORE": "a"})
    assert "no store called" not in _fault({**environ, "TRACKTALK_STORE": "a"})


def test_a_faulty_file_does_not_leak_what_it_holds(written: Written) -> None:
    told = _fault(written("stores: {a: {url: [mysql://r:hush-hush@db/m]}, b: 'hush-hush"))

    assert "hush" not in told
