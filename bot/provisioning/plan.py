"""What a set-up consists of: its steps, what each needs, and the pure rules of what goes where."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

State = Literal["done", "running", "waiting", "failed"]


@dataclass(frozen=True)
class Step:
    """One step of a set-up, with the steps whose results it needs."""

    name: str
    title: str
    needs: tuple[str, ...] = ()


STEPS = (
    Step("folder", "Customer folder"),
    Step("channel", "Project channel"),
    Step("playbook", "Playbook copied", ("folder",)),
    Step("plan", "Project plan copied", ("folder",)),
    Step("invite", "People invited to the channel", ("channel",)),
    Step("share", "Folder shared with the team", ("folder",)),
    Step("files", "One of each file, checked", ("playbook", "plan")),
    Step("fill_playbook", "Playbook filled in", ("files", "channel")),
    Step("fill_plan", "Project plan filled in", ("files",)),
    Step("bookmarks", "Links in the channel", ("channel", "files")),
    Step("portfolio", "Line in the portfolio", ("fill_playbook", "fill_plan")),
    Step("register", "Sheets watched", ("fill_playbook", "fill_plan", "channel")),
    Step("welcome", "Welcome posted", ("invite", "share", "bookmarks", "register")),
)


def ready(done: Collection[str], failed: Collection[str], steps: Collection[Step] = STEPS) -> list[Step]:
    """The steps that can begin now: not done, not failed, and everything they need is there."""
    return [step for step in steps if step.name not in (*done, *failed) and set(step.needs) <= set(done)]


def states(done: Collection[str], failures: Mapping[str, str], running: Collection[str]) -> dict[str, State]:
    """How each step stands, for the card."""

    def state(name: str) -> State:
        return "done" if name in done else "failed" if name in failures else "running" if name in running else "waiting"

    return {step.name: state(step.name) for step in STEPS}


def channel_name(customer: str) -> str:
    """`impl-<customer>` in the letters that a channel name may have, at most 70 of them."""
    plain = unicodedata.normalize("NFKD", customer).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "customer"
    return f"impl-{words}"[:70].rstrip("-")


def customer_key(customer: str) -> str:
    """The key of a customer's folder: the same for another spelling of case and spaces, short in any script."""
    name = " ".join(unicodedata.normalize("NFKC", customer).casefold().split())
    return f"customer:{hashlib.sha256(name.encode()).hexdigest()[:24]}"


def leftovers(values: Collection[object]) -> list[str]:
    """Placeholders that a fill left standing, such as `{customer}`."""
    found = {mark for value in values if isinstance(value, str) for mark in re.findall(r"\{\{?[a-z_]+\}?\}", value)}
    return sorted(found)
