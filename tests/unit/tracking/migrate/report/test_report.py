"""A report says what was checked, no more; and a store's text stays text in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from markdown_it import MarkdownIt

from tracking.migrate.record import Event, Kind
from tracking.migrate.report.checklist import items
from tracking.migrate.report.document import document
from tracking.migrate.report.facts import Facts, Rewrite
from tracking.migrate.report.render import to_html, to_markdown
from tracking.migrate.verify.through_mlflow import ALL

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
CHECKS = ("structure", "counts", "rows", "through MLflow", "write test")
NASTY = "<script>alert(1)</script> | `x` ``y`` *b* [a](http://b) \n# h \u202e\x1b[31m"


def _check(name: str, ok: bool | None = True) -> dict[str, Any]:
    return {"name": name, "ok": ok, "covered": f"all of {name}", "seconds": 2.0}


def _proof(**other: object) -> dict[str, Any]:
    compared = {"table": "runs", "rows": 3, "hashed": 3, "chunks": 1, "fingerprint": "ab" * 32}
    return {
        "ok": True, "tables": 2, "rows": 3, "differing": 0, "sample": 50, "differences": [],
        "checks": [_check(name) for name in CHECKS], "compared": [compared], "source": "/srv/a.db",
    } | other  # fmt: skip


PLAN: Mapping[str, Any] = {
    "source": "/srv/a.db", "revision": "1", "revision_after": "2", "blocked": False, "rows": 3,
    "bytes": 70, "tables": {"runs": {"rows": 3, "bytes": 70}, "tags": {"rows": 0, "bytes": 0}},
    "hazards": [], "how": "LOAD DATA LOCAL", "software": {"MLflow": "3.17.2"},
    "started_at": NOON.isoformat(),
}  # fmt: skip


def _facts(*events: tuple[Kind, Mapping[str, Any]], **other: Any) -> Facts:  # Any: of any field
    made = [
        Event(kind, told, NOON + timedelta(seconds=10 * number))
        for number, (kind, told) in enumerate(events, start=1)
    ]
    return Facts("mysql+pymysql://u@h/db", "MariaDB 10.11", {}, made, **other)


MOVED = (
    (Kind.PLANNED, PLAN), (Kind.BEGUN, {"rows_there": 0}), (Kind.COPIED, {"rows": 3}),
    (Kind.VERIFIED, _proof()),
)  # fmt: skip


def test_nothing_is_ticked_of_a_target_that_nobody_has_looked_at() -> None:
    found = items(_facts())

    assert {item.ok for item in found} == {None}
    assert document(_facts()).verdict.ok is None


def test_a_whole_move_is_ticked_line_by_line() -> None:
    found = document(_facts(*MOVED))

    assert found.verdict.ok
    assert [item.ok for item in found.checklist] == [True] * 8 + [None] * 3
    assert [line.table for line in found.lines] == ["runs"]
    assert found.empty == 1
    assert [timing.took for timing in found.timings] == ["10 s", "10 s", "10 s", "10 s"]
    assert "3 rows" in found.timings[2].told


def test_what_was_left_out_is_not_checked_and_says_how_to() -> None:
    checks = [_check(name, None if name == "through MLflow" else True) for name in CHECKS[:-1]]
    found = {
        item.what: item
        for item in items(_facts(*MOVED[:3], (Kind.VERIFIED, _proof(checks=checks))))
    }

    through = found["MLflow's own client shows the same on both sides"]
    written = found["A run can be logged, read and removed in the target"]
    assert through.ok is None
    assert through.command
    assert written.ok is None
    assert written.command


@pytest.mark.parametrize(("sample", "wanted"), [(50, True), (ALL, False)])
def test_a_sample_says_how_to_read_all(sample: int, wanted: bool) -> None:
    facts = _facts(*MOVED[:3], (Kind.VERIFIED, _proof(sample=sample)))

    assert any("--sample all" in (item.command or "") for item in items(facts)) is wanted


def test_a_difference_is_the_verdict_and_is_shown() -> None:
    odd = {"check": "rows", "subject": "runs", "what": "run_uuid=1", "expected": "a", "found": "b"}
    checks = [_check(name, name != "rows") for name in CHECKS]
    proof = _proof(ok=False, differing=7, differences=[odd], checks=checks)

    found = document(_facts(*MOVED[:3], (Kind.VERIFIED, proof)))

    assert found.verdict.ok is False
    assert [item.ok for item in found.checklist].count(False) == 1
    assert found.lines[0].proof == "not the same: see below"
    assert "7 in all, the first 1 of them" in to_markdown(found)


@pytest.mark.parametrize("kind", [Kind.COPIED, Kind.CAUGHT_UP])
def test_rows_that_came_after_the_verification_take_its_tick_away(kind: Kind) -> None:
    later = (kind, {"rows": 1, "counts": {"runs": {"added": 1, "updated": 0, "deleted": 0}}})

    found = document(_facts(*MOVED, later))

    assert found.verdict.ok is None
    assert found.verdict.title == "Changed since it was verified"


def test_after_the_handover_the_proof_is_the_one_before_it() -> None:
    """MLflow's own new rows are no differences."""
    over = (Kind.CUT_OVER, {"smoke": {"ok": True, "told": "its pages answered"}})
    later = (Kind.VERIFIED, _proof(ok=False, differing=1))

    found = document(_facts(*MOVED, over, later))

    assert found.verdict.ok
    assert found.checklist[-1].ok


def test_a_rolled_back_target_is_no_longer_the_servers() -> None:
    found = items(_facts(*MOVED, (Kind.CUT_OVER, {}), (Kind.ROLLED_BACK, {})))

    assert found[-1].ok is None
    assert "rolled back" in found[-1].told


def test_files_that_differ_are_wrong() -> None:
    compared = (Kind.FILES_COMPARED, {"moves": [{"files": 5, "bytes": 10, "failed": 1}]})

    (found,) = [i for i in items(_facts(*MOVED, compared)) if i.what.startswith("Artifact files")]

    assert found.ok is False


def _nasty() -> Facts:
    hazard = {"name": NASTY, "what": NASTY, "remedy": NASTY, "blocking": False, "table": NASTY,
              "column": NASTY, "found": 1, "examples": [NASTY]}  # fmt: skip
    odd = dict.fromkeys(("check", "subject", "what", "expected", "found"), NASTY)
    plan = dict(PLAN) | {"hazards": [hazard], "tables": {NASTY: {"rows": 3, "bytes": 70}}}
    proof = _proof(ok=False, differing=1, differences=[odd], source=NASTY)
    made = _facts((Kind.PLANNED, plan), *MOVED[1:3], (Kind.VERIFIED, proof))
    return replace(
        made,
        target=NASTY,
        server=NASTY,
        ids={10**18: 1},
        rewrites=[Rewrite(NASTY, 1, NASTY, NASTY)],
    )


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.links += [name for name, _ in attrs if name in {"src", "href", "onload", "onerror"}]


def test_a_stores_text_becomes_no_html_and_nothing_is_loaded() -> None:
    text = to_html(document(_nasty()))
    page = _Tags(text)

    assert page.seen <= set(
        "html head meta title style body main h1 h2 div strong span dl dt dd ul li b p code table"
        " thead tbody tr th td i footer".split()
    )
    assert page.links == []
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert "&lt;script&gt;" in text


def test_a_stores_text_becomes_no_markdown() -> None:
    text = to_markdown(document(_nasty()))
    tokens = MarkdownIt("commonmark").enable("table").parse(text)

    kinds = {each.type for token in tokens for each in (token, *(token.children or ()))}
    assert kinds.isdisjoint({"html_block", "html_inline", "link_open", "image", "em_open"})
    headings = [
        t.content for i, t in enumerate(tokens) if i and tokens[i - 1].type == "heading_open"
    ]
    assert "h" not in headings
    assert "\u202e" not in text
    assert "\x1b" not in text


def test_a_table_keeps_its_columns_whatever_bars_its_text_holds() -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(to_markdown(document(_nasty())))

    rows, width = [], 0
    for token in tokens:
        if token.type == "tr_open":
            width = 0
        width += token.type in {"td_open", "th_open"}
        if token.type == "tr_close":
            rows.append(width)
    assert set(rows) <= {2, 3, 4, 5}
    cells = [t.content for i, t in enumerate(tokens) if i and tokens[i - 1].type == "td_open"]
    assert sum("script" in cell for cell in cells) >= 12


def test_an_old_id_and_its_new_one_are_told() -> None:
    text = to_markdown(document(_nasty()))

    assert f"| {10**18} | 1 |" in text
