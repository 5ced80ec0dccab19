"""The parts of a verified statement."""

from __future__ import annotations

from tests.support.lessons import DRAFT
from texttosql.learning.statement import names_in


def test_the_names_in_a_statement_are_its_texts() -> None:
    sql = "SELECT m.value AS \"train_f1\" FROM latest_metrics AS m WHERE m.key = 'val_f1'"

    assert names_in(sql, "sqlite") == {"val_f1"}
    assert names_in("SELECT (", "sqlite") == frozenset()
    assert names_in(DRAFT.sql, "mysql") == {"FINISHED"}
