from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracking.migrate.artifacts import files as walking
from tracking.migrate.artifacts.files import Oddities, files


def _paths(root: Path, below: str = "") -> tuple[list[str], Oddities]:
    odd = Oddities()
    return [file.path for file in files(root.resolve(), below, odd)], odd


@contextmanager
def _somebody_else() -> Iterator[None]:
    """Without root's right to read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def _write(file: Path, text: str = "x") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_files_come_in_order_with_their_paths_from_the_root(tmp_path: Path) -> None:
    for name in ("b/2 ü.txt", "b/1.txt", "a.txt"):
        _write(tmp_path / name)
    assert _paths(tmp_path)[0] == ["a.txt", "b/1.txt", "b/2 ü.txt"]
    assert _paths(tmp_path, "b")[0] == ["b/1.txt", "b/2 ü.txt"]
    assert _paths(tmp_path, "a.txt")[0] == ["a.txt"]
    assert _paths(tmp_path, "not there") == ([], Oddities())


def test_a_link_inside_is_followed_and_one_that_leads_out_is_told(tmp_path: Path) -> None:
    root = tmp_path / "root"
    _write(root / "real" / "one.txt")
    _write(tmp_path / "secret.txt")
    (root / "again").symlink_to(root / "real")
    (root / "out.txt").symlink_to(tmp_path / "secret.txt")
    (root / "lost.txt").symlink_to(tmp_path / "gone")
    paths, odd = _paths(root)
    assert paths == ["again/one.txt", "real/one.txt"]
    assert odd.counts == {walking.OUTSIDE: 1, walking.BROKEN: 1}
    assert odd.examples[walking.OUTSIDE] == ["out.txt"]


def test_what_this_account_cannot_read_or_look_into_is_told() -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o755)
        _write(root / "open" / "secret.txt")
        (root / "open" / "secret.txt").chmod(0)
        _write(root / "closed" / "run" / "one.txt")
        (root / "closed").chmod(0)
        with _somebody_else():
            paths, odd = _paths(root)
            below, missed = _paths(root, "closed/run")
        (root / "closed").chmod(0o755)
    assert paths == below == []
    assert odd.examples == {walking.UNREADABLE: ["closed", "open/secret.txt"]}
    assert missed.examples == {walking.UNREADABLE: ["closed/run"]}


def test_links_that_go_round_in_circles_end(tmp_path: Path) -> None:
    _write(tmp_path / "folder" / "one.txt")
    (tmp_path / "folder" / "up").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    paths, odd = _paths(tmp_path)
    assert paths == ["folder/one.txt"]
    assert odd.counts[walking.LOOPS] >= 1


def test_what_is_no_file_or_not_whole_stays_behind_and_is_told(tmp_path: Path) -> None:
    _write(tmp_path / ".artifact.uploading.abc")
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("latin")
    with socket.socket(socket.AF_UNIX) as pipe:
        previous = Path.cwd()
        os.chdir(tmp_path)  # a socket's name may not be long
        try:
            pipe.bind("s")
        finally:
            os.chdir(previous)
        paths, odd = _paths(tmp_path)
    assert paths == []
    assert odd.counts == {walking.HALF: 1, walking.NAMELESS: 1, walking.SPECIAL: 1}
    assert odd.examples[walking.NAMELESS] == ["caf\\udce9.txt"]
