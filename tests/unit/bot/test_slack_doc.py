"""docs/slack.md says what there is: settings and their defaults, commands, buttons, addresses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from bot import settings as porch
from bot.manifest import read_manifest
from texttosql import config
from texttosql import settings as corridor

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "slack.md").read_text("utf-8")
FIELDS = {**corridor.Environment.model_fields, **porch.Environment.model_fields}


def _yaml(number: int) -> Any:  # Any: YAML
    return yaml.safe_load(re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[number])


def test_every_setting_it_names_exists() -> None:
    named = set(re.findall(r"\b((?:TRACKTALK|SLACK|ANTHROPIC)_[A-Z_]+)\b", TEXT))

    assert named - {name.upper() for name in FIELDS} == set()


def test_every_limit_has_the_default_it_says() -> None:
    rows = re.findall(r"^\| `(TRACKTALK_\w+)` \| .* \| (\w+) \|$", TEXT, re.MULTILINE)

    assert len(rows) == 8
    for name, unset in rows:
        default = FIELDS[name.lower()].default
        assert unset == (str(default).lower() if isinstance(default, bool) else f"{default:g}")


def test_every_command_and_shortcut_is_among_the_ways_to_ask() -> None:
    ways = TEXT.partition("## Ways to ask")[2].partition("\n## ")[0]
    features = read_manifest()["features"]

    assert [
        c["command"] for c in features["slash_commands"] if f"`{c['command']}" not in ways
    ] == []
    assert [s["name"] for s in features["shortcuts"] if f'"{s["name"]}"' not in ways] == []


def test_the_file_of_stores_it_shows_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "tracktalk.yml"
    file.write_text(yaml.safe_dump(_yaml(0)), "utf-8")

    assert set(config.read(file).stores) == {"prod", "demo"}


def test_what_http_needs_goes_where_the_manifest_has_its_like() -> None:
    shown, manifest = _yaml(1), read_manifest()
    settings = shown["settings"]

    assert set(shown["features"]) <= set(manifest["features"])
    assert set(settings) <= set(manifest["settings"])
    addresses = {
        shown["features"]["slash_commands"][0]["url"],
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        settings["interactivity"]["message_menu_options_url"],
    }
    assert addresses == {"https://bot.example.com/slack/events"}
