"""The methods of the Web API, one module per family; each module registers its own."""

from __future__ import annotations

from importlib import import_module

FAMILIES = (
    "auth",
    "blocks",
    "bookmarks",
    "bots",
    "chat",
    "connect",
    "conversations",
    "files",
    "history",
    "pins",
    "reactions",
    "schedule",
    "team",
    "unfurl",
    "usergroups",
    "users",
)

ELSEWHERE = ("bot.emulator.slack.views", "bot.emulator.slack.socket")  # with the parts they belong to


def load() -> None:
    """Import every family, so that its methods are registered."""
    for family in FAMILIES:
        import_module(f"{__name__}.{family}")
    for module in ELSEWHERE:
        import_module(module)
