from __future__ import annotations

import json

from texttosql.flow import Draft
from texttosql.journal.drafts import draft_text, read_draft


def test_how_sure_a_draft_was_is_remembered() -> None:
    draft = Draft("SELECT 1", "one", "offline", sure=True)
    assert read_draft(draft_text(draft), None) == draft


def test_a_draft_of_an_older_journal_was_not_sure() -> None:
    kept = json.loads(draft_text(Draft("SELECT 1", "one", "offline", sure=True)))
    del kept["sure"]
    read = read_draft(json.dumps(kept), None)
    assert read is not None
    assert not read.sure
