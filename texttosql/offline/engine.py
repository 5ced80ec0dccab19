"""The offline engine: deterministic, no key, no network, and it never invents a name.

A question is read into a frame, the frame into a plan, the plan composed into SQL. What words
stay unexplained makes it decline; what they could mean in several ways makes it ask.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from texttosql.catalog import Catalog
from texttosql.compose import Unsayable
from texttosql.flow import Clarification, Declined, Draft, Found, Question, Rehearse, Turn
from texttosql.offline import clarifying, followup, refusing
from texttosql.offline.drafting import draft, scope_of
from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning import NeedsMetric
from texttosql.offline.names import NameIndex
from texttosql.offline.picking import picked
from texttosql.offline.reading import read
from texttosql.offline.sentence import Sentence
from texttosql.offline.tokenizing import sentence_of
from texttosql.offline.understanding import Asked, plan_for
from texttosql.plan import Plan

_NEW_SPAN = r"\b(make (?:it|that)|just|only)\s+(\d+\s*(?:days?|weeks?|months?|hours?|d|w|h)\b)"
_BY = r"^\W*(?:by|on|use|using|in terms of|the|i meant?)\s+"
_POLITE = frozenset({"?", "!", ".", "pls", "please"})


class OfflineInterpreter:
    """`ports.Interpreter` without a model. One instance serves many threads."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._index: NameIndex | None = None
        self._indexing = threading.Lock()

    def interpret(
        self, question: Question, turns: Sequence[Turn], catalog: Catalog, rehearse: Rehearse, /
    ) -> Found:
        """A draft, a question back, or a reason why not. Raises nothing of its own."""
        # What the composer writes passes the guard by construction, and tests hold it to that.
        del rehearse
        refusal = refusing.before_reading(question.text, catalog)
        if refusal is not None:
            return refusal
        chosen = picked(question.text, turns)
        if chosen is not None:
            return self._draft(chosen, [], catalog)
        context = self._context(question, catalog)
        retold = self._retold(question.text, turns, context)
        return retold or self._answer(question.text, turns, context)

    def _context(self, question: Question, catalog: Catalog) -> Context:
        now = question.asked_at.astimezone(self._zone)
        askers = (question.asked_by or "", *question.known_as)
        return Context(catalog, self._index_of(catalog), now, askers)

    def _index_of(self, catalog: Catalog) -> NameIndex:
        """Made by one thread for all: many questions come at once after a catalog was read."""
        with self._indexing:
            index = self._index
            if index is None or index.catalog is not catalog:
                index = self._index = NameIndex(catalog)
            return index

    def _retold(self, text: str, turns: Sequence[Turn], context: Context) -> Draft | None:
        """A metric named in reply to "best by which metric?" completes the question before."""
        if not turns or turns[-1].outcome != "clarify":
            return None
        bare = re.sub(_BY, "", text.strip(), flags=re.IGNORECASE)
        tokens = sentence_of(bare, context).tokens
        if [token.kind for token in tokens if token.text not in _POLITE] != ["metric"]:
            return None
        asked = f"{turns[-1].question.rstrip(' ?.!')} by {bare}"
        found = self._answer(asked, turns[:-1], context)
        return found if isinstance(found, Draft) else None

    def _answer(self, text: str, turns: Sequence[Turn], context: Context) -> Found:
        asked = _in_thread(text, turns, context)
        sentence = sentence_of(asked.text, asked.context)
        in_thread = asked.earlier is not None
        refusal = refusing.change_asked(sentence, context.catalog, in_thread=in_thread)
        refusal = refusal or refusing.registry_asked(sentence, context.catalog)
        if refusal is not None:
            return refusal
        frame = read(sentence, asked.context)
        if asked.earlier is not None:
            followup.settle_unknown(frame, asked.earlier, asked.context)
        return _unclear(asked, frame) or self._planned(asked, sentence, frame)

    def _planned(self, asked: Asked, sentence: Sentence, frame: Frame) -> Found:
        catalog = asked.context.catalog
        try:
            plan = plan_for(asked, sentence, frame)
        except NeedsMetric:
            return clarifying.which_metric(asked, frame)
        if plan is None:
            return refusing.vague(asked.text, catalog)
        several = clarifying.which_name(asked, frame)
        return several or self._draft(plan, frame.notes, catalog)

    def _draft(self, plan: Plan, notes: list[str], catalog: Catalog) -> Draft | Declined:
        try:
            return draft(plan, notes, catalog, self._zone)
        except Unsayable:
            return refusing.declined("I can't put these things together.", catalog)


def _in_thread(text: str, turns: Sequence[Turn], context: Context) -> Asked:
    """The question as it stands after the last plan of its thread."""
    earlier = _earlier(turns)
    if earlier is None:
        return Asked(text, None, context)
    text = re.sub(_NEW_SPAN, r"\1 the last \2", text, flags=re.IGNORECASE)
    return Asked(text, earlier, replace(context, earlier=earlier, scope=scope_of(earlier)))


def _earlier(turns: Sequence[Turn]) -> Plan | None:
    """The last plan of the thread that was answered."""
    for turn in reversed(turns):
        if turn.draft is not None and turn.draft.plan is not None and turn.outcome == "rows":
            return turn.draft.plan
    return None


def _unclear(asked: Asked, frame: Frame) -> Clarification | Declined | None:
    """What stops a reading before it becomes a plan: who asks, unknown words, a run of many."""
    if frame.stranger:
        return refusing.nobodys(asked.context.catalog)
    if frame.unknown:
        of_kind = clarifying.which_of_kind(asked, frame)
        return of_kind or refusing.not_understood(frame, asked.context.index, asked.text)
    return clarifying.which_run(asked, frame) if frame.take == "latest" else None
