"""Reports as files: where they are asked for, and beside the status of the move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tracking.errors import AddressError, TrackingError
from tracking.migrate.addresses import Target
from tracking.migrate.record import Event
from tracking.migrate.report.document import Document, document
from tracking.migrate.report.facts import gather
from tracking.migrate.report.render import to_html, to_markdown

FORMS: Mapping[str, Callable[[Document], str]] = {".html": to_html, ".md": to_markdown}


class ReportError(TrackingError):
    """A report cannot be written where it was asked for."""


def markdown(target: Target) -> str:
    """The report of a target, to be printed. Raises TargetDown, TargetRefused."""
    return to_markdown(document(gather(target)))


def write(target: Target, file: Path) -> None:
    """Put the report of a target into a file, in the form that its name asks for.

    Raises AddressError for another form, ReportError, TargetDown, TargetRefused.
    """
    form = FORMS.get(file.suffix)
    if form is None:
        what = f"{file.name} says no form for the report."
        raise AddressError(what, f"Name a file that ends with {' or '.join(FORMS)}.")
    _put(file, form(document(gather(target))))


def beside(target: Target, status: Path, more: Iterable[Event] = ()) -> Path:
    """Put the report beside the status of its move, in every form; returns the HTML file.

    `more`: what has just happened and could not be kept in the target.
    """
    made = document(gather(target, more))
    for suffix, form in FORMS.items():
        _put(status.with_name(f"{status.stem}-report{suffix}"), form(made))
    return status.with_name(f"{status.stem}-report.html")


def _put(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        what = f"The report cannot be written to {file}: {error.strerror}."
        fix = "Name a file in a folder that this account may write to."
        raise ReportError(what, fix) from error
