"""Passes that go on until somebody says stop."""

from __future__ import annotations

import signal

import pytest

from tracking.migrate.crossing_cli import until_told_to_stop


def test_the_first_ctrl_c_lets_the_pass_end_and_the_second_does_not() -> None:
    with until_told_to_stop() as over:
        assert not over.is_set()
        signal.raise_signal(signal.SIGINT)
        assert over.is_set()

        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_afterwards_ctrl_c_is_what_it_was() -> None:
    with until_told_to_stop():
        pass

    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
