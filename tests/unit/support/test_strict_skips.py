"""With CI=true a skipped test fails the run; otherwise it is a skip."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SKIPPING = """
import pytest

def test_of_what_is_not_here():
    pytest.skip("nothing here")

@pytest.mark.xfail(reason="known")
def test_known_to_fail():
    assert False
"""


def _run(folder: Path, content: str, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    (folder / "test_it.py").write_text(content)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    environment = {**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)}
    return subprocess.run(  # noqa: S603 - our own interpreter
        command, check=False, capture_output=True, text=True, cwd=folder, env=environment
    )


@pytest.mark.parametrize(
    "content", [SKIPPING, "import pytest\npytest.skip('x', allow_module_level=True)"]
)
def test_a_skip_fails_the_run_under_ci_only(tmp_path: Path, content: str) -> None:
    strict, easy = _run(tmp_path, content, "true"), _run(tmp_path, content, "")
    assert strict.returncode != 0
    assert "skipped under CI=true" in strict.stdout
    assert easy.returncode in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
    assert "skipped" in easy.stdout
