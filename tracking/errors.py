"""What can go wrong in the cellar: `what` happened and why, `fix`: what to do now.

    TrackingError (1)
    ├─ DemoStoreError (1)    the demo store cannot be made where it was asked for
    ├─ AddressError (2)      an address names no store that can be moved, or moved to
    ├─ SourceError (3)       the source cannot be read
    │  └─ SourceBusy (3)     … because somebody writes to it all the time
    ├─ WorkspaceFull (1)     there is no room for the copy of the source
    ├─ TargetDown (3)        the server does not answer, or ends the conversation
    ├─ TargetRefused (1)     the server said no, or what stands in the target is not ours
    │  ├─ TargetNotEmpty (1) … because somebody else's rows are there
    │  └─ Forgotten (1)      … because it has lost what it had said it took
    ├─ SchemaMismatch (1)    MLflow could not make or upgrade the tables
    └─ CopyMismatch (4)      both stores were compared and are not the same

The number is the command line's exit status.
"""

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


class AddressError(TrackingError):
    """An address names no store that can be moved, or moved to."""

    exit_code = 2


class SourceError(TrackingError):
    """The source cannot be read."""

    exit_code = 3


class SourceBusy(SourceError):
    """The source is held by somebody, or written to so often that no copy gets finished."""


class WorkspaceFull(TrackingError):
    """The folder for the copy of the source takes no more."""


class TargetDown(TrackingError):
    """The server does not answer, or has ended the conversation."""

    exit_code = 3


class TargetRefused(TrackingError):
    """The server said no, or what stands in the target must not be touched."""


class TargetNotEmpty(TargetRefused):
    """Rows are in the target that this migration has not put there."""


class Forgotten(TargetRefused):
    """The server has crashed, and lost that its tables were made ready for a copy."""


class SchemaMismatch(TrackingError):
    """MLflow could not make or upgrade the tables, or they are not what the copy needs."""


class CopyMismatch(TrackingError):
    """Both stores were compared and are not the same; what differs has been told."""

    exit_code = 4
