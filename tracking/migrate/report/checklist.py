"""The validation checklist: a tick stands only for what was really checked, and came out right.

What was not checked says so, with the command that would; what came out wrong says what.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracking.migrate.record import Event, Kind
from tracking.migrate.report.facts import Facts, Told
from tracking.migrate.telling import many
from tracking.migrate.verify.through_mlflow import ALL

_BOTH = '--source "$FROM" --target "$TO"'
_VERIFY = f"tracktalk migrate verify {_BOTH}"
_ARTIFACTS = 'tracktalk migrate artifacts {0} --target "$TO" --from FOLDER --to PLACE'


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the list. `ok`: right, wrong, or None: not checked, which `command` would do."""

    what: str
    ok: bool | None
    told: str
    command: str | None = None


def items(facts: Facts) -> list[Item]:
    """The list, in the order in which a team goes through it."""
    return [
        _planned(facts),
        _copied(facts),
        *_verified(facts),
        _up_to_date(facts),
        _artifacts(facts),
        _addresses(facts),
        _handed_over(facts),
    ]


def _planned(facts: Facts) -> Item:
    what = "Every hazard was looked for, and nothing stood in the way"
    plan = facts.plan
    if not plan:
        command = f"tracktalk migrate plan {_BOTH}"
        return Item(what, None, "this target was not filled by a run of Tracktalk", command)
    found = len(plan.get("hazards", ()))
    return Item(what, not plan.get("blocked"), f"{found} found, none of which stops a move")


def _copied(facts: Facts) -> Item:
    what = "Every row of the copy of the source was taken by the server"
    command = f"tracktalk migrate run {_BOTH}"
    if not facts.plan:
        return Item(what, None, "this target was not filled by a run of Tracktalk")
    begun, copied = facts.last(Kind.BEGUN), facts.last(Kind.COPIED)
    if facts.plan.get("rows") == 0:
        return Item(what, True, "there were no rows")
    if begun is None or copied is None or copied.at < begun.at:
        return Item(what, None, "the copy has not come to its end: run it again", command)
    return Item(what, True, f"{facts.plan['rows']:,} rows, each chunk with its line in the ledger")


_CHECKS = {
    "counts": "Every table has as many rows as its source",
    "rows": "Every row is the same: floats by their bits, text by its bytes, JSON by its value",
    "structure": "The structure is the one that MLflow makes on a new database",
    "through MLflow": "MLflow's own client shows the same on both sides",
    "write test": "A run can be logged, read and removed in the target",
}


def _verified(facts: Facts) -> Iterator[Item]:
    made = {str(check["name"]): check for check in facts.proof.get("checks", ())}
    for name, what in _CHECKS.items():
        check = made.get(name)
        if check is None:
            yield Item(what, None, "not checked", _VERIFY)
        elif check["ok"] is None:
            yield Item(what, None, f"not checked: {check['covered']}", _VERIFY)
        else:
            command = _more(facts) if name == "through MLflow" else None
            yield Item(what, check["ok"], _covered(facts.proof, check), command)


def _covered(proof: Told, check: Told) -> str:
    if check["ok"]:
        return str(check["covered"])
    found = [each for each in proof.get("differences", ()) if each["check"] == check["name"]]
    return f"{many(len(found), 'difference')} shown below, of {proof['differing']:,} in all"


def _more(facts: Facts) -> str | None:
    """A sample is a sample: how to look at everything, as long as both sides can be the same."""
    whole = facts.proof.get("sample") == ALL or facts.last(Kind.CUT_OVER)
    return None if whole else f"{_VERIFY} --sample all"


def _up_to_date(facts: Facts) -> Item:
    what = "Nothing was put into the target by the move after it was verified"
    if facts.verified is None:
        return Item(what, None, "not verified yet", _VERIFY)
    later = facts.changed_since
    if later is None:
        return Item(what, True, "the last verification came last")
    return Item(what, None, f"rows were {later.kind} at {moment(later)}, after it", _VERIFY)


def _artifacts(facts: Facts) -> Item:
    what = "Artifact files are the same where they went: size and SHA-256"
    compared = facts.last(Kind.FILES_COMPARED)
    if compared is None:
        told = "not checked: moving the database moves no file"
        return Item(what, None, told, _ARTIFACTS.format("verify"))
    moves = compared.told.get("moves", ())
    failed = sum(move["failed"] for move in moves)
    files = sum(move["files"] for move in moves)
    told = f"{files:,} files at {moment(compared)}, {failed:,} not the same"
    return Item(what, not failed, told)


def _addresses(facts: Facts) -> Item:
    what = "The rows name the artifacts' new addresses"
    if not facts.rewrites:
        told = "not done: the rows name the old places, which is right if the files stay there"
        return Item(what, None, told, _ARTIFACTS.format("rewrite"))
    rows = sum(each.rows for each in facts.rewrites)
    return Item(what, True, f"{rows:,} addresses rewritten, each kept with its old one")


def _handed_over(facts: Facts) -> Item:
    what = "MLflow's own server works on the target, which was handed over to it"
    last = facts.last(Kind.CUT_OVER, Kind.ROLLED_BACK)
    if last is None:
        command = f"tracktalk migrate cutover {_BOTH}"
        return Item(what, None, "not handed over yet", command)
    if last.kind is Kind.ROLLED_BACK:
        return Item(what, None, f"rolled back to SQLite at {moment(last)}")
    smoke: Any = last.told.get("smoke")  # JSON: what the cutover's own test of the server said
    told = f"handed over at {moment(last)}"
    if smoke is None:
        return Item(what, None, f"{told}; no server was started on it to see", None)
    return Item(what, bool(smoke.get("ok")), f"{told}; {smoke.get('told', '')}")


def moment(event: Event) -> str:
    """When something happened, for people."""
    return f"{event.at:%Y-%m-%d %H:%M:%S} UTC"
