from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tracking.migrate.artifacts import copying, ledger
from tracking.migrate.artifacts.copying import Outcome, Pace
from tracking.migrate.artifacts.destination import Content, Destination, DestinationError
from tracking.migrate.artifacts.disk import OURS, Folder
from tracking.migrate.artifacts.files import UNREADABLE, File, Oddities, files
from tracking.migrate.artifacts.ledger import Ledger
from tracking.migrate.artifacts.moves import Move, moves
from tracking.migrate.artifacts.progress import Counter, silent


@dataclass
class Forgetful(Folder):
    """A folder that damages what is put under some paths, and counts what it is given."""

    folder: Path
    damages: frozenset[str] = frozenset()
    given: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.folder)

    def put(self, file: Path, path: str) -> Content:
        sent = super().put(file, path)
        self.given.append(path)
        if path in self.damages:
            (self.folder / path).write_bytes(b"?" * sent.size)
        return sent


class Down(Folder):
    """A destination that takes nothing."""

    def put(self, file: Path, path: str) -> Content:
        what = f"no {path}"
        raise DestinationError(what, f"not even {file}")


@pytest.fixture
def move(tmp_path: Path) -> Move:
    root = tmp_path / "from"
    for number in range(30):
        file = root / f"{number % 3}" / f"{number}.bin"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes([number]) * number * 1000)
    return moves([str(root)], [str(tmp_path / "to")]).all[0]


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Ledger]:
    with ledger.opened(tmp_path / "ledger.db") as opened:
        yield opened


def _all(move: Move) -> list[File]:
    return list(files(move.files, "", Oddities()))


def _do(act: copying.Act, move: Move, goal: Destination, lines: Ledger) -> Outcome:
    some = _all(move)
    counter = Counter("test", len(some), sum(file.size for file in some), silent)
    return act(move, some, goal, lines, counter, Pace(None))


def test_every_file_arrives_and_the_second_time_none_is_sent(move: Move, lines: Ledger) -> None:
    goal = Forgetful(Path(move.to))
    assert _do(copying.copy, move, goal, lines).files == 30
    for file in _all(move):
        assert (Path(move.to) / file.path).read_bytes() == (move.files / file.path).read_bytes()
    again = _do(copying.copy, move, goal, lines)
    assert (again.files, again.there, len(goal.given)) == (0, 30, 30)
    assert _do(copying.compare, move, goal, lines).failed == 0


def test_a_file_keeps_its_time_and_its_rights(move: Move, lines: Ledger) -> None:
    (move.files / "1" / "1.bin").chmod(0o640)
    _do(copying.copy, move, Folder(Path(move.to)), lines)
    here, there = (move.files / "1/1.bin").stat(), (Path(move.to) / "1/1.bin").stat()
    assert (there.st_mode, there.st_mtime_ns) == (here.st_mode, here.st_mtime_ns)


def test_what_is_there_already_is_compared_and_not_sent(move: Move, lines: Ledger) -> None:
    for file in ("1/1.bin", "1/4.bin"):
        (Path(move.to) / file).parent.mkdir(parents=True, exist_ok=True)
        (Path(move.to) / file).write_bytes((move.files / file).read_bytes())
    (Path(move.to) / "1/4.bin").write_bytes(b"!" * 4000)
    goal = Forgetful(Path(move.to))
    assert _do(copying.copy, move, goal, lines).failed == 0
    assert "1/1.bin" not in goal.given
    assert (Path(move.to) / "1/4.bin").read_bytes() == bytes([4]) * 4000


def test_a_file_that_arrives_damaged_is_no_file_that_arrived(move: Move, lines: Ledger) -> None:
    goal = Forgetful(Path(move.to), frozenset({"2/5.bin"}))
    outcome = _do(copying.copy, move, goal, lines)
    assert [failure.path for failure in outcome.failures] == ["2/5.bin"]
    assert "other bytes" in outcome.failures[0].found
    mended = _do(copying.copy, move, Folder(Path(move.to)), lines)
    assert (mended.files, mended.there, mended.failed) == (1, 29, 0)


def test_a_changed_file_is_sent_again(move: Move, lines: Ledger) -> None:
    _do(copying.copy, move, Folder(Path(move.to)), lines)
    (move.files / "1" / "1.bin").write_bytes(b"new")
    assert _do(copying.copy, move, Folder(Path(move.to)), lines).files == 1
    assert (Path(move.to) / "1" / "1.bin").read_bytes() == b"new"


def test_comparison_finds_a_flipped_bit_a_missing_and_a_shorter_file(
    move: Move, lines: Ledger
) -> None:
    _do(copying.copy, move, Folder(Path(move.to)), lines)
    flipped = bytearray((Path(move.to) / "1/10.bin").read_bytes())
    flipped[5000] ^= 1
    (Path(move.to) / "1/10.bin").write_bytes(flipped)
    (Path(move.to) / "2/11.bin").unlink()
    (Path(move.to) / "0/12.bin").write_bytes(b"short")
    outcome = _do(copying.compare, move, Folder(Path(move.to)), lines)
    found = {failure.path: failure.found.split()[0] for failure in outcome.failures}
    assert found == {"1/10.bin": "SHA-256", "2/11.bin": "missing", "0/12.bin": "5"}
    assert _do(copying.copy, move, Folder(Path(move.to)), lines).files == 3
    assert _do(copying.compare, move, Folder(Path(move.to)), lines).failed == 0


def test_a_destination_that_takes_nothing_ends_the_copy_soon(move: Move, lines: Ledger) -> None:
    with pytest.raises(DestinationError):
        _do(copying.copy, move, Down(Path(move.to)), lines)


def test_what_a_killed_run_left_half_written_is_swept_away(move: Move, lines: Ledger) -> None:
    left = Path(move.to) / "1" / f"{OURS}999999999-1"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    _do(copying.copy, move, Folder(Path(move.to)), lines)
    assert not left.exists()


def test_what_could_not_be_looked_into_is_no_whole_copy() -> None:
    odd, outcome = Oddities(), Outcome(files=3)
    for number in range(7):
        odd.note(UNREADABLE, f"{number}/closed")
    outcome.unreadable(odd)
    assert outcome.failed == 7
    assert outcome.failures[0].path == "0/closed"


def test_a_pace_makes_bytes_wait_for_their_turn() -> None:
    waited: list[float] = []
    pace = Pace(1000, waited.append)
    for _ in range(3):
        pace.wait(500)
    assert waited[0] <= 0.01
    assert 0.9 < waited[2] <= 1.0
