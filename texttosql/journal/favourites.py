"""Each user's favourite questions, in the journal's database."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, delete, select, update

from texttosql.journal.database import Database
from texttosql.journal.rows import epoch_ms, moment, name, storable
from texttosql.journal.tables import FAVOURITES
from texttosql.ports import Favourite

SHOWN = 50


def _now() -> datetime:
    return datetime.now(UTC)


class SqlFavourites:
    """`ports.Favourites` in the journal's database. Many threads and processes may share it."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._clock = clock

    def add(self, user: str, text: str, store: str, turn_id: str | None = None) -> None:
        """Keep a question, once: adding it again makes it the newest."""
        newest = {"turn_id": turn_id, "added_at": epoch_ms(self._clock())}
        row = {
            "asker": name(user),
            "digest": _digest(text, store),
            "text": storable(text),
            "store": name(store),
            **newest,
        }
        if not self._database.add(FAVOURITES, row):
            self._database.change(update(FAVOURITES).where(_is(user, text, store)).values(newest))

    def remove(self, user: str, text: str, store: str) -> None:
        """Keep it no longer; nothing happens when it is not kept."""
        self._database.change(delete(FAVOURITES).where(_is(user, text, store)))

    def of(self, user: str) -> tuple[Favourite, ...]:
        """The newest 50, newest first."""
        newest_first = FAVOURITES.c.added_at.desc(), FAVOURITES.c.digest
        query = select(FAVOURITES).where(FAVOURITES.c.asker == name(user)).order_by(*newest_first)
        return tuple(
            Favourite(row["text"], row["store"], row["turn_id"], moment(row["added_at"]))
            for row in self._database.rows(query.limit(SHOWN))
        )


def _is(user: str, text: str, store: str) -> ColumnElement[bool]:
    return and_(FAVOURITES.c.asker == name(user), FAVOURITES.c.digest == _digest(text, store))


def _digest(text: str, store: str) -> str:
    return hashlib.sha256(f"{storable(store)}\0{storable(text)}".encode()).hexdigest()
