"""What is missing of a table, told from the chunks that are there."""

from __future__ import annotations

import pytest

from tracking.migrate.ledger import Done, Gap, gaps


@pytest.mark.parametrize(
    ("chunks", "missing"),
    [
        ([], [Gap(None, None)]),
        ([Done(1, 5, None, ("c",))], [Gap(("c",), None)]),
        ([Done(1, 5, None, ("c",)), Done(2, 5, ("c",), ("f",))], [Gap(("f",), None)]),
        (
            [Done(3, 5, ("f",), ("h",)), Done(1, 5, None, ("c",))],
            [Gap(("c",), ("f",)), Gap(("h",), None)],
        ),
        ([Done(2, 5, ("c",), ("f",))], [Gap(None, ("c",)), Gap(("f",), None)]),
    ],
    ids=["nothing there", "the first", "two in a row", "one in between", "the first is missing"],
)
def test_gaps_lie_before_between_and_after(chunks: list[Done], missing: list[Gap]) -> None:
    assert list(gaps(chunks)) == missing


def test_keys_are_in_the_order_of_their_bytes_as_in_sqlite() -> None:
    words = ["Z", "a", "é", "ﬀ", "😀"]
    assert sorted(words) == sorted(words, key=str.encode)
    chunks = [Done(n, 1, (a,) if a else None, (b,)) for n, (a, b) in
              enumerate(zip([None, *words[:-1]], words, strict=True))]  # fmt: skip

    assert list(gaps(reversed(chunks))) == [Gap(("😀",), None)]
