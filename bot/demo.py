"""`tracktalk demo`: the real bot in a Slack channel of its own, on this machine alone.

A first question and a follow-up are asked in the channel and printed; then the page is the
reader's. Everything it makes is in one folder, so that deleting that folder undoes it.
"""
# ruff: noqa: PLC0415 - the bot, its Slack and the chart's renderer load when they are needed

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from texttosql.desk import Outside
from texttosql.errors import TextToSQLError
from texttosql.flow import Reply
from texttosql.rescue import rescued
from texttosql.terminal import Screen, error_line, screen, show

if TYPE_CHECKING:
    from bot.porch import Porch
    from bot.workspace import Workspace

QUESTIONS = ("top 5 runs by val_accuracy", "only the ones alice ran")
"""The follow-up needs the first one to make sense: that is what it shows."""

PORT = 8137
CHANNEL, PERSON = "ml-experiments", "alice"
_PATIENCE = 60
"""Seconds an answer may take before the demo says that there is none."""

_WELCOME = """\
Tracktalk answers questions about MLflow experiments, in Slack and in plain words.
This is a demo: a Slack of its own on this machine, with the real bot in it, over a few hundred
runs of really trained scikit-learn models:
  {store}
"""
_INVITATION = """
Now yours: open {address} in a browser (Ctrl-C ends the demo).
  @tracktalk how many runs failed last week?     /templates     a message to the app itself
"""
_FAREWELL = """
Ask your own store:  {program} ask "how many runs?" --store sqlite:///path/mlflow.db
The bot in your Slack:  docs/slack.md
"""


def run(outside: Outside, folder: Path, make_store: Callable[[Path], str], *, once: bool) -> int:
    """Make the store if there is none, open the workspace, ask, and serve until Ctrl-C."""
    sys.stderr.write("Getting the demo store …\n")
    store = make_store(folder / "demo")
    with _house(outside, folder, store) as (porch, workspace, address):
        to = screen(porch.settings.corridor.timezone, outside.log_file)
        to.say(_WELCOME.format(store=store))
        outcomes = Conversation(porch, workspace, to, folder / "charts").hold()
        if not once:
            to.say(_INVITATION.format(address=address))
            to.out.flush()
            _until_interrupted()
        to.say(_FAREWELL.format(program=_program()))
        to.out.flush()
    return 0 if "rows" in outcomes else 1


@contextmanager
def _house(outside: Outside, folder: Path, store: str) -> Iterator[tuple[Porch, Workspace, str]]:
    """The workspace and the bot in it, both stopped afterwards."""
    from bot.app import build
    from bot.manifest import read_manifest
    from bot.settings import from_env
    from bot.socket import socket_mode
    from bot.workspace import Workspace, serving
    from texttosql.factory import build_office

    workspace = Workspace(manifest=read_manifest())
    with serving(workspace, port=_free_port()) as address:
        own = {
            "TRACKTALK_STORE": store,
            "TRACKTALK_JOURNAL": f"sqlite:///{(folder / 'journal.db').absolute()}",
            "TRACKTALK_CONFIG": "",
            "SLACK_API_URL": f"{address}/api/",
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "SLACK_CLIENT_ID": "",
        }
        settings = from_env({**outside.environ, **own}, outside.redactor)
        office = build_office(settings.corridor)
        bot = build(settings, office)
        bot.start()
        try:
            with socket_mode(bot.app, settings):
                yield bot.porch, workspace, address
        finally:
            bot.stop(grace=2)
            office.close()


class Conversation:
    """The prepared questions, asked in a channel, and where their charts go."""

    def __init__(self, porch: Porch, workspace: Workspace, to: Screen, charts: Path) -> None:
        self._porch, self._workspace, self._to, self._charts = porch, workspace, to, charts
        self._channel = workspace.channel(CHANNEL).id
        self._person = workspace.user(PERSON).id
        self._thread_ts: str | None = None
        self._drawn = 0

    def hold(self) -> list[str]:
        """Ask each, in one thread; their outcomes."""
        return [self._ask(question) for question in QUESTIONS]

    def _ask(self, question: str) -> str:
        """Put a question and print what came; the outcome."""
        mention = f"{self._workspace.mention} " if self._thread_ts is None else ""
        ts = self._workspace.say(
            self._person, self._channel, f"{mention}{question}", self._thread_ts
        )
        self._thread_ts = self._thread_ts or ts
        self._to.say(f"#{CHANNEL} {PERSON}: {'@tracktalk ' if mention else '↳ '}{question}\n")
        posted = self._workspace.wait_for(lambda: self._answer_to(ts), _PATIENCE)
        if not posted:
            self._to.talk(f"No answer came within {_PATIENCE} s.")
            return "error"
        outcome = self._show(self._answer_to(ts))
        self._to.say()
        self._to.out.flush()
        return outcome

    def _answer_to(self, ts: str) -> str | None:
        """What the bot has posted in the thread since then."""
        replies = self._workspace.messages(self._channel, self._thread_ts)
        answers = [m["text"] for m in replies if m.get("bot_id") and m["ts"] > ts]
        return answers[-1] if answers else None

    def _show(self, posted: str | None) -> str:
        """The answer's turn, run again for the terminal; the posted words where it has no rows."""
        office = self._porch.office
        (newest,) = office.journal.history(limit=1)
        reply = office.replay(newest.id)
        if reply is None:
            self._to.say(posted or "")
            return newest.outcome or "error"
        show(reply, self._to)
        self._draw(reply)
        return reply.outcome

    def _draw(self, reply: Reply) -> None:
        if reply.answer is None or reply.answer.chart is None:
            return
        from texttosql.chart import render_png

        self._drawn += 1
        file = self._charts / f"chart-{self._drawn}.png"
        chart, table = reply.answer.chart, reply.answer.table
        zone = self._porch.settings.corridor.timezone
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(rescued(lambda: render_png(chart, table, zone)))
        except OSError as error:
            self._to.talk(f"The chart cannot be written to {file}: {error.strerror}.")
        except TextToSQLError as error:
            self._to.talk(error_line(error, self._to.log))
        else:
            self._to.say(f"\nChart: {file}")


def _program() -> str:
    """How to call this program from here: by its name where the shell finds it."""
    own = Path(sys.argv[0])
    if shutil.which("tracktalk"):
        return "tracktalk"
    return os.path.relpath(own) if own.name == "tracktalk" else "tracktalk"


def _free_port() -> int:
    """The demo's own port, so that a bookmark holds; any other when that is taken."""
    import socket

    with socket.socket() as probe:
        # What a demo before this one has just closed is free, although its last packets are not.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return 0
    return PORT


def _until_interrupted() -> None:
    from bot.serve import wait_for_the_end

    wait_for_the_end()
