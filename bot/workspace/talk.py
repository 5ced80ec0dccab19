"""What a person does in words: messages, commands, shortcuts, reactions, opening the app.

Users and channels may be named by id or by name. LookupError says what is not there.
"""

from __future__ import annotations

import secrets

from bot.workspace import events
from bot.workspace.envelopes import Envelope
from bot.workspace.hooks import say_in_answer
from bot.workspace.methods.assistant import react
from bot.workspace.people import APP_ID, BOT_USER_ID, TEAM_ID, TEAM_NAME, Channel, Json, User
from bot.workspace.room import Room
from bot.workspace.typed import typed

_SLACKBOT = {"user": "USLACKBOT", "username": "Slackbot", "team": TEAM_ID}


class Talk(Room):
    """A room in which people speak."""

    def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Post a message as this person; its ts. `mention` in the text mentions the app."""
        person, place = self.user(user), self.channel(channel)
        said: Json = {"user": person.id, "text": typed(text), "team": TEAM_ID}
        said["client_msg_id"] = secrets.token_hex(16)
        with self.lock:
            if thread_ts:
                parent = self.message(place, thread_ts)
                said |= {"thread_ts": thread_ts, "parent_user_id": parent.get("user", "")}
            return self.post(place, said).ts

    def ask(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Say it to the app: with a mention, which direct messages do without."""
        place = self.channel(channel)
        said = text if place.kind == "im" else f"{self.mention} {text}"
        return self.say(user, place.id, said, thread_ts)

    def message(self, channel: Channel, ts: str) -> Json:
        """The message with this ts; raises LookupError."""
        posted = self.board.find(channel.id, ts)
        if posted is None:
            reason = f"there is no message {ts} in {channel.name}"
            raise LookupError(reason)
        return posted.message

    def command(self, user: str, channel: str, command: str, text: str = "") -> Json:
        """Run a slash command and wait until the app has it; {"ok": …, "error"?: …}."""
        person, place = self.user(user), self.channel(channel)
        if not self.installed.knows(command):
            self._note(person, place, f"{command} is not a valid command.")
            return {"ok": False, "error": "unknown_command"}
        with self.lock:
            trigger = self.tickets.trigger(person.id)
            url = self.hook_address(self.tickets.response_url(person.id, place.id))
            payload = events.command(person, place, command, text, trigger, url)
            envelope = self.send("slash_commands", payload)
        if not self.acknowledged(envelope):
            self._note(person, place, f'{command} failed with the error "operation_timeout"')
            return {"ok": False, "error": "operation_timeout"}
        if envelope.answer:
            say_in_answer(self, person.id, place, envelope.answer)
        return {"ok": True}

    def shortcut(
        self, user: str, callback_id: str, channel: str | None = None, ts: str | None = None
    ) -> Json:
        """Use a shortcut, on a message or (without one) anywhere."""
        person = self.user(user)
        with self.lock:
            more: Json = {"callback_id": callback_id, "action_ts": self.board.new_ts()}
            more["trigger_id"] = self.tickets.trigger(person.id)
            if not (channel and ts):
                return self.interact("shortcut", person, **more)
            place = self.channel(channel)
            said = self.message(place, ts)
            url = self.hook_address(self.tickets.response_url(person.id, place.id, ts))
        more |= {"channel": events.place(place), "message": said, "message_ts": ts}
        return self.interact("message_action", person, **more, response_url=url)

    def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """Add a reaction, or take one's own back."""
        person, place = self.user(user), self.channel(channel)
        posted = self.board.find(place.id, ts)
        if posted is None:
            reason = f"there is no message {ts} in {place.name}"
            raise LookupError(reason)
        with self.lock:
            if not react(self, posted, person.id, name, add=True):
                react(self, posted, person.id, name, add=False)

    def open_home(self, user: str, tab: str = "home") -> None:
        """Open the app: its Home tab, or its messages."""
        person = self.user(user)
        with self.lock:
            view = self.views.home(person.id)
            context = self._context(person)
            event = events.app_home_opened(person, self.dm_of(person), tab, view, context)
            self.tell_app(event)

    def home(self, user: str) -> Json | None:
        """The person's Home tab as the app last published it."""
        return self.views.home(self.user(user).id)

    def look_at(self, user: str, channel: str) -> None:
        """Look at a channel beside the app, which is told so."""
        person, place = self.user(user), self.channel(channel)
        with self.lock:
            self.looking_at[person.id] = place.id
            ts = self.board.new_ts()
            context = events.context_of(place)
            self.tell_app(events.app_context_changed(person, self.dm_of(person), context, ts))

    def messages(
        self, channel: str, thread_ts: str | None = None, user: str | None = None
    ) -> list[Json]:
        """The messages of a channel or thread, oldest first; ephemeral ones of `user` only."""
        place = self.channel(channel)
        reader = self.user(user).id if user else None
        with self.lock:
            if thread_ts:
                found = self.board.thread(place.id, thread_ts, reader)
            else:
                found = self.board.top(place.id, reader)
            return [posted.shown() for posted in found]

    def dm(self, user: str) -> str:
        """The id of this person's direct messages with the app."""
        return self.dm_of(self.user(user)).id

    def dm_of(self, person: User) -> Channel:
        """Direct messages of this person with the app; raises LookupError for the bot."""
        found = self.directory.dm(person.id)
        if found is None:
            reason = f"{person.name} has no direct messages with the app"
            raise LookupError(reason)
        return found

    def state(self, user: str) -> Json:
        """All a page needs to begin."""
        person, bot = self.user(user), self.directory.bot
        dm = self.dm_of(person)
        mine = [c for c in self.directory.channels if c.kind == "channel" or c is dm]
        channels = [
            {"id": c.id, "name": c.name, "kind": c.kind, "topic": c.topic}
            for c in mine if person.id in c.members and not c.is_archived
        ]  # fmt: skip
        about = {"user_id": bot.id, "name": bot.name, "real_name": bot.real_name}
        return {
            "team": {"id": TEAM_ID, "name": TEAM_NAME}, "me": _brief(person),
            "users": [_brief(each) for each in self.directory], "channels": channels,
            "bot": {**about, "app_id": APP_ID}, "commands": self.installed.commands,
            "shortcuts": self.installed.shortcuts, "connected": self.courier.connected,
        }  # fmt: skip

    def beside(self, channel: str, thread_ts: str | None) -> Json:
        """What a page shows beside the messages: status and suggested prompts."""
        place = self.channel(channel)
        key = (place.id, thread_ts or "")
        told: Json = self.prompts.get(key, {})
        if not told and place.kind == "im" and not thread_ts:
            told = {"prompts": self.installed.prompts}
        statuses = {ts: status for (c, ts), status in self.statuses.items() if c == place.id}
        return {"prompts": told.get("prompts", []), "title": told.get("title", ""),
                "statuses": statuses}  # fmt: skip

    def interact(self, kind: str, person: User, **more: object) -> Json:
        """Send an interaction and wait until the app has it; {"ok": …}, and its answer."""
        envelope = self.send("interactive", events.interaction(kind, person, **more))
        if not self.acknowledged(envelope):
            return {"ok": False, "error": "operation_timeout"}
        return {"ok": True, "answer": envelope.answer}

    def acknowledged(self, envelope: Envelope) -> bool:
        """Wait for the app; whether it took the envelope in time."""
        with self.lock:
            self._changed.wait_for(lambda: envelope.closed, self.courier.ack_within + 1)
            return envelope.state == "acked"

    def hook_address(self, key: str) -> str:
        """The full response URL of this key."""
        return f"{self.address}/hooks/{key}"

    def _note(self, person: User, place: Channel, text: str) -> None:
        self.post(place, {**_SLACKBOT, "text": text}, only_for=person.id)

    def _context(self, person: User) -> Json:
        looking_at = self.looking_at.get(person.id)
        return events.context_of(self.channel(looking_at) if looking_at else None)


def _brief(user: User) -> Json:
    about = {"id": user.id, "name": user.name, "real_name": user.real_name}
    return {**about, "is_bot": user.id == BOT_USER_ID}
