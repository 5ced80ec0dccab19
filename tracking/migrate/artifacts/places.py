"""An artifact address as a place that can be compared: many spellings, one place.

`/srv/ml runs/0`, `file:///srv/ml%20runs/0/` and `file://localhost/srv/./ml runs/0` are one folder.
Local addresses are read as MLflow's LocalArtifactRepository reads them: percent-encoded with or
without `file:`. In all others nothing is encoded: MLflow passes them on as they are.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlparse

LOCAL = "file"
NAMES = frozenset({"runs", "models"})
"""Schemes that name a run or a model; where that lies stands in its own row."""

_DRIVE = re.compile(r"^(?:file:/*|/)?([A-Za-z]):[\\/]")
_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.\-]+):")
_SHARE = "\\\\"
_HERE = frozenset({"", "localhost", "127.0.0.1"})
WEB = frozenset({"http", "https"})
_LOST = "?#;"
"""In an address MLflow takes what follows them for something else than the path."""
_LOST_ON_THE_WEB = "?#%"
"""What a file's name loses on its way through MLflow's server."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder. `host`: a bucket, a server, or a Windows drive ("c:"); `parts`: the path's."""

    scheme: str
    host: str
    parts: tuple[str, ...]

    def rest_under(self, root: Place) -> tuple[str, ...] | None:
        """The path from a root to here; None when this is not in it."""
        if (self.scheme, self.host) != (root.scheme, root.host):
            return None
        length = len(root.parts)
        return self.parts[length:] if self.parts[:length] == root.parts else None

    @property
    def shown(self) -> str:
        """As people write it."""
        if self.scheme == LOCAL:
            return "/".join([self.host, *self.parts]) if self.parts else f"{self.host}/"
        slashes = f"//{self.host}/" if self.host else "/"
        return f"{self.scheme}:{slashes}{'/'.join(self.parts)}"


def scheme_of(address: str) -> str:
    """A scheme; "file" for all that is local, "" for what is relative to a working folder."""
    if _DRIVE.match(address) or address.startswith(("/", _SHARE)):
        return LOCAL
    found = _SCHEME.match(address)
    return found[1].lower() if found else ""


def place_of(address: str, relative_to: Path | None = None) -> Place | None:
    """Where an address is; None when it is empty, a mere name, or relative to nobody knows what."""
    scheme = scheme_of(address)
    if not address or scheme in NAMES:
        return None
    if scheme == LOCAL:
        return _local(address, relative_to)
    if scheme:
        found = urlparse(address)
        return Place(scheme, found.netloc, _parts(found.path))
    return Place(LOCAL, "", _parts(f"{relative_to}/{unquote(address)}")) if relative_to else None


def _local(address: str, relative_to: Path | None) -> Place | None:
    if drive := _DRIVE.match(address):
        path = address[drive.end(1) + 1 :].replace("\\", "/")
        return Place(LOCAL, f"{drive[1].lower()}:", _parts(unquote(path)))
    if address.startswith(_SHARE):
        host, _, path = address[2:].replace("\\", "/").partition("/")
        return Place(LOCAL, f"//{host}", _parts(path))
    if address.startswith("/"):
        return Place(LOCAL, "", _parts(unquote(address)))
    found = urlparse(address)
    if found.netloc.lower() not in _HERE:
        return Place(LOCAL, f"//{found.netloc}", _parts(unquote(found.path)))
    path = unquote(found.path)
    if path.startswith("/"):
        return Place(LOCAL, "", _parts(path))
    return Place(LOCAL, "", _parts(f"{relative_to}/{path}")) if relative_to else None


def _parts(path: str) -> tuple[str, ...]:
    clean = posixpath.normpath(f"/{path}").lstrip("/")
    return tuple(clean.split("/")) if clean else ()


def written_under(root: str, rest: tuple[str, ...]) -> str | None:
    """The address of what lies `rest` below a root; None when that root's kind cannot say it."""
    base = root.rstrip("/") or root
    if not rest:
        return base
    between = "" if base.endswith("/") else "/"
    scheme = scheme_of(root)
    path = "/".join(rest)
    if root.startswith(f"{LOCAL}:"):
        return f"{base}{between}{quote(path)}"
    if scheme == LOCAL:
        return f"{base}{between}{path.replace('%', '%25')}"  # MLflow decodes plain paths, too
    lost = any(sign in path for sign in _LOST) or lost_in(root, path)
    return None if lost else f"{base}{between}{path}"


def lost_in(root: str, path: str) -> bool:
    """Whether a path would become another one on its way to a root behind MLflow's server."""
    behind = scheme_of(root) in WEB | {"mlflow-artifacts"}
    return behind and any(sign in path for sign in _LOST_ON_THE_WEB)
