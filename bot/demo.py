"""`tracktalk demo`: a first conversation with a real store, then the reader's own.

Everything it makes is in one folder, so that deleting that folder undoes it.
"""
# ruff: noqa: PLC0415 - the chart's renderer is loaded when there is something to draw

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from texttosql.desk import Desk, Outside, open_desk
from texttosql.errors import TextToSQLError
from texttosql.flow import Reply
from texttosql.rescue import rescued
from texttosql.terminal import Screen, error_line, screen, show

QUESTIONS = ("top 5 runs by val_accuracy", "only the ones alice ran")
"""The follow-up needs the first one to make sense: that is what it shows."""

_WELCOME = """\
Tracktalk answers questions about MLflow experiments, in plain words.
This is a demo over a few hundred runs of really trained scikit-learn models:
  {store}
"""
_INVITATION = """
Now yours. For example:
  how many runs failed last week?          latest version of each registered model
  average f1 by user, as a bar chart       compare the experiments by accuracy
A follow-up ("only the failed ones") goes on from the answer before it.
"new" starts over, Ctrl-D ends.
"""
_FAREWELL = """
Ask your own store:  {program} ask "how many runs?" --store sqlite:///path/mlflow.db
"""


def _program() -> str:
    """How to call this program from here: by its name where the shell finds it."""
    own = Path(sys.argv[0])
    if shutil.which("tracktalk"):
        return "tracktalk"
    return os.path.relpath(own) if own.name == "tracktalk" else "tracktalk"


def run(outside: Outside, folder: Path, make_store: Callable[[Path], str], *, once: bool) -> int:
    """Make the store if there is none, ask, and on a terminal keep asking."""
    sys.stderr.write("Getting the demo store …\n")
    address = make_store(folder / "demo")
    journal = f"sqlite:///{(folder / 'journal.db').absolute()}"
    own = {"TRACKTALK_STORE": address, "TRACKTALK_JOURNAL": journal, "TRACKTALK_CONFIG": ""}
    there = Outside({**outside.environ, **own}, outside.redactor)
    with open_desk(there) as desk:
        to = screen(desk.zone, outside.log_file)
        to.say(_WELCOME.format(store=address))
        talk = Conversation(desk, to, folder / "charts")
        return talk.hold(None if once or not sys.stdin.isatty() else _typed())


class Conversation:
    """A thread of questions at a desk, and where its charts go."""

    def __init__(self, desk: Desk, to: Screen, charts: Path) -> None:
        self._desk = desk
        self._to = to
        self._charts = charts
        self._thread = _new_thread()
        self._drawn = 0

    def hold(self, typed: Iterable[str] | None) -> int:
        """The prepared questions, then those typed, if anybody types; the exit status."""
        outcomes = [self.ask(question) for question in QUESTIONS]
        if typed is not None:
            self._to.say(_INVITATION)
            self._to.out.flush()
            for text in typed:
                self._take(text)
        self._to.say(_FAREWELL.format(program=_program()))
        self._to.out.flush()
        return 0 if "rows" in outcomes else 1

    def ask(self, text: str) -> str:
        """Put a question in the current thread and show what comes; the outcome."""
        self._to.say(f"> {text}\n")
        return self._answer(text)

    def _take(self, text: str) -> None:
        if text.lower() == "new":
            self._thread = _new_thread()
            self._to.say("A new conversation.\n")
        elif text:
            self._answer(text)

    def _answer(self, text: str) -> str:
        reply = self._desk.ask(text, self._thread)
        show(reply, self._to)
        self._draw(reply)
        self._to.say()
        self._to.out.flush()
        return reply.outcome

    def _draw(self, reply: Reply) -> None:
        if reply.answer is None or reply.answer.chart is None:
            return
        from texttosql.chart import render_png

        self._drawn += 1
        file = self._charts / f"chart-{self._drawn}.png"
        chart, table = reply.answer.chart, reply.answer.table
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(rescued(lambda: render_png(chart, table, self._desk.zone)))
        except OSError as error:
            self._to.talk(f"The chart cannot be written to {file}: {error.strerror}.")
        except TextToSQLError as error:
            self._to.talk(error_line(error, self._to.log))
        else:
            self._to.say(f"\nChart: {file}")


def _new_thread() -> str:
    """The journal outlives the session: yesterday's thread is not to be gone on with."""
    return f"demo-{token_hex(4)}"


def _typed() -> Iterator[str]:
    """What is typed, line by line, until Ctrl-D; with the arrow keys where there is readline."""
    with suppress(ImportError):
        import readline  # noqa: F401 - input() uses it once it is loaded
    while True:
        try:
            yield input("> ").strip()
        except EOFError:
            return
