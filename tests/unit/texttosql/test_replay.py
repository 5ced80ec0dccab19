"""SQL that somebody wrote, and answers told again: both run as any question does."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.bench.make_store import Size, make
from tests.unit.texttosql.offices import count, open_office, question, write_stores
from tests.unit.texttosql.offline.small_store import new_small_store
from texttosql.errors import Refused, WarehouseDown
from texttosql.office import Office


def test_edited_sql_answers_as_a_turn_of_its_own(office: Office) -> None:
    first = office.ask(question(thread="T"))
    reply = office.run_sql(
        question("edited", thread="T"), "SELECT COUNT(*) AS runs FROM runs", "all runs"
    )
    assert reply.answer is not None
    assert (reply.answer.engine, reply.answer.title) == ("sql", "all runs")
    assert reply.follows == first.turn_id
    turn = office.journal.turn(reply.turn_id or "")
    assert turn is not None
    assert turn.draft is not None
    assert (turn.draft.engine, turn.question) == ("sql", "edited")


def test_edited_sql_goes_through_the_guard_and_the_policy(office: Office) -> None:
    refused = office.run_sql(question(), "DELETE FROM runs", "no")
    assert isinstance(refused.error, Refused)
    assert refused.outcome == "refuse"
    everything = count(office.run_sql(question(store="large"), "SELECT COUNT(*) FROM runs", "n"))
    scoped = count(office.run_sql(question(store="scoped"), "SELECT COUNT(*) FROM runs", "n"))
    assert 0 < scoped < everything


def test_sql_is_checked_without_being_run_or_kept(office: Office) -> None:
    office.catalog("small")
    assert office.check_sql("small", "SELECT COUNT(*) AS n FROM runs") is None
    assert isinstance(office.check_sql("small", "DROP TABLE runs"), Refused)
    assert office.journal.history() == ()


def test_checking_sql_waits_for_no_store(office: Office) -> None:
    assert office.check_sql("small", "DROP TABLE runs") is None
    assert office.check_sql("nowhere", "DROP TABLE runs") is None


def test_a_replay_tells_the_same_of_the_same_rows_and_is_no_new_turn(office: Office) -> None:
    told = office.ask(question("average loss by user", "small"))
    assert told.answer is not None
    again = office.replay(told.turn_id or "")
    assert again is not None
    assert again.answer is not None
    table = replace(again.answer.table, elapsed_ms=told.answer.table.elapsed_ms)
    assert replace(again.answer, table=table) == told.answer
    assert again.turn_id == told.turn_id
    assert len(office.journal.history()) == 1


def test_a_replay_tells_the_rows_there_are_now(tmp_path: Path) -> None:
    write_stores(tmp_path)
    make(tmp_path / "small.db", Size(runs=60, metric_rows=600))
    with closing(open_office(tmp_path, tmp_path / "journal.db")) as office:
        before = office.ask(question())
        (tmp_path / "small.db").unlink()
        make(tmp_path / "small.db", Size(runs=90, metric_rows=900))
    with closing(open_office(tmp_path, tmp_path / "journal.db")) as office:
        again = office.replay(before.turn_id or "")
        assert again is not None
        assert count(again) > count(before)


def test_a_replay_draws_the_chart_that_is_wished_for(office: Office) -> None:
    turn_id = office.ask(question("number of runs by user", "large")).turn_id or ""
    kinds = []
    for wish in (None, "none", "bar", "line"):
        reply = office.replay(turn_id, chart=wish)
        assert reply is not None
        assert reply.answer is not None
        kinds.append(reply.answer.chart and reply.answer.chart.kind)
    assert kinds[:3] == ["bar", None, "bar"]


def test_there_is_no_replay_of_what_had_no_sql(office: Office) -> None:
    declined = office.ask(question("delete all runs"))
    assert office.replay(declined.turn_id or "") is None
    assert office.replay("0nowhere") is None


def test_a_replay_of_a_store_that_went_away_is_an_error(tmp_path: Path) -> None:
    write_stores(tmp_path)
    new_small_store(tmp_path / "small.db")
    with closing(open_office(tmp_path, tmp_path / "journal.db")) as office:
        turn_id = office.ask(question()).turn_id or ""
    (tmp_path / "small.db").unlink()
    with closing(open_office(tmp_path, tmp_path / "journal.db")) as office:
        reply = office.replay(turn_id)
        assert reply is not None
        assert isinstance(reply.error, WarehouseDown)
