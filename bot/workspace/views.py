"""Modals and Home tabs: a stack of at most three modals a person, one Home tab a person.

Rules: docs.slack.dev/surfaces/modals and the errors of views.open, push, update, publish.
"""

from __future__ import annotations

import copy
import json
import secrets
from collections.abc import Callable

from bot.workspace.people import APP_ID, BOT_ID, TEAM_ID, Json
from bot.workspace.tickets import Denied

_MOST_VIEWS = 3
_MOST_BYTES = 250_000
_KEPT = (
    "type", "title", "submit", "close", "blocks", "private_metadata", "callback_id",
    "clear_on_close", "notify_on_close", "submit_disabled", "external_id",
)  # fmt: skip
_EMPTY = {
    "title": None, "submit": None, "close": None, "private_metadata": "", "callback_id": "",
    "clear_on_close": False, "notify_on_close": False, "submit_disabled": False,
    "external_id": "",
}  # fmt: skip


class Views:
    """The views that are open now. `name_blocks` fills in ids that blocks were not given."""

    def __init__(self, name_blocks: Callable[[list[Json]], list[Json]]) -> None:
        self._views: dict[str, Json] = {}
        self._stacks: dict[str, list[str]] = {}
        self._homes: dict[str, str] = {}
        self._owners: dict[str, str] = {}
        self._name_blocks = name_blocks

    def open(self, user: str, given: Json) -> Json:
        """A first modal; modals that were open are gone."""
        for view_id in self._stacks.pop(user, []):
            del self._views[view_id]
        return self._add(user, given, below=None)

    def push(self, user: str, given: Json) -> Json:
        """A modal on top of those open; raises Denied above three."""
        stack = self._stacks.get(user, [])
        if not stack:
            raise Denied(error="not_found")
        if len(stack) >= _MOST_VIEWS:
            raise Denied(error="push_limit_reached")
        return self._add(user, given, below=self._views[stack[-1]])

    def update(self, given: Json, *, view_id: str, external_id: str, expected: str) -> Json:
        """Put other contents in a view; raises Denied when it is gone or has changed since."""
        view = self.get(view_id) or self._by_external_id(external_id)
        if view is None:
            raise Denied(error="not_found")
        if expected and expected != view["hash"]:
            raise Denied(error="hash_conflict")
        view.update(self._contents(given), hash=_new_hash())
        return copy.deepcopy(view)

    def publish(self, user: str, given: Json, expected: str) -> Json:
        """The person's Home tab."""
        home = self._homes.get(user)
        if home is not None:
            return self.update(given, view_id=home, external_id="", expected=expected)
        view = self._new(user, given, below=None)
        self._homes[user] = view["id"]
        return copy.deepcopy(view)

    def home(self, user: str) -> Json | None:
        """The person's Home tab, when the app has published one."""
        return self.get(self._homes.get(user, ""))

    def top(self, user: str) -> Json | None:
        """The modal a person sees."""
        stack = self._stacks.get(user)
        return self._views[stack[-1]] if stack else None

    def get(self, view_id: str) -> Json | None:
        """The view with this id, while it is open."""
        return self._views.get(view_id)

    def owner(self, view_id: str) -> str:
        """Whose view it is."""
        return self._owners[view_id]

    def close(self, user: str, view_id: str, *, clear: bool) -> list[Json]:
        """Close this modal, or all of them; those closed, the top one first."""
        stack = self._stacks.get(user, [])
        start = 0 if clear else stack.index(view_id) if view_id in stack else len(stack)
        closed = [self._views.pop(each) for each in reversed(stack[start:])]
        del stack[start:]
        return closed

    def _add(self, user: str, given: Json, below: Json | None) -> Json:
        view = self._new(user, given, below)
        self._stacks.setdefault(user, []).append(view["id"])
        return copy.deepcopy(view)

    def _new(self, user: str, given: Json, below: Json | None) -> Json:
        external_id = given.get("external_id", "")
        if external_id and self._by_external_id(external_id):
            raise Denied(error="duplicate_external_id")
        view_id = f"V{secrets.token_hex(5).upper()}"
        view = {
            "id": view_id, "team_id": TEAM_ID, "app_id": APP_ID, "bot_id": BOT_ID,
            "app_installed_team_id": TEAM_ID, "hash": _new_hash(), "state": {"values": {}},
            "root_view_id": below["root_view_id"] if below else view_id,
            "previous_view_id": below["id"] if below else None,
            **self._contents(given),
        }  # fmt: skip
        self._views[view_id] = view
        self._owners[view_id] = user
        return view

    def _contents(self, given: Json) -> Json:
        if len(json.dumps(given)) > _MOST_BYTES:
            raise Denied(error="view_too_large")
        contents = {**_EMPTY, **{key: given[key] for key in _KEPT if key in given}}
        return {**contents, "blocks": self._name_blocks(given["blocks"])}

    def _by_external_id(self, external_id: str) -> Json | None:
        named = (v for v in self._views.values() if v["external_id"] == external_id)
        return next(named, None) if external_id else None


def _new_hash() -> str:
    return f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"
