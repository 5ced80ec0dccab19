"""What a model answered becomes a draft, a question back or a reason; nonsense is told as such."""

from __future__ import annotations

import pytest

from tests.unit.texttosql.claude.catalogs import catalog
from texttosql.claude.output import Drafted, Way
from texttosql.claude.reading import LONGEST_SQL, found
from texttosql.cost import Cost
from texttosql.errors import InterpreterConfused
from texttosql.flow import ChartWish, Clarification, ColumnNote, Declined, Draft, Found

STORE = catalog(metrics="auc val_loss", params={"loss": "hinge"})
COST = Cost(input_tokens=7, calls=1)


def better(key: str) -> bool | None:
    """A loss is better low."""
    return "loss" not in key


def answer(**fields: object) -> Drafted:
    """A model's object, with what it left out."""
    return Drafted.model_validate(fields)


def read(drafted: Drafted) -> Found:
    return found(drafted, COST, catalog=STORE, better=better)


def drafted(sql: str, **more: object) -> Draft:
    made = read(answer(**{"kind": "sql", "sql": sql, "title": "a title", **more}))
    assert isinstance(made, Draft)
    return made


TWO = (Way(label="auc", question="best by auc"), Way(label="loss", question="best by val_loss"))


def test_sql_becomes_a_draft_of_this_engine() -> None:
    draft = drafted("SELECT 1", chart="bar", assumptions=["one"], suggestions=["a", "b", "c", "d"])
    assert (draft.sql, draft.title, draft.engine) == ("SELECT 1", "a title", "claude")
    assert draft.chart == ChartWish("bar")
    assert draft.assumptions == ("one",)
    assert draft.suggestions == ("a", "b", "c")
    assert draft.cost == COST


@pytest.mark.parametrize(("said", "kind"), [("auto", None), ("none", "none"), ("line", "line")])
def test_a_wish_for_a_chart(said: str, kind: str | None) -> None:
    assert drafted("SELECT 1", chart=said).chart.kind == kind


@pytest.mark.parametrize("sql", ["SELECT 1;", "```sql\nSELECT 1\n```", "  SELECT 1 ;  "])
def test_wrapping_around_sql_is_taken_off(sql: str) -> None:
    assert drafted(sql).sql == "SELECT 1"


def test_two_readings_become_a_question_back() -> None:
    asked = read(answer(kind="clarification", question="By which?", options=TWO))
    assert isinstance(asked, Clarification)
    assert [(one.label, one.question) for one in asked.options] == [
        ("auc", "best by auc"), ("loss", "best by val_loss"),
    ]  # fmt: skip
    assert (asked.question, asked.engine, asked.cost) == ("By which?", "claude", COST)


def test_four_options_are_the_most_and_equal_ones_are_one() -> None:
    ways = (*TWO, *TWO, *(Way(label=f"l{n}", question=f"q{n}") for n in range(9)))
    asked = read(answer(kind="clarification", question="?", options=ways))
    assert isinstance(asked, Clarification)
    assert [one.label for one in asked.options] == ["auc", "loss", "l0", "l1"]


def test_a_question_back_with_one_way_out_and_sql_is_answered() -> None:
    made = read(answer(kind="clarification", sql="SELECT 1", options=TWO[:1]))
    assert isinstance(made, Draft)
    assert made.assumptions == ("best by auc",)


def test_a_reason_why_not() -> None:
    no = read(answer(kind="declined", reason="That is not in it.", suggestions=("top 5 by auc",)))
    assert no == Declined("That is not in it.", ("top 5 by auc",), "claude", COST)


@pytest.mark.parametrize(
    "useless",
    [
        answer(kind="sql"),
        answer(kind="sql", sql=" ; "),
        answer(kind="sql", sql="```sql\n```"),
        answer(kind="sql", sql="SELECT " + "1," * LONGEST_SQL + "1"),
        answer(kind="clarification", question="What?"),
        answer(kind="clarification", question="What?", options=TWO[:1]),
        answer(kind="clarification", options=(Way(label="", question=""),) * 3),
        answer(kind="declined"),
    ],
)
def test_what_is_of_no_use_is_told_with_what_it_cost(useless: Drafted) -> None:
    with pytest.raises(InterpreterConfused) as told:
        read(useless)
    assert told.value.spent == COST
    assert told.value.what
    assert told.value.fix


def test_no_text_for_people_has_a_link_or_ping_in_it() -> None:
    bad = "<!channel> see [here](https://evil.example) or www.evil.com <@U123> @here\nnow"
    draft = drafted("SELECT 1", title=bad, assumptions=[bad], suggestions=[bad])
    asked = read(
        answer(kind="clarification", question=bad, options=(Way(label=bad, question=bad), TWO[0]))
    )
    no = read(answer(kind="declined", reason=bad))
    assert isinstance(asked, Clarification)
    assert isinstance(no, Declined)
    told = [draft.title, *draft.assumptions, *draft.suggestions, asked.question, no.reason]
    told += [text for one in asked.options for text in (one.label, one.question)]
    for text in told:
        assert not {"<", ">", "\n", "@"} & set(text)
        assert "evil" not in text


def test_texts_are_cut() -> None:
    draft = drafted("SELECT 1", title="t" * 999, assumptions=["a" * 999] * 20)
    assert len(draft.title) <= 100
    assert len(draft.assumptions) <= 5
    assert all(len(text) <= 120 for text in draft.assumptions)


def test_columns_are_told_of() -> None:
    draft = drafted(
        "SELECT r.name AS run, m.value AS val_loss, r.start_time AS started FROM runs r"
        " JOIN latest_metrics m ON m.run_uuid = r.run_uuid AND m.key = 'val_loss'"
    )
    assert draft.columns == {
        "val_loss": ColumnNote("real", higher_is_better=False), "started": ColumnNote("time"),
    }  # fmt: skip
