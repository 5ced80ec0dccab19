"""What MLflow shows differently is shown from a whole word on, shortly before the difference."""

from __future__ import annotations

import pytest

from tracking.migrate.verify.through_mlflow import compare

LONG = "x" * 500


@pytest.mark.parametrize(
    ("ours", "theirs", "expected", "found"),
    [
        ({"a": 1}, {"a": 2}, '{"a": 1}', '{"a": 2}'),
        (
            {"description": "the winner of all the runs of spring", "stage": "None"},
            {"description": "the winner of all the runs of spring", "stage": "Production"},
            '… of spring", "stage": "None"}',
            '… of spring", "stage": "Production"}',
        ),
        ({"hash": f"{LONG}a"}, {"hash": f"{LONG}b"}, f'… {"x" * 60}a"}}', f'… {"x" * 60}b"}}'),
        ({"a": 1}, None, '{"a": 1}', "missing"),
    ],
)
def test_a_difference_begins_with_a_word(
    ours: object, theirs: object, expected: str, found: str
) -> None:
    answer = {"ours": {"runs": {"1": ours}}, "theirs": {"runs": {"1": theirs} if theirs else {}}}

    (finding,) = compare(answer)

    assert (finding.expected, finding.found) == (expected, found)
