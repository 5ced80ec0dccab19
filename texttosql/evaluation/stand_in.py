"""Whether the answers of an evaluation came from something that stands in for a model.

Nobody can tell from an answer who wrote it. What can be told is where it was asked for: on this
machine's own loopback address (`tracktalk relay`, a test's server) there is no model of the
provider's, and what came from there says nothing about one.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from texttosql.evaluation.score import Verdict


def stand_in(base_url: str | None, verdicts: Iterable[Verdict]) -> str | None:
    """The address of the stand-in that answered; None where none did."""
    if base_url is None or not _is_loopback(urlsplit(base_url).hostname or ""):
        return None
    address = urlsplit(base_url)
    asked = any(verdict.given.cost.calls for verdict in verdicts)
    return f"{address.scheme}://{address.netloc.rpartition('@')[2]}" if asked else None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
