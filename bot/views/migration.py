"""A migration's status as people read it: a bar, a rate, a proof, and what differs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.render.blocks import actions, button, context, section
from bot.render.message import Message
from bot.render.text import code, mrkdwn
from texttosql.format import duration, number
from texttosql.words import many
from tracking.status import Difference, MigrationStatus, Phase, Verification

REFRESH = "migration_refresh"

NONE = "No migration is planned or under way. The experiments are where they have always been. ☕"
HELP = """\
*`/migration` tells how the move of the experiments from SQLite to MySQL goes.*
• `/migration` or `/migration status` shows you where it is
• `/migration watch` posts a message here that keeps itself up to date
• `/migration help` shows this"""

_CELLS = 20
_SHOWN = 10
"""Differences said one by one."""
_ADDRESS, _TABLE, _WORDS, _ERROR = 150, 80, 90, 400
_HEADS = {
    Phase.PLANNED: "📋 *The migration is planned*",
    Phase.COPYING: "🚚 *Copying*",
    Phase.INDEXING: "🗂️ *Making the indexes* of the large tables",
    Phase.COPIED: "📦 *Copied*, not verified yet",
    Phase.CATCHING_UP: "🏃 *Catching up* with what changed meanwhile",
    Phase.CAUGHT_UP: "🏁 *Caught up* with what changed meanwhile",
    Phase.VERIFYING: "🔍 *Verifying* row by row",
    Phase.VERIFIED: "✅ *Verified*: both stores hold the same",
    Phase.DIFFERENCES: "⚠️ *Differences found*: the target is not the same yet",
    Phase.CUT_OVER: "🎉 *Done*: the experiments live in MySQL now",
    Phase.ROLLED_BACK: "↩️ *Rolled back*: the experiments live where they did before",
    Phase.FAILED: "❌ *Failed*",
}


def report(status: MigrationStatus, now: datetime) -> Message:
    """The status as a message; its text alone says all of it."""
    lines = summary(status, now)
    where = f"From {code(status.source, _ADDRESS)} to {code(status.target, _ADDRESS)}"
    found = _differences(status.differences)
    blocks = [section("\n".join(lines)), *([section(found)] if found else [])]
    small = context(f"{where} · {_times(status)}")
    text = "\n".join([*lines, *([found] if found else []), where])
    return Message(text, (*blocks, small))


def refreshable(message: Message) -> Message:
    """The message with a button that brings it up to date, for those that cannot do so alone."""
    row = actions([button("Refresh", REFRESH, "refresh")])
    return Message(message.text, (*(message.blocks or (section(message.text),)), row))


def summary(status: MigrationStatus, now: datetime) -> list[str]:
    """What there is to say, in a few lines of mrkdwn."""
    silent = _silence(status, now)
    proof = status.last_verification
    return [
        _HEADS[status.phase],
        *_progress(status),
        *(
            [f"⏸️ Nothing was heard of it for {silent}: somebody should have a look."]
            if silent
            else []
        ),
        *([f"Why: {mrkdwn(status.error, _ERROR)}"] if status.error else []),
        *([_verified(proof)] if proof else []),
    ]


def bar(share: float) -> str:
    """▓▓▓▓▓░░░░░: full only when all of it is done, empty only when nothing is."""
    done = min(int(share * _CELLS), _CELLS)
    full = max(done, 1) if share > 0 else 0
    return "▓" * full + "░" * (_CELLS - full)


def _progress(status: MigrationStatus) -> list[str]:
    """How much is copied; a plan and a beginning without numbers have none of it."""
    if not (status.rows_copied or status.rows_total):
        return []
    copied = number(status.rows_copied)
    if status.share is None or status.rows_total is None:
        return [f"{copied} rows copied{_pace(status)}"]
    percent = f"{int(status.share * 100)} %"
    line = f"{copied} of {many(status.rows_total, 'rows')}{_pace(status)}"
    return [f"`{bar(status.share)}` {percent}", line]


def _pace(status: MigrationStatus) -> str:
    """What only a migration that runs has: the table, the rate, the time that is left."""
    if not status.running:
        return ""
    parts = [
        code(status.table, _TABLE) if status.table else "",
        f"{number(round(status.rows_per_second))} rows/s" if status.rows_per_second else "",
        f"{duration(round(status.eta_seconds))} left" if status.eta_seconds else "",
    ]
    return "".join(f" · {part}" for part in parts if part)


def _silence(status: MigrationStatus, now: datetime) -> str | None:
    """How long a migration that should be running has said nothing, if that is too long."""
    if not status.stalled(now):
        return None
    return duration((now - status.updated_at) // timedelta(seconds=1))


def _verified(proof: Verification) -> str:
    what = f"{many(proof.tables, 'tables')} and {many(proof.rows, 'rows')} compared"
    found = "all the same" if proof.ok else "not all the same"
    return f"Last verification {_moment(proof.at)}: {what}, {found}"


def _differences(found: Sequence[Difference]) -> str:
    shown = [
        f"• {code(each.table, _TABLE)}: {mrkdwn(each.expected, _WORDS)} expected,"
        f" {mrkdwn(each.found, _WORDS)} found"
        for each in found[:_SHOWN]
    ]
    rest = len(found) - _SHOWN
    return "\n".join([*shown, *([f"and {number(rest)} more"] if rest > 0 else [])])


def _times(status: MigrationStatus) -> str:
    return f"started {_moment(status.started_at)} · as of {_moment(status.updated_at)}"


def _moment(when: datetime) -> str:
    """In the reader's own zone: "ago" would be wrong in a message that nobody updates any more."""
    seconds, plain = int(when.timestamp()), f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return f"<!date^{seconds}^{{date_short_pretty}} {{time_secs}}|{plain}>"
