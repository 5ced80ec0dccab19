from __future__ import annotations

from texttosql.journal.ids import TurnIds


def test_an_id_of_a_later_millisecond_sorts_after_whatever_its_random_part() -> None:
    earlier = [TurnIds().new(1_700_000_000_000) for _ in range(100)]
    later = [TurnIds().new(1_700_000_000_001) for _ in range(100)]

    assert max(earlier) < min(later)


def test_ids_keep_growing_when_the_clock_steps_back() -> None:
    ids = TurnIds()

    before = ids.new(1_700_000_000_000)

    assert ids.new(1_600_000_000_000) > before


def test_two_processes_in_the_same_millisecond_make_different_ids() -> None:
    assert len({TurnIds().new(1_700_000_000_000) for _ in range(50)}) == 50
