"""Templates: their gaps, what is put into them, and that every shipped one really answers."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.demo_fixture import demo_database
from tests.unit.texttosql.offline.small_store import new_small_store
from texttosql.assistant import Assistant
from texttosql.catalog import Catalog
from texttosql.errors import TemplateError
from texttosql.flow import Question, Reply
from texttosql.journal.memory import MemoryJournal
from texttosql.offline.engine import OfflineInterpreter
from texttosql.schema import Schema
from texttosql.storehouse import Storehouse
from texttosql.templates import (
    BUILT_IN,
    MOST_OFFERED,
    Parameter,
    Template,
    fill,
    parameters,
    values_for,
)
from texttosql.warehouses import open_warehouse

ZONE = ZoneInfo("UTC")
AWKWARD = ("fraud: v2 (final)", "best runs", "last week", 'the "new" one', "a,b & c")


@dataclass(frozen=True, slots=True)
class Asking:
    """A store, and who answers about it on the day of its newest run."""

    storehouse: Storehouse
    assistant: Assistant

    @property
    def catalog(self) -> Catalog:
        return self.storehouse.snapshot().catalog

    def ask(self, text: str) -> Reply:
        now = datetime.fromtimestamp(self.catalog.last_ms / 1000, UTC) + timedelta(hours=6)
        return self.assistant.ask(Question(text, now, next(iter(self.catalog.users))))


def _open(path: Path) -> Asking:
    storehouse = Storehouse(
        open_warehouse(f"sqlite:///{path}"), max_rows=500, deadline=20, ttl=3_600,
        clock=time.monotonic,
    )  # fmt: skip
    mind = OfflineInterpreter(ZONE)
    return Asking(storehouse, Assistant(storehouse, mind, MemoryJournal(), ZONE, time.perf_counter))


@pytest.fixture(scope="module", params=["demo", "small"])
def asking(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asking]:
    """The demo store, and one of another team that has nothing in common with it."""
    small = tmp_path_factory.mktemp("small") / "mlflow.db"
    opened = _open(demo_database() if request.param == "demo" else new_small_store(small))
    yield opened
    opened.assistant.close()


def test_the_gaps_of_a_text_in_order_each_once_with_kind_and_default() -> None:
    text = "best {n=5} by {metric} in {experiment} vs {experiment_2}, { n } of {metric}"
    assert parameters(text) == (
        Parameter("n", "number", "5"),
        Parameter("metric", "metric"),
        Parameter("experiment", "experiment"),
        Parameter("experiment_2", "experiment"),
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("metric_b", "metric"), ("Metric", "metric"), ("metric2", "metric"), ("days", "number"),
        ("k", "number"), ("threshold", "number"), ("param", "param"), ("model", "model"),
        ("user_3", "user"), ("tag", "tag"), ("words", "text"), ("b", "text"), ("x_1", "text"),
    ],
)  # fmt: skip
def test_a_parameters_name_says_what_it_stands_for(name: str, kind: str) -> None:
    assert [each.kind for each in parameters(f"a {{{name}}} b")] == [kind]


@pytest.mark.parametrize("text", ["best {n", "best n}", "{}", "{a b}", "{a {b} c}"])
def test_a_brace_that_belongs_to_nothing_is_told(text: str) -> None:
    with pytest.raises(TemplateError, match="lone"):
        parameters(text)


def test_doubled_braces_are_braces_and_no_gap() -> None:
    assert parameters("runs with {{a}}") == ()
    assert fill("runs with {{a}} by {user}", {"user": "ann"}) == "runs with {a} by ann"


def test_defaults_stand_where_nothing_is_given_and_a_value_outdoes_them() -> None:
    text = "runs of the last {days=7} days, {days} in all"
    assert fill(text, {}) == "runs of the last 7 days, 7 in all"
    assert fill(text, {"days": "30"}) == "runs of the last 30 days, 30 in all"
    assert fill(text, {"days": "  "}) == "runs of the last 7 days, 7 in all"


def test_a_gap_for_which_nothing_is_given_is_told_by_name() -> None:
    with pytest.raises(TemplateError, match="metric and experiment"):
        fill("best by {metric} in {experiment} of {n=3}", {})


def test_a_value_with_braces_is_a_value() -> None:
    assert fill("by {user}", {"user": "{n}"}) == 'by "{n}"'


@pytest.mark.parametrize(
    ("name", "put"),
    [
        ("val_acc", "val_acc"),
        ("digits-sgd.v2", "digits-sgd.v2"),
        ("my experiment", '"my experiment"'),
        ('the "new" one', '`the "new" one`'),
        ('a "b" `c`', '“a "b" `c`”'),
        ('a "b" `c` “d”', 'a "b" `c` “d”'),
    ],
)
def test_a_name_that_would_fall_apart_is_quoted_with_marks_it_does_not_have(
    name: str, put: str
) -> None:
    assert fill("in {experiment}", {"experiment": name}) == f"in {put}"


def test_text_and_numbers_are_put_in_as_they_are() -> None:
    assert fill("{words} over {threshold}", {"words": "failed runs", "threshold": "0.9 %"}) == (
        "failed runs over 0.9 %"
    )


@pytest.mark.parametrize("name", AWKWARD)
def test_an_awkward_name_is_read_as_the_one_thing_it_names(tmp_path: Path, name: str) -> None:
    path = new_small_store(tmp_path / "mlflow.db")
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("UPDATE experiments SET name = ? WHERE experiment_id = 1", (name,))
    opened = _open(path)
    (runs,) = (each.runs for each in opened.catalog.experiments if each.name == name)

    reply = opened.ask(fill("how many runs in {experiment}", {"experiment": name}))

    opened.assistant.close()
    assert reply.answer is not None
    assert reply.answer.table.rows == ((runs,),)
    assert runs < opened.catalog.runs


def _values(template: Template, catalog: Catalog) -> dict[str, str]:
    """What a careful user picks: the largest experiments, and what both of them log."""
    first, second = catalog.experiments[:2]
    shared = catalog.metrics_in[first.id] & catalog.metrics_in[second.id]
    metrics = values_for("metric", catalog)
    picked = {
        "experiment": first.name,
        "experiment_2": second.name,
        "metric": next((m for m in metrics if m in shared), metrics[0]),
        "param": next(p for p in values_for("param", catalog) if p in catalog.params_in[first.id]),
    }
    return {each.name: picked[each.name] for each in parameters(template.text) if not each.default}


@pytest.mark.parametrize("template", BUILT_IN, ids=lambda each: str(each.id))
def test_every_shipped_template_answers_with_rows_on_a_store_it_never_saw(
    asking: Asking, template: Template
) -> None:
    question = fill(template.text, _values(template, asking.catalog))
    reply = asking.ask(question)
    assert reply.answer is not None, (question, reply.declined, reply.clarification, reply.error)
    assert reply.answer.table.rows, question


def test_shipped_templates_have_names_and_ids_of_their_own() -> None:
    assert len({each.id for each in BUILT_IN}) == len({each.name for each in BUILT_IN})
    assert len(BUILT_IN) >= 12
    assert all(each.owner is None for each in BUILT_IN)


@pytest.mark.parametrize("kind", ["experiment", "metric", "param", "model", "user"])
def test_a_form_offers_the_stores_own_names(asking: Asking, kind: str) -> None:
    catalog = asking.catalog
    there = {
        "experiment": {each.name for each in catalog.experiments},
        "metric": set(catalog.metrics), "param": set(catalog.params),
        "model": {each.name for each in catalog.models}, "user": set(catalog.users),
    }  # fmt: skip
    offered = values_for(kind, catalog)  # type: ignore[arg-type]  # the kinds above
    assert set(offered) == there[kind]
    assert len(offered) == len(set(offered))


def test_numbers_and_text_have_nothing_to_offer(asking: Asking) -> None:
    assert values_for("number", asking.catalog) == values_for("text", asking.catalog) == []


def test_typed_words_choose_and_what_begins_with_them_comes_first() -> None:
    names = ("train_loss", "loss", "val_loss", "accuracy")
    catalog = Catalog(_schema(), metrics=dict.fromkeys(names, 1))
    assert values_for("metric", catalog, "LOS") == ["loss", "train_loss", "val_loss"]
    assert values_for("metric", catalog, "loss val") == ["val_loss"]
    assert values_for("metric", catalog, "nothing") == []


def test_what_trackers_log_of_the_machine_comes_last() -> None:
    catalog = Catalog(_schema(), metrics={"system/cpu": 9, "f1": 2, "auc": 3})
    assert values_for("metric", catalog) == ["auc", "f1", "system/cpu"]


def test_no_more_is_offered_than_a_menu_holds() -> None:
    catalog = Catalog(_schema(), metrics={f"m{number}": 1 for number in range(500)})
    assert len(values_for("metric", catalog)) == MOST_OFFERED


def _schema() -> Schema:
    return Schema({}, "sqlite")
