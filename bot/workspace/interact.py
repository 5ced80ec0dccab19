"""What a person does with the mouse: clicks, choices, modals filled in, submitted and closed."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass

from bot.workspace import events
from bot.workspace.inputs import (
    Values,
    elements,
    filled,
    find,
    holding,
    initial,
    option,
    problems,
)
from bot.workspace.methods.modals import view_of
from bot.workspace.people import Json, User
from bot.workspace.talk import Talk
from bot.workspace.tickets import Denied


@dataclass(frozen=True)
class Place:
    """Where blocks stand: a message or a view, and how an interaction names it."""

    blocks: list[Json]
    named: Json
    view_id: str | None = None


class Interact(Talk):
    """A room in which people click."""

    def click(
        self, user: str, channel: str, ts: str, action_id: str, value: object = None,
        index: int | None = None,
    ) -> Json:  # fmt: skip
        """Click what has this action_id in a message; value or index picks among several.

        {"ok": True} once the app has it. LookupError when nothing like it is there.
        """
        place = self.in_message(user, channel, ts)
        return self.act(user, place, _action(place.blocks, action_id, value, index))

    def press(
        self, user: str, action_id: str, value: object = None, view_id: str | None = None
    ) -> Json:
        """Click in a view: the given one, else the modal on top, else the Home tab."""
        place = self.in_view(user, view_id)
        return self.act(user, place, _action(place.blocks, action_id, value, None))

    def act(self, user: str, place: Place, action: Json, state: Values | None = None) -> Json:
        """Send the action a click makes, with what stands in the inputs around it."""
        person = self.user(user)
        _, element = find(place.blocks, action["action_id"], action.get("block_id"))
        values = initial(place.blocks) | (state or {})
        with self.lock:
            full = {**_said_by(element, action), **action, "action_ts": self.board.new_ts()}
            trigger = self.tickets.trigger(person.id, place.view_id)
            named = place.named
            if place.view_id:
                named["view"]["state"] = {"values": values}
            more = {"trigger_id": trigger, "actions": [full], **named}
        outcome = self.interact("block_actions", person, **more, state={"values": values})
        return {key: outcome[key] for key in ("ok", "error") if key in outcome}

    def submit(
        self, user: str, values: Mapping[str, object] | None = None, view_id: str | None = None,
        state: Values | None = None,
    ) -> Json:  # fmt: skip
        """Submit a modal (the top one) with these inputs, by action_id or block_id.

        {"ok": True}; {"response_action": "errors", "errors": …} from Slack's own checks or the
        app's; {"ok": False, "error": …} when the app does not answer.
        """
        person = self.user(user)
        view = self._modal(person, view_id)
        held = filled(view["blocks"], values or {}) | (state or {})
        if wrong := problems(view["blocks"], held):
            return {"response_action": "errors", "errors": wrong}
        with self.lock:
            trigger = self.tickets.trigger(person.id, view["id"])
            sent = {**copy.deepcopy(view), "state": {"values": held}}
        more = {"view": sent, "trigger_id": trigger, "response_urls": []}
        outcome = self.interact("view_submission", person, **more)
        return self._after(person, view, outcome["answer"]) if outcome["ok"] else outcome

    def close(self, user: str, view_id: str | None = None, *, clear: bool = False) -> None:
        """Close a modal (the top one), or with `clear` all that are open."""
        person = self.user(user)
        view = self._modal(person, view_id)
        for closed in self._closed(person, view["id"], clear=clear):
            if closed["notify_on_close"]:
                what = {"view": closed, "is_cleared": clear}
                self.send("interactive", events.interaction("view_closed", person, **what))

    def options(
        self, user: str, action_id: str, value: str = "", block_id: str | None = None,
        place: Place | None = None,
    ) -> Json:  # fmt: skip
        """What an external select offers for these letters: {"options"} or {"option_groups"}."""
        where = place or self.in_view(user, None)
        block, _ = find(where.blocks, action_id, block_id)
        asked = {"action_id": action_id, "block_id": block["block_id"], "value": value}
        outcome = self.interact("block_suggestion", self.user(user), **asked, **where.named)
        answer = outcome.get("answer", {})
        found = {key: answer[key] for key in ("options", "option_groups") if key in answer}
        return found or {"options": [], **({} if outcome["ok"] else outcome)}

    def modal(self, user: str) -> Json | None:
        """The modal this person sees."""
        return copy.deepcopy(self.views.top(self.user(user).id))

    def in_message(self, user: str, channel: str, ts: str) -> Place:
        """The blocks of a message, unfurled ones too."""
        person, place = self.user(user), self.channel(channel)
        with self.lock:
            said = copy.deepcopy(self.message(place, ts))
            posted = self.board.find(place.id, ts)
            hidden = bool(posted and posted.only_for)
            url = self.hook_address(self.tickets.response_url(person.id, place.id, ts))
        container: Json = {"type": "message", "message_ts": ts, "channel_id": place.id}
        container["is_ephemeral"] = hidden
        if "thread_ts" in said:
            container["thread_ts"] = said["thread_ts"]
        cards = [block for card in said.get("attachments", ()) for block in card.get("blocks", ())]
        named = {"container": container, "channel": events.place(place), "message": said}
        return Place([*said.get("blocks", ()), *cards], {**named, "response_url": url})

    def in_view(self, user: str, view_id: str | None) -> Place:
        """The blocks of a view: the given one, else the modal on top, else the Home tab."""
        person = self.user(user)
        view = self.views.get(view_id) if view_id else self.views.top(person.id)
        view = view or self.views.home(person.id)
        if view is None or (view_id and view["id"] != view_id):
            reason = f"{person.name} has no view {view_id or 'open'}"
            raise LookupError(reason)
        view = copy.deepcopy(view)
        named = {"container": {"type": "view", "view_id": view["id"]}, "view": view}
        return Place(view["blocks"], named, view["id"])

    def _modal(self, person: User, view_id: str | None) -> Json:
        view = self.views.get(view_id) if view_id else self.views.top(person.id)
        if view is None or self.views.owner(view["id"]) != person.id:
            reason = f"{person.name} has no modal {view_id or 'open'}"
            raise LookupError(reason)
        return view

    def _after(self, person: User, view: Json, answer: Json) -> Json:
        """Do with a submitted modal what the app said: close, update, push, clear, errors."""
        action = answer.get("response_action")
        if action == "errors":
            return _refused(view, answer.get("errors") or {})
        try:
            self._carry_out(person, view, action, answer.get("view", {}))
        except Denied as denied:
            said = "; ".join([denied.error, *denied.messages])
            return {"ok": False, "error": f"the app answered with a view Slack refuses: {said}"}
        return {"ok": True}

    def _carry_out(self, person: User, view: Json, action: str | None, given: Json) -> None:
        with self.lock:
            if action == "update":
                new = view_of(given)
                shown = self.views.update(new, view_id=view["id"], external_id="", expected="")
                self.hub.tell([person.id], {"type": "view_updated", "view": shown})
            elif action == "push":
                shown = self.views.push(person.id, view_of(given))
                self.hub.tell([person.id], {"type": "view_pushed", "view": shown})
            else:
                self._closed(person, view["id"], clear=action == "clear")
            self.touch()

    def _closed(self, person: User, view_id: str, *, clear: bool) -> list[Json]:
        with self.lock:
            closed = self.views.close(person.id, view_id, clear=clear)
            for view in closed:
                self.hub.tell([person.id], {"type": "view_closed", "view": view})
            self.touch()
            return closed


def _refused(view: Json, errors: Json) -> Json:
    """The app's errors; Slack takes them only for inputs that are there."""
    blocks = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not errors or not blocks.issuperset(errors):
        said = f"the app answered with errors for {sorted(errors)}; the inputs are {sorted(blocks)}"
        return {"ok": False, "error": said}
    return {"response_action": "errors", "errors": errors}


def _action(blocks: list[Json], action_id: str, value: object, index: int | None) -> Json:
    """The action of a click, as a page makes it."""
    block, element = _wanted(blocks, action_id, value)
    name = {"type": element["type"], "action_id": action_id, "block_id": block["block_id"]}
    if element["type"] in {"button", "icon_button"}:
        return name
    if element["type"] == "feedback_buttons":
        sides = (element["positive_button"], element["negative_button"])
        wanted = [side for side in sides if value in {side["value"], side["text"]["text"]}]
        return {**name, "value": (wanted[0] if index is None else sides[index])["value"]}
    choice = index if index is not None else value
    if element["type"] == "overflow":
        return {**name, "selected_option": option(element, choice)}
    return {**name, **holding(element, choice)}


def _wanted(blocks: list[Json], action_id: str, value: object) -> tuple[Json, Json]:
    """By action_id; when several share it, the one with this value."""
    for block, element in elements(blocks):
        if element.get("action_id") == action_id and value and element.get("value") == value:
            return block, element
    return find(blocks, action_id)


def _said_by(element: Json, action: Json) -> Json:
    """What the clicked thing adds to the action: a button's text and value."""
    if element["type"] in {"button", "icon_button"}:
        return {key: element[key] for key in ("text", "value", "style") if key in element}
    if element["type"] == "feedback_buttons":
        sides = (element["positive_button"], element["negative_button"])
        return next({"text": s["text"]} for s in sides if s["value"] == action.get("value"))
    return {}
