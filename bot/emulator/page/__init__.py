"""The page: the workspace as people see it, in a browser, with nothing loaded from outside.

Server-rendered: each screen is one GET; ``static/page.js`` fetches it again every second and swaps the parts that
changed. What people do goes through POST ``/page/act/{verb}`` to the same hands as the control API.
"""

from bot.emulator.page.server import routes

__all__ = ["routes"]
