"""`tracktalk demo`: a first conversation in the workspace, printed, then a page until Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from bot import demo
from bot.demo import QUESTIONS
from tests.support.house import SECONDS
from texttosql.desk import Outside


def _outside(home: Path) -> Outside:
    return Outside({"HOME": str(home), "XDG_STATE_HOME": str(home)})


def test_once_asks_both_questions_and_prints_them_with_table_and_chart(
    demo_store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = demo.run(_outside(tmp_path), tmp_path, lambda _: demo_store, once=True)

    told = capsys.readouterr().out
    assert status == 0
    assert f"alice: @tracktalk {QUESTIONS[0]}" in told
    first, refined = told.split(f"↳ {QUESTIONS[1]}")
    assert re.search(r"^run +experiment +val_accuracy", first, re.MULTILINE)
    assert " mei " in first
    assert " mei " not in refined
    for chart in re.findall(r"Chart: (\S+)", told):
        assert Path(chart).read_bytes().startswith(b"\x89PNG")
    assert len(re.findall(r"Chart: ", told)) == 2
    assert "in a browser" not in told


def test_a_chart_that_cannot_be_written_costs_only_the_chart(
    demo_store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "charts").write_text("")
    status = demo.run(_outside(tmp_path), tmp_path, lambda _: demo_store, once=True)

    told = capsys.readouterr()
    assert status == 0
    assert "cannot be written" in told.err
    assert "val_accuracy" in told.out


def test_the_page_is_served_until_ctrl_c(demo_store: str, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from bot import demo; from texttosql.desk import"
        " Outside; import os; sys.exit(demo.run(Outside(os.environ), Path(sys.argv[1]),"
        " lambda _: sys.argv[2], once=False))"
    )
    running = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-u", "-c", program, str(tmp_path), demo_store],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert running.stdout is not None
    address = next(
        found[1] for line in running.stdout if (found := re.search(r"open (http://\S+)", line))
    )
    with urllib.request.urlopen(address, timeout=SECONDS) as page:  # noqa: S310 - loopback
        assert b"<html" in page.read()

    running.send_signal(signal.SIGINT)
    rest = running.communicate(timeout=SECONDS)[0]
    assert running.returncode == 0
    assert "Ask your own store" in rest
    assert "Traceback" not in rest
