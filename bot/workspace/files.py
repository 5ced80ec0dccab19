"""Files: announced, uploaded, completed, as files upload v2 does it in three steps."""

from __future__ import annotations

import mimetypes
import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import quote

from bot.workspace.people import BOT_USER_ID, Json
from bot.workspace.tickets import Denied

_NAMES = {"csv": "CSV", "png": "PNG", "json": "JSON", "txt": "Plain Text", "sql": "SQL"}


@dataclass
class File:
    """A file, from its announcement on."""

    id: str
    name: str
    length: int
    title: str
    alt_txt: str = ""
    body: bytes | None = None
    completed: bool = False
    shares: list[tuple[str, Json]] = field(default_factory=list)
    """(channel, {"ts": …, "thread_ts"?: …}) of every message it was shared in."""

    @property
    def content_type(self) -> str:
        """By its name, as Slack guesses."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def as_slack(self, address: str) -> Json:
        """The file object; its addresses are on this workspace."""
        extension = self.name.rpartition(".")[2].lower()
        url = f"{address}/files/{self.id}/{quote(self.name)}"
        shares: dict[str, list[Json]] = {}
        for channel, where in self.shares:
            shares.setdefault(channel, []).append(where)
        return {
            "id": self.id, "name": self.name, "title": self.title, "user": BOT_USER_ID,
            "mimetype": self.content_type, "filetype": extension, "alt_txt": self.alt_txt,
            "pretty_type": _NAMES.get(extension, extension.upper()), "size": self.length,
            "mode": "hosted", "created": int(time.time()), "is_public": bool(shares),
            "url_private": url, "url_private_download": url, "permalink": url,
            "channels": sorted(shares), "shares": {"public": shares} if shares else {},
        }  # fmt: skip


class Files:
    """The files of the workspace."""

    def __init__(self) -> None:
        self._files: dict[str, File] = {}
        self._uploads: dict[str, str] = {}

    def announce(self, name: str, length: int, alt_txt: str) -> tuple[File, str]:
        """A file to come, and the secret part of the address it is to be uploaded to."""
        file = File(f"F{secrets.token_hex(5).upper()}", name, length, name, alt_txt)
        key = secrets.token_urlsafe(18)
        self._files[file.id] = file
        self._uploads[key] = file.id
        return file, key

    def upload(self, key: str, body: bytes) -> File:
        """Its bytes; raises Denied for an unknown address or another length than announced."""
        file = self._files.get(self._uploads.get(key, ""))
        if file is None:
            raise Denied(error="file_not_found")
        if len(body) != file.length:
            raise Denied(error="invalid_length")
        file.body = body
        return file

    def complete(self, file_id: str, title: str) -> File:
        """The upload is done: the file may be shared."""
        file = self.get(file_id)
        if file is None or file.body is None:
            raise Denied(error="file_not_found")
        file.title = title or file.name
        file.completed = True
        return file

    def get(self, file_id: str) -> File | None:
        """The file with this id."""
        return self._files.get(file_id)
