"""`check-sql`: one verdict a line, and the statement that would run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from texttosql.checking import verdicts
from texttosql.guard.mlflow_schema import default_schema
from texttosql.guard.policy import Policy

POLICY = Policy(default_schema("mysql"), "mysql")


def verdict(line: str) -> Mapping[str, Any]:
    (found,) = verdicts([line], POLICY)
    assert list(found) == ["sql", "approved", "rule", "reason", "query"]
    return found


def test_an_ordinary_query_is_approved_and_shown_as_it_would_run() -> None:
    found = verdict(json.dumps({"sql": "SELECT name FROM experiments"}))
    assert found["approved"] is True
    assert found["query"].startswith("SELECT")
    assert (found["rule"], found["reason"]) == (None, None)


def test_a_hostile_statement_is_refused_with_a_rule_and_a_reason() -> None:
    found = verdict(json.dumps({"sql": "DROP TABLE runs"}))
    assert (found["approved"], found["query"]) == (False, None)
    assert found["rule"]
    assert found["reason"]


def test_a_line_without_sql_is_refused_as_what_it_is() -> None:
    for line in ("SELECT 1", "[1]", '{"query": "SELECT 1"}', '{"sql": 1}'):
        assert verdict(line)["rule"] == "input.not_json"


def test_blank_lines_are_passed_over() -> None:
    assert list(verdicts(["", "  \n"], POLICY)) == []
