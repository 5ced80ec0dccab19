"""Files from outside: UTF-8, of a bearable size, and told apart by what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from texttosql import textfiles
from texttosql.errors import SettingsError


def test_lines_are_split_at_line_feeds_alone_and_a_mark_at_the_start_is_no_text(
    tmp_path: Path,
) -> None:
    file = tmp_path / "f.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + "a\u2028b\nc".encode())
    assert textfiles.lines(file) == ["a\u2028b", "c"]


def test_what_is_no_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "f.jsonl"
    file.write_bytes(b"one\ntwo\n\xe9\xe9\n")
    with pytest.raises(SettingsError, match=r"not UTF-8 text \(line 3\)"):
        textfiles.lines(file)


def test_what_never_ends_is_not_read_to_its_end() -> None:
    with pytest.raises(SettingsError, match="larger than 64 MB"):
        textfiles.lines(Path("/dev/zero"))


def test_a_file_that_is_not_there_and_one_that_cannot_be_are_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        textfiles.lines(tmp_path / "none")
    with (
        pytest.raises(SettingsError, match="cannot be written"),
        textfiles.written(tmp_path / "no" / "folder"),
    ):
        pass


def test_a_line_is_on_the_disk_as_soon_as_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    with textfiles.written(file) as target:
        target.write("first\n")
        assert file.read_text() == "first\n"
