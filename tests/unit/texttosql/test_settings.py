"""What comes in from outside: read once, checked all together, with no secret told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from texttosql.configured import Policy
from texttosql.errors import ExitCode, SettingsError
from texttosql.settings import from_env

Written = Callable[[str], dict[str, str]]

TEAM = """
    default: prod
    timezone: Europe/Berlin
    stores:
      prod:
        url: mysql+pymysql://reader:${DB_PASSWORD}@db/mlflow
        policy: fraud-team
      tokyo:
        url: mysql://reader@${TOKYO_HOST}/mlflow
        timezone: Asia/Tokyo
      demo: sqlite:////data/demo.db
    policies:
      fraud-team:
        experiments: [fraud, "007", 12]
    channels:
      C0123: {store: tokyo}
"""
VARIABLES = {"DB_PASSWORD": "p@ss/w:rd%41", "TOKYO_HOST": "tokyo.example:3307"}


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """The environment that names a configuration file with this text."""

    def write(text: str) -> dict[str, str]:
        path = tmp_path / "tracktalk.yml"
        path.write_text(dedent(text), encoding="utf-8")
        return {"TRACKTALK_CONFIG": f"{path}", "HOME": "/home/ann"}

    return write


def _fault(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as wrong:
        from_env(environ)
    assert wrong.value.exit_code == ExitCode.USAGE
    return str(wrong.value)


def test_without_any_variable_everything_has_a_default() -> None:
    settings = from_env({"HOME": "/home/ann"})

    assert settings.journal.get_secret_value() == (
        "sqlite:////home/ann/.local/share/tracktalk/journal.db"
    )
    assert (settings.deadline, settings.max_rows, settings.catalog_ttl) == (30, 1_000, 300)
    assert (settings.engine, settings.engine_for()) == ("auto", "offline")
    assert f"{settings.timezone}" == "UTC"


def test_the_journal_follows_the_users_data_folder_unless_it_is_relative() -> None:
    moved = from_env({"HOME": "/home/ann", "XDG_DATA_HOME": "/data"})
    relative = from_env({"HOME": "/home/ann", "XDG_DATA_HOME": "data"})

    assert moved.journal.get_secret_value() == "sqlite:////data/tracktalk/journal.db"
    assert relative.journal.get_secret_value().startswith("sqlite:////home/ann/.local/share/")


def test_reading_settings_makes_no_file(tmp_path: Path) -> None:
    from_env({"HOME": f"{tmp_path}", "TRACKTALK_STORE": f"{tmp_path}/none.db"})

    assert list(tmp_path.iterdir()) == []


def test_the_process_environment_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKTALK_MAX_ROWS", "7")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-not-handed-over")

    settings = from_env({})

    assert (settings.max_rows, settings.model.key) == (1_000, None)


def test_empty_values_count_as_unset() -> None:
    settings = from_env({"TRACKTALK_DEADLINE": "", "ANTHROPIC_API_KEY": "  ", "HOME": "/h"})

    assert settings == from_env({"HOME": "/h"})


def test_every_variable_is_heard() -> None:
    settings = from_env({
        "TRACKTALK_STORE": "mysql://bot:hush@db/mlflow",
        "TRACKTALK_JOURNAL": "mariadb://bot:hush2@db/journal",
        "TRACKTALK_ENGINE": "claude",
        "TRACKTALK_TIMEZONE": "Asia/Tokyo",
        "TRACKTALK_DEADLINE": "2.5",
        "TRACKTALK_MAX_ROWS": "10",
        "TRACKTALK_CATALOG_TTL": "0",
        "TRACKTALK_MODEL": "claude-haiku-5-5",
        "ANTHROPIC_API_KEY": "sk-ant-1",
        "ANTHROPIC_BASE_URL": "http://127.0.0.1:9/",
    })  # fmt: skip

    store = settings.store()
    assert (store.name, store.url.get_secret_value(), f"{store.timezone}", store.policy) == (
        "default",
        "mysql+pymysql://bot:hush@db/mlflow",
        "Asia/Tokyo",
        None,
    )
    assert settings.journal.get_secret_value() == "mysql+pymysql://bot:hush2@db/journal"
    assert (settings.deadline, settings.max_rows, settings.catalog_ttl) == (2.5, 10, 0)
    assert (settings.engine_for(), settings.model.name) == ("claude", "claude-haiku-5-5")
    assert settings.model.key is not None
    assert settings.model.key.get_secret_value() == "sk-ant-1"
    assert settings.model.base_url == "http://127.0.0.1:9/"


def test_all_faults_are_told_together_each_with_what_to_do() -> None:
    told = _fault({
        "TRACKTALK_STORE": "postgresql://bot:hush-hush@db/mlflow",
        "TRACKTALK_JOURNAL": "mysql://bot:hush-hush@db",
        "TRACKTALK_ENGINE": "claud",
        "TRACKTALK_TIMEZONE": "Europe/Berlni",
        "TRACKTALK_DEADLINE": "-1",
        "TRACKTALK_MAX_ROWS": "lots",
        "TRACKTALK_CATALOG_TTL": "nan",
        "TRACKTALK_CONFIG": "/nowhere/tracktalk.yml",
        "ANTHROPIC_BASE_URL": "ftp://x:hush-hush@gateway",
    })  # fmt: skip

    lines = told.splitlines()
    assert lines[0] == "9 settings are wrong:"
    assert ".env.sample" in lines[-1]
    for name, help_ in {
        "TRACKTALK_STORE": "postgresql databases are not supported",
        "TRACKTALK_JOURNAL": "Set it to sqlite:///path/journal.db",
        "TRACKTALK_ENGINE": "Set it to offline, claude or auto",
        "TRACKTALK_TIMEZONE": "Did you mean Europe/Berlin",
        "TRACKTALK_DEADLINE": "up to 3600",
        "TRACKTALK_MAX_ROWS": "from 1 to 100000",
        "TRACKTALK_CATALOG_TTL": "Set it to the seconds",
        "TRACKTALK_CONFIG": "cannot be read (No such file or directory)",
        "ANTHROPIC_BASE_URL": "http(s) address",
    }.items():
        (line,) = [line for line in lines if line.startswith(f"  - {name}")]
        assert help_ in line
    assert "hush" not in told


def test_a_single_fault_is_one_line() -> None:
    told = _fault({"TRACKTALK_MAX_ROWS": "0"})

    assert told.startswith("TRACKTALK_MAX_ROWS is '0': input should be greater than or equal to 1.")
    assert "\n" not in told


def test_the_engine_claude_without_a_key_says_where_to_get_one() -> None:
    assert "Anthropic console" in _fault({"TRACKTALK_ENGINE": "claude"})
    with pytest.raises(SettingsError, match=r"needs a key.*Anthropic console"):
        from_env({}).engine_for("claude")


def test_a_flag_outdoes_the_engine_setting() -> None:
    settings = from_env({"ANTHROPIC_API_KEY": "sk-ant-1"})

    assert (settings.engine_for(), settings.engine_for("offline")) == ("auto", "offline")
    with pytest.raises(SettingsError, match="no engine called 'gpt'"):
        settings.engine_for("gpt")


def test_secrets_are_shown_nowhere_and_known_to_the_redactor(written: Written) -> None:
    settings = from_env({
        **written(TEAM),
        **VARIABLES,
        "TRACKTALK_JOURNAL": "mysql://bot:hush-journal@db/journal",
        "ANTHROPIC_API_KEY": "hush-key",
    })  # fmt: skip
    settings.store("mysql://bot:hush-flag@db/elsewhere")

    shown = repr(settings)
    said = settings.redactor.redact(f"{VARIABLES} hush-journal hush-key hush-flag")
    assert "hush" not in shown + said
    assert "p@ss" not in shown + said


def test_a_password_that_is_also_the_users_name_does_not_blank_every_log_line() -> None:
    settings = from_env({"TRACKTALK_STORE": "mysql://mlflow:mlflow@db/mlflow"})

    assert settings.redactor.redact("not an mlflow store") == "not an mlflow store"


def test_a_file_gives_stores_with_their_zones_and_policies(written: Written) -> None:
    settings = from_env({**written(TEAM), **VARIABLES})

    prod, tokyo, demo = (settings.store(name) for name in ("prod", "tokyo", "demo"))
    assert settings.store() == prod
    assert prod.url.get_secret_value() == ("mysql+pymysql://reader:p%40ss%2Fw%3Ard%2541@db/mlflow")
    assert prod.policy == Policy("fraud-team", frozenset({"fraud", "007"}), frozenset({12}))
    assert tokyo.url.get_secret_value() == "mysql+pymysql://reader@tokyo.example:3307/mlflow"
    assert [f"{each.timezone}" for each in (prod, tokyo, demo)] == [
        "Europe/Berlin",
        "Asia/Tokyo",
        "Europe/Berlin",
    ]
    assert settings.channels == {"C0123": "tokyo"}


def test_variables_outdo_the_file(written: Written) -> None:
    environ = {**written(TEAM), **VARIABLES, "TRACKTALK_TIMEZONE": "America/Lima"}

    settings = from_env({**environ, "TRACKTALK_STORE": "demo"})

    assert (settings.store().name, f"{settings.store().timezone}") == ("demo", "America/Lima")


def test_an_address_of_a_known_database_is_no_way_around_its_policy(written: Written) -> None:
    settings = from_env({**written(TEAM), **VARIABLES})

    store = settings.store("mysql://someone:else@DB:3306/mlflow")

    assert (store.name, store.policy) == ("prod", settings.store("prod").policy)
    assert store.url.get_secret_value() == "mysql+pymysql://someone:else@DB:3306/mlflow"


def test_a_bare_path_is_a_store(tmp_path: Path) -> None:
    store = from_env({}).store(f"{tmp_path}/mlflow.db")

    assert store.url.get_secret_value() == f"sqlite:///{tmp_path}/mlflow.db"
    assert store.name == store.url.get_secret_value()


def test_an_unnamed_stores_name_has_no_password_in_it() -> None:
    assert from_env({}).store("mysql://a:hush@db/m").name == "mysql+pymysql://a:********@db/m"


def test_a_mistyped_store_gets_the_near_names(written: Written) -> None:
    settings = from_env({**written(TEAM), **VARIABLES})

    with pytest.raises(SettingsError, match=r"called 'prd'\. Did you mean prod\?"):
        settings.store("prd")
    with pytest.raises(SettingsError, match="Known: prod, tokyo, demo"):
        settings.store("zzzzzz")


def test_no_store_at_all_says_how_to_name_one() -> None:
    with pytest.raises(SettingsError, match="TRACKTALK_STORE, or give --store: sqlite:///"):
        from_env({}).store()


def test_several_stores_without_a_default_say_which_there_are(written: Written) -> None:
    settings = from_env(written("stores: {a: /x/a.db, b: /x/b.db}"))

    with pytest.raises(SettingsError, match=r"several stores \(a, b\)"):
        settings.store()


def test_an_only_store_is_the_default(written: Written) -> None:
    assert from_env(written("stores: {a: /x/a.db}")).store().name == "a"


def test_settings_without_a_file_do_not_load_yaml_or_a_driver() -> None:
    look = (
        "import sys; from texttosql.settings import from_env; from_env({}); "
        "print([n for n in ('yaml', 'sqlalchemy', 'pymysql', 'anthropic') if n in sys.modules])"
    )

    seen = subprocess.run(  # noqa: S603  our own program text
        [sys.executable, "-c", look], capture_output=True, text=True, check=True
    )

    assert seen.stdout.strip() == "[]"
