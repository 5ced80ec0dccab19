"""A local stand-in for Slack: a workspace with people, channels and one installed app.

`Workspace` is the state and everything done to it; `serving` puts it on the loopback address, for
an app (SLACK_API_URL = address + "/api/") and for a browser. It knows nothing of any app.
"""

from bot.workspace.server import app, serving
from bot.workspace.workspace import Workspace

__all__ = ["Workspace", "app", "serving"]
