"""What a report tells, as values, gathered from what the target itself remembers of its move.

Nothing is guessed: what no event says, is None or missing, and is told as "not checked".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pymysql

from tracking.migrate import ledger, record, server
from tracking.migrate.addresses import Target
from tracking.migrate.ledger import ARTIFACT_REWRITES, ARTIFACT_URIS
from tracking.migrate.record import Event, Kind
from tracking.migrate.server import Connection
from tracking.status import masked

Told = Mapping[str, Any]  # Any: JSON, as an event holds it


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Addresses of artifacts that were rewritten in a table, and one of them."""

    table: str
    rows: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All there is to tell of a target. `server`: the one that answers now, by its own word.

    `cut_over`: when MLflow was given the target, in words; `events` in the order they happened.
    """

    target: str
    server: str
    settings: Mapping[str, str]
    events: Sequence[Event]
    ids: Mapping[int, int] = field(default_factory=dict)
    rewrites: Sequence[Rewrite] = ()
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def last(self, *kinds: Kind) -> Event | None:
        """The newest event of these kinds."""
        return next((each for each in reversed(self.events) if each.kind in kinds), None)

    @property
    def plan(self) -> Told:
        """What was planned; nothing where somebody else has filled the target."""
        planned = self.last(Kind.PLANNED)
        return planned.told if planned else {}

    @property
    def verified(self) -> Event | None:
        """The last verification; after the handover MLflow's own rows come in, so none after it."""
        over = self.last(Kind.CUT_OVER)
        made = [each for each in self.events if each.kind is Kind.VERIFIED]
        before = [each for each in made if over and each.at <= over.at]
        return next(reversed(before or made), None)

    @property
    def proof(self) -> Told:
        """What that verification found; nothing where there was none."""
        return self.verified.told if self.verified else {}

    @property
    def source(self) -> str:
        """The SQLite file."""
        return masked(str(self.proof.get("source") or self.plan.get("source") or "unknown"))

    @property
    def changed_since(self) -> Event | None:
        """What has put rows into the target after the last verification."""
        verified = self.verified
        later = [each for each in self.events if verified and each.at > verified.at]
        return next((each for each in later if each.kind in _CHANGE), None)


_CHANGE = frozenset({Kind.COPIED, Kind.CAUGHT_UP})


def gather(target: Target, more: Iterable[Event] = ()) -> Facts:
    """What the target remembers. `more`: what has just happened and could not be kept there.

    Raises TargetDown, TargetRefused.
    """
    try:
        with closing(server.connect(target)) as connection:
            return Facts(
                target=target.shown,
                server=server.server_of(connection).text,
                settings=_settings(connection),
                events=_in_order(record.read(connection), more),
                ids=ledger.experiment_ids(connection),
                rewrites=_rewrites(connection),
            )
    except pymysql.MySQLError as error:
        raise server.refused(target, error) from error


def _in_order(kept: Sequence[Event], more: Iterable[Event]) -> list[Event]:
    """Those since the last beginning: an earlier copy that was thrown away is no part of it."""
    known = {(each.kind, each.at) for each in kept}
    found = [*kept, *(each for each in more if (each.kind, each.at) not in known)]
    found.sort(key=lambda event: event.at)
    begun = [place for place, event in enumerate(found) if event.kind is Kind.PLANNED]
    return found[begun[-1] :] if begun else found


def _settings(connection: Connection) -> dict[str, str]:
    names = ("max_allowed_packet", "local_infile", "innodb_buffer_pool_size", "log_bin",
             "character_set_database", "collation_database")  # fmt: skip
    wanted = ", ".join(f"'{name}'" for name in names)
    return dict(server.ask(connection, f"SHOW VARIABLES WHERE variable_name IN ({wanted})"))


def _rewrites(connection: Connection) -> list[Rewrite]:
    if not server.ask(connection, "SHOW TABLES LIKE %s", [ARTIFACT_REWRITES]):
        return []
    query = (
        "SELECT r.table_name, r.row_count, u.before_uri, u.after_uri"
        f" FROM {ARTIFACT_REWRITES} r JOIN {ARTIFACT_URIS} u ON u.id = (SELECT MIN(id)"
        f" FROM {ARTIFACT_URIS} WHERE rewrite = r.rewrite AND table_name = r.table_name)"
        " ORDER BY r.rewrite, r.table_name"
    )
    return [
        Rewrite(str(name), int(rows), masked(before), masked(after))
        for name, rows, before, after in server.ask(connection, query)
    ]
