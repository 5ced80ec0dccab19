"""An envelope by HTTP, signed as Slack signs: for apps that have an address of their own.

Signatures: docs.slack.dev/authentication/verifying-requests-from-slack (v0, HMAC-SHA256).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

from bot.workspace.envelopes import Envelope
from bot.workspace.people import Json


@dataclass(frozen=True)
class Outcome:
    """What came back: acknowledged with an answer, or not and why (Slack's retry reason)."""

    ok: bool
    answer: Json = field(default_factory=dict)
    reason: str = ""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The X-Slack-Signature of a request."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def deliver(address: str, envelope: Envelope, secret: str, timeout: float) -> Outcome:
    """POST it, and wait at most `timeout` seconds for the answer."""
    kind, body = _body(envelope)
    more = _retry_headers(envelope)
    return _post(_signed(address, kind, body, secret, more), timeout)


def verify_url(address: str, challenge: str, secret: str, timeout: float) -> bool:
    """Whether an endpoint answers Slack's url_verification with its challenge."""
    event = {"type": "url_verification", "token": "legacy", "challenge": challenge}
    body = json.dumps(event).encode()
    outcome = _post(_signed(address, "application/json", body, secret, {}), timeout)
    return outcome.ok and challenge in (outcome.answer.get("challenge"), outcome.answer.get("text"))


def _signed(
    address: str, kind: str, body: bytes, secret: str, more: dict[str, str]
) -> urllib.request.Request:
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": kind,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(secret, timestamp, body),
        **more,
    }
    return urllib.request.Request(address, body, headers)  # noqa: S310 - an address of our own


def _body(envelope: Envelope) -> tuple[str, bytes]:
    if envelope.type == "events_api":
        return "application/json", json.dumps(envelope.payload).encode()
    form = "application/x-www-form-urlencoded"
    if envelope.type == "slash_commands":
        return form, urllib.parse.urlencode(envelope.payload).encode()
    return form, urllib.parse.urlencode({"payload": json.dumps(envelope.payload)}).encode()


def _retry_headers(envelope: Envelope) -> dict[str, str]:
    if envelope.attempts < 2:
        return {}
    number = str(envelope.attempts - 1)
    return {"X-Slack-Retry-Num": number, "X-Slack-Retry-Reason": envelope.retry_reason}


def _post(request: urllib.request.Request, timeout: float) -> Outcome:
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:  # noqa: S310 - as above
            return Outcome(ok=True, answer=_answer(response.read()))
    except urllib.error.HTTPError as refused:
        refused.close()
        return Outcome(ok=False, reason="http_error")
    except TimeoutError:
        return Outcome(ok=False, reason="http_timeout")
    except OSError as lost:
        timed_out = isinstance(getattr(lost, "reason", None), TimeoutError)
        return Outcome(ok=False, reason="http_timeout" if timed_out else "connection_failed")


def _answer(body: bytes) -> Json:
    """The app's answer: JSON as it is; other text is a message, as Slack takes it."""
    text = body.decode("utf-8", "replace").strip()
    if text.startswith("{"):
        answer: Json = json.loads(text)
        return answer
    return {"text": text} if text else {}
