from __future__ import annotations

import pytest

from tracking.demo.progress import shown


def test_away_from_a_terminal_each_tenth_is_one_plain_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with shown() as report:
        for done in range(101):
            report("training", done, 100)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 11
    assert lines[5] == "demo store: training 50/100"
