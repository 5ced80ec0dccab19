"""What can go wrong in the cellar: `what` happened and why, `fix`: what to do now."""

from __future__ import annotations


class TrackingError(Exception):
    """Base of the tracking package's errors. `exit_code` is the command line's."""

    exit_code = 1

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what} {fix}".strip())
        self.what = what
        self.fix = fix


class DemoStoreError(TrackingError):
    """The demo store cannot be made where it was asked for."""
