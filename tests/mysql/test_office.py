"""An office over a store and a journal on a real server: sizes, cards, answers told again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from tests.support.servers import MySQLServer
from tests.support.stores import MySQLStores
from tests.unit.texttosql.offline.small_runs import CHURN, HOUSE_NAME, run_id
from tests.unit.texttosql.offline.small_store import new_small_store
from texttosql.factory import build_office
from texttosql.flow import Question
from texttosql.office import Office
from texttosql.settings import from_env

pytestmark = pytest.mark.mysql

NOW = datetime(2026, 10, 28, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def pair(
    mysql_server: MySQLServer,
    mysql_mlflow: MySQLStores,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Office, Office]]:
    """The small store on the server, read by an account that may read no more, and as a file."""
    folder = tmp_path_factory.mktemp("office")
    path = new_small_store(folder / "mlflow.db")
    mysql_mlflow.copy(path, "t_office")
    mysql_server.create_database("t_office_journal")
    server = _office(mysql_server.reader_url("t_office"), mysql_server.url("t_office_journal"))
    with closing(server), closing(_office(f"sqlite:///{path}", f"{folder / 'j.db'}")) as file:
        yield server, file


def _office(store: str, journal: str) -> Office:
    return build_office(from_env({"TRACKTALK_STORE": store, "TRACKTALK_JOURNAL": journal}))


def test_sizes_are_told_while_a_question_runs(pair: tuple[Office, Office]) -> None:
    told: list[object] = []
    question = Question("how many runs?", NOW)
    reply = pair[0].ask(question, on_stage=lambda _, detail: told.append(detail.get("rows")))
    assert reply.outcome == "rows"
    assert isinstance(told[-1], dict)
    assert set(told[-1]) == {"experiments", "runs"}


@pytest.mark.parametrize("name", ["gbm-2", "gbm-4", "gbm-7", "gbm-8", "boost-3"])
def test_a_runs_card_is_the_same_on_the_server_as_in_a_file(
    pair: tuple[Office, Office], name: str
) -> None:
    server, file = (office.run_card("default", run_id(name)) for office in pair)
    assert server is not None
    assert repr(server) == repr(file)  # NaN is not equal to itself


@pytest.mark.parametrize("wanted", [CHURN, HOUSE_NAME, "attic", "nothing-yet", "\\' OR 1=1", 99])
def test_an_experiments_card_is_the_same_on_the_server_as_in_a_file(
    pair: tuple[Office, Office], wanted: int | str
) -> None:
    server, file = (office.experiment_card("default", wanted) for office in pair)
    assert server == file


def test_an_answer_is_told_again_from_the_journal_on_the_server(
    pair: tuple[Office, Office],
) -> None:
    office = pair[0]
    told = office.ask(Question("best 3 runs by val_loss", NOW, "alice", "T"))
    again = office.replay(told.turn_id or "", chart="none")
    assert told.answer is not None
    assert again is not None
    assert again.answer is not None
    assert again.answer.headline == told.answer.headline
    assert again.answer.table.rows == told.answer.table.rows
    assert again.answer.chart is None


def test_a_store_on_a_server_tells_how_it_is(pair: tuple[Office, Office]) -> None:
    (server,), (file,) = (office.stores() for office in pair)
    assert (server.reachable, server.dialect) == (True, "mysql")
    assert (server.runs, server.experiments) == (file.runs, file.experiments)
