"""A job becomes an answer in Slack: asked, rendered, shown in one message.

The worker asks; what goes to Slack goes through the outbox in its channel's turn, and only when
it has arrived is the job done. Until then another process may take it over.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.inbox import Asked, asked_in
from bot.patience import Patience, Wait
from bot.people import People
from bot.pictures import Picture
from bot.postman import Letter, Postman
from bot.render import answer as answers
from bot.render.csv import csv_bytes
from bot.render.explained import explanation, not_explained
from bot.render.learned import learned, offered
from bot.render.links import RunLinks
from bot.render.message import Look, Message, Rendered
from bot.render.text import plain
from bot.settings import BotSettings
from bot.stages import WAITING, in_words
from texttosql.errors import TextToSQLError
from texttosql.flow import OnStage, Question, Reply, Turn
from texttosql.learning.lessons import Teacher
from texttosql.office import Office
from texttosql.rescue import rescued
from texttosql.worklist import Job

_log = logging.getLogger(__name__)


class Answering:
    """What the workroom does with a job. Keeps nothing but what is under way right now."""

    def __init__(
        self,
        settings: BotSettings,
        office: Office,
        postman: Postman,
        people: People,
        patience: Patience,
    ) -> None:
        self._settings, self._office, self._people = settings, office, people
        self._postman, self._patience = postman, patience
        self._lock = threading.Lock()
        self._waits: dict[str, Wait] = {}

    def expect(self, job: Job) -> None:
        """Begin to show that a question is being worked on, should it take long."""
        asked = asked_in(job)
        wait = self._patience.begin(
            WAITING,
            lambda wait: self._postman.status(asked, wait),
            lambda wait: self._postman.working(asked, wait),
        )
        with self._lock:
            self._waits[job.key] = wait

    def turn_away(self, asked: Asked, sentence: str) -> None:
        """Say to the asker alone why a question is not taken."""
        self._postman.whisper(asked, Message(sentence))

    def answer(self, job: Job) -> None:
        """Work on a job until its answer is on its way."""
        with self._lock:
            known = job.key in self._waits
        if not known:
            self.expect(job)  # taken over from a process that died
        asked = asked_in(job)
        try:
            letter = rescued(lambda: self._letter(job, asked))
        except TextToSQLError as error:
            letter = Letter(job, asked, self._failed(job, asked, error))
        finally:
            with self._lock:
                self._waits.pop(job.key).over = True
        self._postman.send(letter)
        if job.kind == "sql" and not job.given_up:
            self._tell_learned(job, asked)

    def _tell_learned(self, job: Job, asked: Asked) -> None:
        """What SQL that somebody edited has taught, or could: to the editor alone."""
        try:
            said = rescued(lambda: self._taught(job, asked))
        except TextToSQLError as error:
            _log.warning("nothing learned from %s: %s", job.turn_id, error.what)
            return
        if said is not None:
            self._postman.whisper(asked, said)

    def _taught(self, job: Job, asked: Asked) -> Message | None:
        lessons, target = self._office.lessons, asked.target
        names = self._people.names(target.team, asked.user)
        alone = target.direct or asked.response_url is not None
        by = Teacher(asked.user, next(iter(names), None), alone)
        example = lessons.edited(job.turn_id, by)
        if example is not None:
            return learned(example, "Learned.")
        question = lessons.in_doubt(job.turn_id)
        return offered(job.turn_id, question, alone=alone) if question else None

    def _letter(self, job: Job, asked: Asked) -> Letter:
        if job.given_up:
            return Letter(job, asked, _given_up(asked))
        if job.kind == "csv":
            return self._file(job, asked)
        if job.kind == "explain":
            return self._explained(job, asked)
        reply = self._guarded(job, asked)
        return self._told(job, asked, reply)

    def _failed(self, job: Job, asked: Asked, error: TextToSQLError) -> Rendered:
        """What is said when even telling an answer fails: without asking store or journal."""
        reply = Reply(Question(asked.text, job.accepted_at), "error", job.turn_id, error=error)
        return answers.render(reply, Look(self._settings.corridor.timezone))

    def _guarded(self, job: Job, asked: Asked) -> Reply:
        """How the turn ended; what nobody foresaw ends it too."""
        try:
            return rescued(lambda: self._reply(job, asked))
        except TextToSQLError as error:
            return Reply(self._question(job, asked), "error", turn_id=job.turn_id, error=error)

    def _reply(self, job: Job, asked: Asked) -> Reply:
        office, stage = self._office, self._stage(job)
        if job.kind == "replay":
            return office.replay(job.turn_id) or _gone(self._question(job, asked))
        if job.kind == "again":
            return self._again(job, asked)
        question = self._question(job, asked)
        if job.kind == "sql":
            sql, title = asked.more["sql"], asked.more["title"]
            return office.run_sql(question, sql, title, turn_id=job.turn_id, on_stage=stage)
        return office.ask(question, turn_id=job.turn_id, on_stage=stage)

    def _again(self, job: Job, asked: Asked) -> Reply:
        """The same turn once more, with today's data; its words mean what they mean today."""
        turn, stage = self._office.journal.turn(job.turn_id), self._stage(job)
        if turn is None:
            return _gone(self._question(job, asked))
        question = self._as_asked(turn, asked)
        if turn.draft is not None and turn.draft.engine == "sql":
            draft = turn.draft
            return self._office.run_sql(
                question, draft.sql, draft.title, turn_id=turn.id, on_stage=stage
            )
        return self._office.ask(question, turn_id=turn.id, on_stage=stage)

    def _as_asked(self, turn: Turn, asked: Asked) -> Question:
        user = turn.asked_by or asked.user
        return Question(
            turn.question, datetime.now(UTC), user, turn.thread, turn.store,
            self._people.names(asked.target.team, user), turn.place, turn.follows,
        )  # fmt: skip

    def _question(self, job: Job, asked: Asked) -> Question:
        target = asked.target
        return Question(
            text=asked.text,
            asked_at=job.accepted_at,
            asked_by=asked.user,
            thread=target.thread,
            store=self._settings.store_for(target.channel),
            known_as=self._people.names(target.team, asked.user),
            place=target.place,
            follows=asked.follows,
        )

    def _stage(self, job: Job) -> OnStage:
        """Keeps what is going on where `patience` looks."""

        def note(stage: str, detail: Mapping[str, object]) -> None:
            with self._lock:
                wait = self._waits.get(job.key)
            if wait is not None:
                wait.stage = in_words(stage, detail)

        return note

    def _told(self, job: Job, asked: Asked, reply: Reply) -> Letter:
        look = self._look(asked, reply)
        rendered = answers.render(reply, look)
        picture = None
        if rendered.png is not None and reply.answer is not None:
            picture = Picture(rendered.png, reply.answer.table, look.zone)
        private = asked.quiet and reply.declined is not None
        return Letter(job, asked, rendered, picture, private=private)

    def _look(self, asked: Asked, reply: Reply) -> Look:
        return Look(
            zone=self._office.zone(reply.question.store),
            links=RunLinks(self._settings.mlflow_url),
            page=int(asked.more.get("page") or 0),
            chart=asked.more.get("chart") or "auto",
            refines=self._refined(asked, reply),
            explains=self._office.explains(reply.question.store),
        )

    def _refined(self, asked: Asked, reply: Reply) -> str | None:
        """Somebody else's question that this one went on from: the reader should know."""
        before = self._office.journal.turn(reply.follows) if reply.follows else None
        if before is None or before.asked_by == (reply.question.asked_by or asked.user):
            return None
        return before.question

    def _explained(self, job: Job, asked: Asked) -> Letter:
        """What the rows show, below the answer; why nothing is said, to who clicked alone."""
        self._stage(job)("explain", {})
        try:
            found = self._office.explain(job.turn_id)
        except TextToSQLError as error:
            return Letter(job, asked, not_explained(error), private=True)
        return Letter(job, asked, explanation(found), private=asked.quiet)

    def _file(self, job: Job, asked: Asked) -> Letter:
        """All rows of an answer, up to the cap, as a file in its thread."""
        reply = self._office.replay(job.turn_id)
        if reply is None or reply.answer is None:
            return self._told(job, asked, reply or _gone(self._question(job, asked)))
        answer = reply.answer
        content = csv_bytes(answer.table, self._office.zone(reply.question.store))
        name = f"{plain(answer.title, 60).replace('/', '-')}.csv"
        return Letter(job, asked, Rendered(()), file=(name, content, plain(answer.title, 120)))


def _gone(question: Question) -> Reply:
    what = "The journal has no SQL for this answer any more."
    error = TextToSQLError(what, "Ask the question again.")
    return Reply(question, "error", error=error)


def _given_up(asked: Asked) -> Rendered:
    text = (
        "I tried to answer this several times and something stopped me each time. The log has the"
        f" details under {asked.key}. Ask it another way, or show this to whoever runs me."
    )
    return Rendered((Message(text),))
