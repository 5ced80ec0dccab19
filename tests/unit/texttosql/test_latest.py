"""What is made of a value is made once, and anew for another value."""

from __future__ import annotations

import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from operator import eq
from threading import Event

import pytest

from texttosql.latest import Latest


def test_the_same_object_is_made_something_of_once_and_another_anew() -> None:
    one, other = [1], [1]
    numbers = itertools.count(1)
    latest: Latest[list[int], int] = Latest(lambda _: next(numbers))

    assert [latest.of(source) for source in (one, one, other, one)] == [1, 1, 2, 3]


def test_equal_sources_are_one_where_that_is_wished() -> None:
    latest: Latest[list[int], object] = Latest(lambda _: object(), eq)

    assert latest.of([1]) is latest.of([1])
    assert latest.of([1]) is not latest.of([2])


def test_many_threads_wait_for_the_one_that_makes_it() -> None:
    source, made, came, go = object(), list[int](), list[int](), Event()

    def make(_: object) -> object:
        go.wait()
        made.append(1)
        return object()

    latest = Latest(make)

    def ask(number: int) -> object:
        came.append(number)
        return latest.of(source)

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(ask, number) for number in range(8)]
        while len(came) < len(asked):
            time.sleep(0.001)
        go.set()
        assert len({each.result() for each in asked}) == 1
    assert made == [1]


def test_what_could_not_be_made_is_tried_again() -> None:
    tries = itertools.count()
    latest: Latest[object, float] = Latest(lambda _: 1 / next(tries))
    source = object()

    with pytest.raises(ZeroDivisionError):
        latest.of(source)
    assert latest.of(source) == 1
