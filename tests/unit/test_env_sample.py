""".env.sample is complete, names nothing that no settings class knows, and works as it is."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from pydantic_settings import BaseSettings

from bot.settings import BotSettings
from bot.settings import Environment as Porch
from bot.settings import from_env as bot_from_env
from texttosql.settings import Environment, from_env

SAMPLE = Path(__file__).parents[2] / ".env.sample"
CLASSES: tuple[type[BaseSettings], ...] = (Environment, Porch)


def _sample() -> dict[str, str]:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def test_the_sample_lists_exactly_what_the_settings_know() -> None:
    known = [name.upper() for each in CLASSES for name in each.model_fields]

    assert sorted(_sample()) == sorted(known)


def test_every_setting_is_explained_right_above_it() -> None:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    bare = [
        line
        for above, line in pairwise(lines)
        if line and not line.startswith("#") and not above.startswith("# ")
    ]

    assert bare == []


def test_the_sample_as_it_is_means_the_defaults(tmp_path: Path) -> None:
    home = {"HOME": f"{tmp_path}"}

    assert from_env(_sample() | home) == from_env(home)


def test_the_sample_as_it_is_means_the_bots_defaults(tmp_path: Path) -> None:
    needed = {
        "HOME": f"{tmp_path}",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "TRACKTALK_STORE": "sqlite:///mlflow.db",
    }

    filled: BotSettings = bot_from_env(_sample() | needed)
    assert filled == bot_from_env(needed)


def test_every_setting_says_what_to_set() -> None:
    silent = [n for each in CLASSES for n, f in each.model_fields.items() if not f.description]

    assert silent == []
