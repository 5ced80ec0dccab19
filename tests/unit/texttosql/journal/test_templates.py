"""Templates and favourites on disk: who sees them, who may change them, what a name is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.unit.texttosql.journal.conftest import Clock
from texttosql.errors import TemplateError
from texttosql.journal.database import Database
from texttosql.journal.favourites import SHOWN, SqlFavourites
from texttosql.journal.templates import SqlTemplates
from texttosql.templates import BUILT_IN, Template

MINE = Template("", "Weekly best", "best runs by {metric}", owner="ann", place="C1", team="T1")


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    opened = Database.open(address)
    yield opened
    opened.close()


@pytest.fixture
def templates(database: Database) -> SqlTemplates:
    return SqlTemplates(database, Clock())


@pytest.fixture
def favourites(database: Database) -> SqlFavourites:
    return SqlFavourites(database, Clock())


def _own(templates: SqlTemplates, user: str, place: str | None, team: str | None) -> list[str]:
    seen = templates.visible_to(user, place, team)
    assert seen[-len(BUILT_IN) :] == BUILT_IN
    return [each.name for each in seen[: -len(BUILT_IN)]]


def test_a_template_comes_back_as_it_was_saved(templates: SqlTemplates) -> None:
    saved = templates.save(replace(MINE, name="  Weekly 🚀 ", text=" best by {metric}\n"))

    assert saved == replace(MINE, id=saved.id, name="Weekly 🚀", text="best by {metric}")
    assert templates.get(saved.id) == saved
    assert templates.get("0nowhere") is None


def test_each_sees_their_own_the_channels_the_teams_and_the_shipped(
    templates: SqlTemplates,
) -> None:
    templates.save(replace(MINE, name="team", scope="team"))
    templates.save(replace(MINE, name="channel", scope="channel"))
    templates.save(replace(MINE, name="b personal"))
    templates.save(replace(MINE, name="A personal"))

    assert _own(templates, "ann", "C1", "T1") == ["A personal", "b personal", "channel", "team"]
    assert _own(templates, "bob", "C1", "T1") == ["channel", "team"]
    assert _own(templates, "bob", "C2", "T1") == ["team"]
    assert _own(templates, "ann", None, "T2") == ["A personal", "b personal"]


def test_a_name_is_taken_once_in_one_place_whatever_its_case(templates: SqlTemplates) -> None:
    templates.save(MINE)

    with pytest.raises(TemplateError, match="called “WEEKLY BEST” already"):
        templates.save(replace(MINE, name="WEEKLY BEST"))

    templates.save(replace(MINE, owner="bob"))
    templates.save(replace(MINE, scope="channel"))
    templates.save(replace(MINE, scope="channel", place="C2"))
    with pytest.raises(TemplateError, match="already"):
        templates.save(replace(MINE, scope="channel", owner="bob"))


def test_renaming_onto_another_template_is_refused_and_changes_nothing(
    templates: SqlTemplates,
) -> None:
    templates.save(MINE)
    other = templates.save(replace(MINE, name="other"))

    with pytest.raises(TemplateError, match="already"):
        templates.edit(replace(other, name="weekly best"), "ann")

    assert templates.get(other.id) == other
    again = templates.edit(replace(other, name="OTHER", text="how many runs"), "ann")
    assert templates.get(other.id) == again


def test_a_personal_template_is_changed_by_its_owner_alone(templates: SqlTemplates) -> None:
    saved = templates.save(MINE)

    with pytest.raises(TemplateError, match="somebody else's"):
        templates.edit(replace(saved, text="mine now"), "bob")
    with pytest.raises(TemplateError, match="somebody else's"):
        templates.delete(saved.id, "bob")

    assert templates.get(saved.id) == saved
    assert templates.delete(saved.id, "ann")
    assert not templates.delete(saved.id, "ann")


def test_a_shared_template_is_everybodys_and_taken_back_by_its_owner_alone(
    templates: SqlTemplates,
) -> None:
    shared = templates.save(replace(MINE, scope="channel"))

    edited = templates.edit(replace(shared, text="best by f1", owner="bob"), "bob")
    assert (edited.text, edited.owner) == ("best by f1", "ann")
    with pytest.raises(TemplateError, match="somebody else's"):
        templates.edit(replace(edited, scope="personal"), "bob")
    assert templates.edit(replace(edited, scope="personal"), "ann").scope == "personal"
    assert _own(templates, "bob", "C1", "T1") == []


def test_a_shipped_template_can_be_read_and_not_changed(templates: SqlTemplates) -> None:
    shipped = BUILT_IN[0]

    assert templates.get(shipped.id) == shipped
    with pytest.raises(TemplateError, match="comes with Tracktalk"):
        templates.edit(replace(shipped, text="x"), "ann")
    with pytest.raises(TemplateError, match="comes with Tracktalk"):
        templates.delete(shipped.id, "ann")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, "needs a name"),
        ({"text": " "}, "needs a name and a question"),
        ({"name": "x" * 81}, "81 characters"),
        ({"text": "best by {metric"}, "lone {"),
        ({"scope": "channel", "place": None}, "has to say which"),
    ],
)
def test_what_could_never_be_run_is_not_saved(
    templates: SqlTemplates, changed: dict[str, str], said: str
) -> None:
    with pytest.raises(TemplateError, match=said):
        templates.save(replace(MINE, **changed))  # type: ignore[arg-type]  # wrong on purpose


def test_editing_a_template_that_is_gone_says_so(templates: SqlTemplates) -> None:
    with pytest.raises(TemplateError, match="not there any more"):
        templates.edit(replace(MINE, id="0nowhere"), "ann")


def test_favourites_are_each_users_own_newest_first(favourites: SqlFavourites) -> None:
    favourites.add("ann", "best runs 🚀", "prod", "0turn")
    favourites.add("ann", "failed runs", "prod")
    favourites.add("bob", "slow runs", "prod")

    assert [(each.text, each.store, each.turn_id) for each in favourites.of("ann")] == [
        ("failed runs", "prod", None),
        ("best runs 🚀", "prod", "0turn"),
    ]


def test_a_favourite_added_again_is_there_once_and_newest(favourites: SqlFavourites) -> None:
    favourites.add("ann", "best runs", "prod", "0first")
    favourites.add("ann", "failed runs", "prod")
    favourites.add("ann", "best runs", "prod", "0second")

    found = favourites.of("ann")

    assert [(each.text, each.turn_id) for each in found] == [
        ("best runs", "0second"),
        ("failed runs", None),
    ]


def test_a_favourite_of_one_store_is_not_that_of_another(favourites: SqlFavourites) -> None:
    favourites.add("ann", "best runs", "prod")
    favourites.add("ann", "best runs", "dev")

    favourites.remove("ann", "best runs", "prod")
    favourites.remove("ann", "best runs", "prod")

    assert [each.store for each in favourites.of("ann")] == ["dev"]


def test_only_the_newest_favourites_are_shown(favourites: SqlFavourites) -> None:
    for number in range(SHOWN + 3):
        favourites.add("ann", f"question {number}", "prod")

    found = favourites.of("ann")

    assert len(found) == SHOWN
    assert (found[0].text, found[-1].text) == (f"question {SHOWN + 2}", "question 3")
