"""Words become names of the store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.texttosql.offline.asking import Team
from texttosql.offline.lexer import words
from texttosql.offline.line import Line
from texttosql.offline.link import link
from texttosql.offline.names import NameIndex


def named(team: Team, text: str, **metrics: int) -> list[str]:
    """The metrics that a text names in a store that logs these, too."""
    catalog = team.storehouse.snapshot().catalog
    index = NameIndex(replace(catalog, metrics={**catalog.metrics, **metrics}))
    found = link(Line(words(text)), index)
    return [name.text for mention in found for name in mention.names if name.kind == "metric"]


@pytest.mark.parametrize("text", ["fewer than 13 epochs", "runs with at least 5 epochs"])
def test_a_bounded_number_of_epochs_is_the_one_key_that_counts_them(text: str, team: Team) -> None:
    assert named(team, text, epochs_trained=4) == ["epochs_trained"]


def test_which_epochs_are_bounded_is_left_open_where_several_keys_count_them(team: Team) -> None:
    assert named(team, "fewer than 13 epochs", epochs_trained=4, epochs_planned=4) == []


def test_epochs_without_a_bound_are_no_name(team: Team) -> None:
    assert named(team, "how many epochs", epochs_trained=4) == []
