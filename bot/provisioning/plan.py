"""What a set-up consists of: its steps, what each needs, and the pure rules of what goes where."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.project.names import channel_name as channel_name
from bot.project.names import customer_key as customer_key

State = Literal["done", "running", "waiting", "failed"]


@dataclass(frozen=True)
class Step:
    """One step of a set-up, with the steps whose results it needs."""

    name: str
    title: str
    needs: tuple[str, ...] = ()


STEPS = (
    Step("templates", "Templates found"),
    Step("folder", "Customer folder"),
    Step("channel", "Project channel"),
    Step("playbook", "Playbook copied", ("templates", "folder")),
    Step("plan", "Project plan copied", ("templates", "folder")),
    Step("invite", "People invited to the channel", ("channel",)),
    Step("share", "Folder shared with the team", ("folder",)),
    Step("files", "One of each file, checked", ("playbook", "plan")),
    Step("fill_playbook", "Playbook filled in", ("templates", "files", "channel")),
    Step("fill_plan", "Project plan filled in", ("templates", "files")),
    Step("bookmarks", "Links in the channel", ("channel", "folder", "files")),
    Step("portfolio", "Line in the portfolio", ("files",)),
    Step("register", "Sheets watched", ("folder", "fill_playbook", "fill_plan", "channel", "files")),
    Step("welcome", "Welcome posted", ("channel", "files", "invite", "share", "bookmarks", "register")),
)


def ready(done: Collection[str], begun: Collection[str], steps: Collection[Step] = STEPS) -> list[Step]:
    """The steps that can begin now: not done, not begun or failed, and everything they need is there."""
    return [step for step in steps if step.name not in (*done, *begun) and set(step.needs) <= set(done)]


def needs(name: str) -> tuple[str, ...]:
    """The steps whose results a step needs."""
    return next(step.needs for step in STEPS if step.name == name)


def states(done: Collection[str], failures: Mapping[str, str], running: Collection[str]) -> dict[str, State]:
    """How each step stands, for the card."""

    def state(name: str) -> State:
        return "done" if name in done else "failed" if name in failures else "running" if name in running else "waiting"

    return {step.name: state(step.name) for step in STEPS}


def leftovers(values: Collection[object]) -> list[str]:
    """Placeholders that a fill left standing, such as `{customer}`."""
    found = {mark for value in values if isinstance(value, str) for mark in re.findall(r"\{\{?[a-z_]+\}?\}", value)}
    return sorted(found)
