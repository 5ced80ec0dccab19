"""The offline engine: deterministic, no key, no network, and it never invents a name.

A question is read into a frame, the frame into a plan, the plan composed into SQL. What words
stay unexplained makes it decline; what they could mean in several ways makes it ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from texttosql.catalog import Catalog
from texttosql.compose import Unsayable
from texttosql.flow import Clarification, Declined, Draft, Found, Question, Rehearse, Turn
from texttosql.latest import Latest
from texttosql.learning.example import Example
from texttosql.offline import clarifying, followup, habits, refusing
from texttosql.offline.drafting import draft, scope_of
from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning import NeedsMetric
from texttosql.offline.names import NameIndex
from texttosql.offline.reading import read
from texttosql.offline.sentence import Sentence
from texttosql.offline.sureness import is_sure
from texttosql.offline.tokenizing import sentence_of
from texttosql.offline.understanding import Asked, plan_for
from texttosql.picking import picked
from texttosql.plan import Plan

_NEW_SPAN = r"\b(make (?:it|that)|just|only)\s+(\d+\s*(?:days?|weeks?|months?|hours?|d|w|h)\b)"
_BY = r"^\W*(?:by|on|use|using|in terms of|the|i meant?)\s+"
_POLITE = frozenset({"?", "!", ".", "pls", "please"})


class OfflineInterpreter:
    """`ports.Interpreter` without a model. One instance serves many threads.

    `known` fetches the verified examples that an asker's words may be read by (`Recall.known`).
    """

    def __init__(
        self, zone: ZoneInfo, known: Callable[[Question], Sequence[Example]] = lambda _: ()
    ) -> None:
        self._zone, self._known = zone, known
        self._indexes = Latest(NameIndex)

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
        if chosen is not None and chosen.plan is not None:
            return self._draft(chosen.plan, [], catalog)
        context = self._context(question, catalog)
        retold = self._retold(question.text, turns, context)
        return retold or self._answer(question.text, turns, context)

    def _context(self, question: Question, catalog: Catalog) -> Context:
        now = question.asked_at.astimezone(self._zone)
        askers = (question.asked_by or "", *question.known_as)
        index = self._indexes.of(catalog)
        return Context(catalog, index, now, askers, examples=lambda: self._known(question))

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
        in_thread = asked.earlier is not None or asked.unread
        refusal = refusing.change_asked(sentence, context.catalog, in_thread=in_thread)
        refusal = refusal or refusing.registry_asked(sentence, context.catalog)
        if refusal is not None:
            return refusal
        typed = sentence.tokens
        frame = read(sentence, asked.context)
        if asked.earlier is not None:
            followup.settle_unknown(frame, asked.earlier, asked.context)
        leans = in_thread and followup.is_followup(asked.text, frame, sentence)
        if leans and asked.unread:
            return refusing.unread(context.catalog)
        found = _unclear(asked, frame) or self._planned(asked, sentence, frame)
        if not isinstance(found, Draft) or found.plan is None:
            return found
        # After a question back, or a no, who can say which of the two questions it goes on from?
        last = turns[-1].outcome if turns else "rows"
        unclear = last == "clarify" or (leans and last != "rows")
        sure = not unclear and is_sure(asked, typed, frame, found.plan, leans=leans)
        return replace(found, sure=sure)

    def _planned(self, asked: Asked, sentence: Sentence, frame: Frame) -> Found:
        catalog = asked.context.catalog
        try:
            plan = plan_for(asked, sentence, frame)
        except NeedsMetric:
            return clarifying.which_metric(asked, frame)
        if plan is None:
            return refusing.vague(asked.text, catalog)
        several = clarifying.which_name(asked, frame)
        if several is not None:
            return self._as_verified(asked, frame) or several
        return self._draft(plan, frame.notes, catalog)

    def _as_verified(self, asked: Asked, frame: Frame) -> Found | None:
        """The question as verified answers read the words that are unclear in it."""
        names = habits.settled(asked.context, frame)
        if not names:
            return None
        again = replace(asked, context=replace(asked.context, chosen=names))
        sentence = sentence_of(again.text, again.context)
        anew = read(sentence, again.context)
        if again.earlier is not None:
            followup.settle_unknown(anew, again.earlier, again.context)
        anew.notes.extend(habits.told(names))
        return _unclear(again, anew) or self._planned(again, sentence, anew)

    def _draft(self, plan: Plan, notes: list[str], catalog: Catalog) -> Draft | Declined:
        try:
            return draft(plan, notes, catalog, self._zone)
        except Unsayable:
            return refusing.declined("I can't put these things together.", catalog)


def _in_thread(text: str, turns: Sequence[Turn], context: Context) -> Asked:
    """The question as it stands after the last answer of its thread."""
    before = next((turn for turn in reversed(turns) if turn.outcome == "rows"), None)
    if before is None:
        return Asked(text, None, context)
    earlier = before.draft.plan if before.draft is not None else None
    if earlier is None:  # an older plan is not what the asker sees
        return Asked(text, None, context, unread=True)
    text = re.sub(_NEW_SPAN, r"\1 the last \2", text, flags=re.IGNORECASE)
    context = replace(context, earlier=earlier, scope=scope_of(earlier))
    return Asked(text, earlier, context, sure_earlier=_was_sure(before))


def _was_sure(turn: Turn) -> bool:
    """Whether its plan was sure, or found by another engine with the same rows."""
    if turn.draft is None or turn.draft.sure:
        return turn.draft is not None
    return turn.draft.engine != refusing.ENGINE and turn.row_count > 0


def _unclear(asked: Asked, frame: Frame) -> Clarification | Declined | None:
    """What stops a reading before it becomes a plan: who asks, unknown words, a run of many."""
    if frame.stranger:
        return refusing.nobodys(asked.context.catalog)
    if frame.unknown:
        of_kind = clarifying.which_of_kind(asked, frame)
        return of_kind or refusing.not_understood(frame, asked.context.index, asked.text)
    return clarifying.which_run(asked, frame) if frame.take == "latest" else None
