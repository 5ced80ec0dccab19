"""What may not leave the house goes out as a mark, and comes back as itself."""

from __future__ import annotations

from typing import Any

import pytest

from texttosql.claude.output import Drafted, Way
from texttosql.claude.veil import Veil
from texttosql.flow import Dialect


def drafted(**fields: Any) -> Drafted:  # Any: as the model writes them
    """An answer of the model's."""
    return Drafted.model_validate(fields)


def veil(dialect: Dialect = "mysql") -> Veil:
    """Under it only keys pass."""
    return Veil(lambda text: text in {"model", "team", "r"}, dialect)


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("mysql", "SELECT 1 FROM params p WHERE p.key = 'model' AND p.value = 'secret'"),
        ("mysql", 'SELECT 1 FROM params p WHERE p.value = "secret"'),
        ("mysql", r"SELECT 1 FROM params p WHERE p.value = 'it\'s' AND p.value <> 'secret'"),
        ("mysql", "SELECT 1 FROM params p WHERE p.value = N'secret'"),
        ("mysql", "SELECT 1 FROM params p WHERE p.value = x'736563726574'"),
        ("mysql", "SELECT 1 /* secret */ FROM params p"),
        ("sqlite", "SELECT 1 FROM params p -- secret"),
        ("sqlite", "SELECT 1 FROM params p WHERE p.value LIKE '%secret%'"),
        ("sqlite", "SELECT 1 FROM params p WHERE p.value IN ('it''s', 'secret')"),
        ("sqlite", "WITH x AS (SELECT 'secret' AS a) SELECT a FROM x"),
        ("sqlite", "SELECT FROM WHERE 'secret"),
    ],
)
def test_no_text_that_may_not_be_told_is_in_the_sql(dialect: Dialect, sql: str) -> None:
    told = veil(dialect).over(sql)

    assert "secret" not in told
    assert "736563" not in told
    assert "it's" not in told.replace("''", "'")


def test_sql_with_nothing_to_hide_is_told_as_it_is() -> None:
    sql = "SELECT  COUNT(*)\nFROM params p WHERE p.key = 'model'"

    assert veil().over(sql) == sql
    assert not veil().hides(sql)
    assert veil().hides("SELECT 'secret'")


@pytest.mark.parametrize("value", ["adam", "it's", "back\\slash", "a''b", '"', "% _", "[hidden 1]"])
@pytest.mark.parametrize("dialect", ["mysql", "sqlite"])
def test_what_the_model_writes_with_a_mark_means_the_value(dialect: Dialect, value: str) -> None:
    one = veil(dialect)
    quoted = value.replace("'", "''")
    sql = f"SELECT 1 FROM tags AS t WHERE t.value = '{quoted}'"
    if dialect == "mysql":
        sql = sql.replace("\\", "\\\\")

    back = one.lifted(drafted(kind="sql", sql=one.over(sql), title="runs with [hidden 1]"))

    assert back.sql == sql
    assert back.title == f"runs with {value}"


def test_a_mark_means_its_value_wherever_it_is_written() -> None:
    one = veil()
    one.over("SELECT 1 FROM tags AS t WHERE t.value = 'secret'")
    answer = drafted(
        kind="clarification",
        sql="SELECT 1 FROM tags AS t WHERE t.value LIKE '[hidden 1]%'",
        question="[hidden 1]?",
        options=[{"label": "[hidden 1]", "question": "only [hidden 1]"}],
        assumptions=("[hidden 1] and [hidden 7]",),
    )

    back = one.lifted(answer)

    assert "LIKE 'secret%'" in back.sql
    assert back.question == "secret?"
    assert back.options == (Way(label="secret", question="only secret"),)
    assert back.assumptions == ("secret and [hidden 7]",)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Unknown column 'r.nam' in 'field list'", "Unknown column 'r.nam' in 'field list'"),
        ("no such column: r.nam", "no such column: r.nam"),
        ("Unknown column 'r.nam' near 'secret'", "Unknown column '…'"),
        ("Incorrect value: \"secret\" for 'r.nam'", "Incorrect value: '…'"),
        ("Incorrect value: 'it's secret' there", "Incorrect value: '…' there"),
    ],
)
def test_of_a_databases_words_only_what_the_model_wrote_is_told_back(said: str, told: str) -> None:
    sql = "SELECT r.nam FROM runs AS r WHERE r.name = 'secret'"

    assert veil().over_foreign_words(said, sql) == told


def test_the_guards_words_have_marks_for_what_they_quote() -> None:
    one = veil()
    one.over("SELECT 'secret'")

    assert (
        one.over_words("I can't read secret, don't ask.") == "I can't read [hidden 1], don't ask."
    )
