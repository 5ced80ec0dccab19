"""The Web API methods there are, and the scope each asks for: a phone book.

Scopes: docs.slack.dev/reference/methods. A method that takes one of several names them all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.workspace.methods import (
    assistant,
    chat,
    conversations,
    members,
    modals,
    streams,
    uploads,
)
from bot.workspace.methods.args import Args
from bot.workspace.people import Json
from bot.workspace.room import Room


@dataclass(frozen=True)
class Method:
    """What a call does, and the scopes of which the token needs one (none: any token)."""

    run: Callable[[Room, Args], Json]
    scopes: tuple[str, ...] = ()


_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_ASSISTANT = ("assistant:write", "chat:write")
_FILES = ("files:write",)
_USERS = ("users:read",)
_CHAT = ("chat:write",)

METHODS = {
    "api.test": Method(members.api_test),
    "apps.connections.open": Method(members.open_connection),
    "assistant.threads.setStatus": Method(assistant.set_status, _ASSISTANT),
    "assistant.threads.setSuggestedPrompts": Method(assistant.set_prompts, _ASSISTANT[:1]),
    "assistant.threads.setTitle": Method(assistant.set_title, _ASSISTANT[:1]),
    "auth.test": Method(members.auth_test),
    "bots.info": Method(members.bots_info, _USERS),
    "chat.appendStream": Method(streams.append, _CHAT),
    "chat.delete": Method(chat.delete, _CHAT),
    "chat.getPermalink": Method(chat.get_permalink),
    "chat.postEphemeral": Method(chat.post_ephemeral, _CHAT),
    "chat.postMessage": Method(chat.post_message, _CHAT),
    "chat.startStream": Method(streams.start, _CHAT),
    "chat.stopStream": Method(streams.stop, _CHAT),
    "chat.unfurl": Method(chat.unfurl, ("links:write",)),
    "chat.update": Method(chat.update, _CHAT),
    "conversations.history": Method(conversations.history, _HISTORY),
    "conversations.info": Method(conversations.info, _READ),
    "conversations.join": Method(conversations.join, ("channels:join",)),
    "conversations.list": Method(conversations.listed, _READ),
    "conversations.members": Method(conversations.members, _READ),
    "conversations.open": Method(conversations.open_dm, ("im:write", "mpim:write")),
    "conversations.replies": Method(conversations.replies, _HISTORY),
    "files.completeUploadExternal": Method(uploads.complete, _FILES),
    "files.getUploadURLExternal": Method(uploads.upload_url, _FILES),
    "files.info": Method(uploads.info, ("files:read",)),
    "reactions.add": Method(assistant.add_reaction, ("reactions:write",)),
    "reactions.remove": Method(assistant.remove_reaction, ("reactions:write",)),
    "users.info": Method(members.users_info, _USERS),
    "users.list": Method(members.users_list, _USERS),
    "views.open": Method(modals.open_modal),
    "views.publish": Method(modals.publish_home),
    "views.push": Method(modals.push_modal),
    "views.update": Method(modals.update_modal),
}
