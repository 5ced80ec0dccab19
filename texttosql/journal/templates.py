"""Saved questions in the journal's database.

A personal template is its owner's alone. One of a channel or of the team belongs to everybody
who sees it, as a page of a wiki does: anyone may edit or delete it, its owner alone may take it
back (change its scope). A name is taken once in each place, whatever its case; the shipped ones
(`templates.BUILT_IN`) can only be copied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, and_, delete, or_, select, update

from texttosql.errors import TemplateError
from texttosql.journal.database import Database
from texttosql.journal.ids import TurnIds
from texttosql.journal.rows import epoch_ms, name, storable
from texttosql.journal.tables import TEMPLATES
from texttosql.templates import BUILT_IN, Scope, Template, parameters

LONGEST_NAME = 80
"""Characters: what a list and a menu can show."""


def _now() -> datetime:
    return datetime.now(UTC)


class SqlTemplates:
    """`ports.Templates` in the journal's database. Many threads and processes may share it."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._clock = clock
        self._ids = TurnIds()

    def save(self, template: Template) -> Template:
        """Keep a new one; its id comes back with it. Raises TemplateError on a name taken."""
        now = epoch_ms(self._clock())
        new = replace(_sound(template), id=self._ids.new(now))
        if not self._database.add(TEMPLATES, {**_row(new), "changed_at": now}):
            raise _taken(new)
        return new

    def edit(self, template: Template, by: str) -> Template:
        """Change name, text or scope of the one with this id. Raises TemplateError."""
        kept = self.get(template.id)
        if kept is None:
            raise _gone()
        _refuse_foreign(kept, by)
        if template.scope != kept.scope and by != kept.owner:
            raise _not_yours(kept)
        new = replace(_sound(template), owner=kept.owner)
        changed = {**_row(new), "changed_at": epoch_ms(self._clock())}
        if not self._database.try_to(_update(new.id, changed)):
            raise _taken(new)
        return new

    def delete(self, template_id: str, by: str) -> bool:
        """Throw one away; False when there is none. Raises TemplateError when it is not `by`'s."""
        kept = self.get(template_id)
        if kept is None:
            return False
        _refuse_foreign(kept, by)
        return bool(self._database.change(delete(TEMPLATES).where(TEMPLATES.c.id == template_id)))

    def get(self, template_id: str) -> Template | None:
        """The one with this id, shipped ones included."""
        shipped = next((each for each in BUILT_IN if each.id == template_id), None)
        return shipped or next(iter(self._found(TEMPLATES.c.id == template_id)), None)

    def visible_to(self, user: str, place: str | None, team: str | None) -> tuple[Template, ...]:
        """What this user may run in this place: own, the channel's, the team's, the shipped."""
        seen: Mapping[Scope, str | None] = {"personal": user, "channel": place, "team": team}
        wanted = [
            and_(TEMPLATES.c.scope == scope, TEMPLATES.c.holder == name(holder))
            for scope, holder in seen.items()
            if holder is not None
        ]
        found = sorted(self._found(or_(*wanted)), key=lambda each: list(seen).index(each.scope))
        return (*found, *BUILT_IN)

    def _found(self, wanted: ColumnElement[bool]) -> list[Template]:
        query = select(TEMPLATES).where(wanted).order_by(TEMPLATES.c.folded)
        return [_template(row) for row in self._database.rows(query)]


def _update(template_id: str, values: Mapping[str, Any]) -> Update:  # Any: a row to be
    return update(TEMPLATES).where(TEMPLATES.c.id == template_id).values(values)


def _sound(template: Template) -> Template:
    """The template with its edges trimmed. Raises TemplateError when something is missing."""
    new = replace(
        template, name=storable(template.name).strip(), text=storable(template.text).strip()
    )
    if not new.name or not new.text:
        what = "A template needs a name and a question."
        raise TemplateError(what, "Fill in both.")
    if len(new.name) > LONGEST_NAME:
        what = f"The name is {len(new.name)} characters long; {LONGEST_NAME} is the most."
        raise TemplateError(what, "Choose a shorter one.")
    parameters(new.text)
    if _holder(new) is None:
        what = f"A template for a {new.scope} has to say which."
        raise TemplateError(what, "Save it as a personal one, or from within the channel.")
    return new


def _holder(template: Template) -> str | None:
    return {"personal": template.owner, "channel": template.place, "team": template.team}[
        template.scope
    ]


def _refuse_foreign(kept: Template, by: str) -> None:
    if kept.owner is None:
        what = f"“{kept.name}” comes with Tracktalk and stays as it is."
        raise TemplateError(what, "Save a copy under a name of your own.")
    if kept.scope == "personal" and kept.owner != by:
        raise _not_yours(kept)


def _not_yours(kept: Template) -> TemplateError:
    what = f"“{kept.name}” is somebody else's."
    return TemplateError(what, "Save a copy as your own.")


def _gone() -> TemplateError:
    return TemplateError("This template is not there any more.", "Save it as a new one.")


def _taken(template: Template) -> TemplateError:
    what = f"There is a template called “{template.name}” already."
    return TemplateError(what, "Choose another name, or edit that one.")


def _row(template: Template) -> dict[str, str | None]:
    return {
        "id": template.id,
        "name": template.name,
        "text": template.text,
        "scope": template.scope,
        "owner": name(template.owner),
        "place": name(template.place),
        "team": name(template.team),
        "holder": name(_holder(template)),
        "folded": template.name.casefold(),
    }


def _template(row: Mapping[str, Any]) -> Template:  # Any: a database row, typed by its columns
    return Template(
        id=row["id"],
        name=row["name"],
        text=row["text"],
        scope=row["scope"],
        owner=row["owner"],
        place=row["place"],
        team=row["team"],
    )
