"""The worklist: what was accepted is answered once, whoever dies meanwhile.

A job is one row, held by an owner under a lease. Unique keys make accepting safe between
processes, and a row changes hands only while it is as it was seen, so that two who want the
same abandoned job cannot both have it.

Leases end by the database's own clock: the hosts of two processes may differ by more than a
lease lasts. When a job was accepted is its own business (`Job.accepted_at`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, delete, func, or_, select, update

from texttosql.journal.database import Database, DatabaseClock
from texttosql.journal.rows import epoch_ms, moment, name
from texttosql.journal.tables import EVENTS, WORK
from texttosql.worklist import Job, Load

_OPEN = WORK.c.finished_at.is_(None)
_NOW = DatabaseClock()


class SqlWork:
    """`worklist.Work` in the journal's database. Many threads and processes may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def accept(
        self, job: Job, owner: str, lease_seconds: float, *, event_id: str | None = None
    ) -> bool:
        """Take a job on; False when its key or its event was accepted before, by anyone."""
        held = {
            "event_id": name(event_id),
            "owner": name(owner),
            "lease_until": _lease(lease_seconds),
        }
        return self._database.add(WORK, {**_row(job), **held})

    def claim(self, event_id: str) -> bool:
        """For events that are no questions: True the first time only."""
        return self._database.add(EVENTS, {"id": name(event_id), "claimed_at": _NOW})

    def renew(self, owner: str, lease_seconds: float) -> None:
        """A sign of life: all that this owner has not finished stays his for so long."""
        self._set_lease(owner, _lease(lease_seconds))

    def release(self, owner: str) -> None:
        """An owner leaves: all that it has not finished may be taken at once."""
        self._set_lease(owner, _lease(0))

    def take_abandoned(self, owner: str, lease_seconds: float, limit: int) -> tuple[Job, ...]:
        """The oldest jobs whose lease has run out, now this owner's; look at `Job.given_up`."""
        query = select(WORK).where(_OPEN, WORK.c.lease_until <= _NOW)
        seen = self._database.rows(query.order_by(WORK.c.accepted_at, WORK.c.key).limit(limit))
        return tuple(_job(row) for row in seen if self._took(row, owner, lease_seconds))

    def waiting_before(self, job: Job, owner: str | None = None) -> bool:
        """Whether an earlier job of its thread is unfinished (and not in this owner's hands)."""
        if job.thread is None:
            return False
        wanted: list[ColumnElement[bool]] = [
            WORK.c.thread == name(job.thread),
            _OPEN,
            _earlier(job),
        ]
        if owner is not None:
            wanted.append(WORK.c.owner != name(owner))
        return bool(self._database.number(select(_counted(*wanted))))

    def note_message(self, key: str, message_ts: str) -> None:
        """Note the message that the answer goes into."""
        noted = update(WORK).where(WORK.c.key == name(key)).values(message_ts=message_ts)
        self._database.change(noted)

    def done(self, key: str) -> None:
        """Note that a job is finished, well or not."""
        ended = update(WORK).where(WORK.c.key == name(key)).values(finished_at=_NOW)
        self._database.change(ended)

    def load(
        self, *, asked_by: str, place: str, since: datetime, kinds: Collection[str],
        besides: str | None = None,
    ) -> Load:  # fmt: skip
        """How much there is to do, and how much of these kinds came since then."""
        others = WORK.c.key != name(besides or "")
        lately = and_(others, WORK.c.accepted_at >= epoch_ms(since), WORK.c.kind.in_(kinds))
        query = select(
            _counted(lately, WORK.c.asked_by == name(asked_by)).label("of_asker"),
            _counted(lately, WORK.c.place == name(place)).label("in_place"),
            _counted(others, _OPEN).label("unfinished"),
        )
        (found,) = self._database.rows(query)
        return Load(found["of_asker"], found["in_place"], found["unfinished"])

    def forget(self, before: datetime) -> int:
        """Throw away finished jobs and claimed events older than this; how many there were."""
        old = epoch_ms(before)
        jobs = delete(WORK).where(WORK.c.finished_at < old)
        events = delete(EVENTS).where(EVENTS.c.claimed_at < old)
        return self._database.change(jobs) + self._database.change(events)

    def _set_lease(self, owner: str, until: ColumnElement[int]) -> None:
        """By key: MySQL locks every row that a search for the owner would look at."""
        query = select(WORK.c.key).where(_OPEN, WORK.c.owner == name(owner))
        keys = [row["key"] for row in self._database.rows(query)]
        if keys:
            still = and_(WORK.c.key.in_(keys), _OPEN, WORK.c.owner == name(owner))
            self._database.change(update(WORK).where(still).values(lease_until=until))

    def _took(self, row: dict[str, Any], owner: str, lease_seconds: float) -> bool:
        """Whether the row was still as seen; it is this owner's now, and says so."""
        taken = {"owner": name(owner), "attempts": row["attempts"] + 1}
        as_seen = and_(
            WORK.c.key == row["key"],
            WORK.c.attempts == row["attempts"],
            WORK.c.lease_until == row["lease_until"],
            _OPEN,
        )
        held = {**taken, "lease_until": _lease(lease_seconds)}
        row.update(taken)
        return bool(self._database.change(update(WORK).where(as_seen).values(held)))


def _counted(*wanted: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(WORK).where(*wanted).scalar_subquery()


def _lease(seconds: float) -> ColumnElement[int]:
    return _NOW + int(seconds * 1000)


def _earlier(job: Job) -> ColumnElement[bool]:
    accepted = epoch_ms(job.accepted_at)
    at_once = and_(WORK.c.accepted_at == accepted, WORK.c.key < name(job.key))
    return or_(WORK.c.accepted_at < accepted, at_once)


def _row(job: Job) -> dict[str, str | int | None]:
    return {
        "key": name(job.key),
        "kind": job.kind,
        "thread": name(job.thread),
        "asked_by": name(job.asked_by),
        "place": name(job.place),
        "payload": json.dumps(dict(job.payload), separators=(",", ":")),
        "turn_id": job.turn_id,
        "message_ts": job.message_ts,
        "attempts": job.attempts,
        "accepted_at": epoch_ms(job.accepted_at),
    }


def _job(row: Mapping[str, Any]) -> Job:  # Any: a database row, typed by its columns
    return Job(
        key=row["key"],
        kind=row["kind"],
        thread=row["thread"],
        asked_by=row["asked_by"],
        place=row["place"],
        payload=json.loads(row["payload"]),
        turn_id=row["turn_id"],
        accepted_at=moment(row["accepted_at"]),
        message_ts=row["message_ts"],
        attempts=row["attempts"],
    )
