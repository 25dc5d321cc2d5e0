"""Looks at a project's real workspace, makes only what is missing, and says of each thing what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import structlog

from bot.errors import OutsideError, UserError
from bot.provisioning import apply, facts, looks, plan, steps
from bot.provisioning.facts import Setup
from bot.world import World
from bot.world.engine import Run
from bot.world.google import GoogleError
from bot.world.web_api import SlackFailure

log = structlog.get_logger(__name__)

Json = Any
Result = Literal["done", "missing", "skipped", "failed"]
ORDER: tuple[Result, ...] = ("done", "missing", "skipped", "failed")


@dataclass(frozen=True)
class Item:
    """One thing that a project has: how it is looked at, and how it is mended. *gives* names the result it renews."""

    title: str
    look: Callable[[Setup], str]
    mend: Callable[[Setup], Json]
    gives: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """What became of one item."""

    result: Result
    title: str
    words: str

    def __str__(self) -> str:
        return f"{self.result:<8} {self.title}: {self.words}" if self.words else f"{self.result:<8} {self.title}"


def repair(world: World, run: Run, subject: str, slot: str) -> str:
    """The flow of one repair; returns its report, a line for each thing."""
    del slot
    return str(run.step("repair", lambda: report(repaired(world, subject))))


def preview(world: World, project: str) -> str:
    """What a repair would do."""
    return report(repaired(world, project, dry_run=True))


def report(lines: list[Line]) -> str:
    """The lines, and a sentence at the end."""
    counts = {result: sum(line.result == result for line in lines) for result in ORDER}
    closing = "; ".join(f"{count} {result}" for result, count in counts.items() if count)
    is_whole = counts["skipped"] == len(lines)
    return "\n".join([*map(str, lines), "Everything is there." if is_whole else closing])


def failed(words: str) -> bool:
    """Whether a report tells of something that could not be mended."""
    return any(line.startswith("failed ") for line in words.splitlines())


def repaired(world: World, project: str, dry_run: bool = False) -> list[Line]:
    """Look at each item in turn, and mend it unless this is a dry run; what needs a failed one waits."""
    row = world.store.project(project)
    if row is None:
        raise UserError(f"I know of no project {project!r}. `implbot projects` lists them.")
    known = facts.current(world, row)
    done, lacking = _known(world, row), set[str]()
    lines: list[Line] = []
    for item in ITEMS:
        waits = [need for need in item.needs if need in lacking]
        line, value = _tried(Setup(world, known, done, repeated=True), item, waits, dry_run)
        if value is not None:
            done = _renewed(world, project, done, item.gives, value)
        if line.result in ("failed", "missing"):
            lacking.add(item.gives)
        lines.append(line)
    return lines


def _known(world: World, row: Json) -> Json:
    """The results of the set-up's steps as the project's row has them."""
    links = {name: {"id": row[f"{name}_id"], "url": _url(world, row[f"{name}_id"])} for name in steps.LINKS}
    channel = world.slack.channel(row["channel_id"])
    folder = {"id": row["folder_id"], "url": f"https://drive.google.com/drive/folders/{row['folder_id']}"}
    named = channel.name if channel else plan.channel_name(row["customer"])
    return {**links, "files": links, "folder": folder, "channel": {"id": row["channel_id"], "name": named}}


def _url(world: World, file_id: str) -> str:
    try:
        return world.drive.get(file_id).url
    except GoogleError as error:
        if error.kind != "missing":
            raise
        return ""


def _tried(setup: Setup, item: Item, waits: list[str], dry_run: bool) -> tuple[Line, Json]:
    """One item looked at and mended; whatever goes wrong with it is told, and the next one has its turn."""
    if waits:
        return Line("missing" if dry_run else "failed", item.title, f"it waits for: {', '.join(waits)}"), None
    try:
        lacking = item.look(setup)
        if not lacking:
            return Line("skipped", item.title, "it is there"), None
        if dry_run:
            return Line("missing", item.title, lacking), None
        value = item.mend(setup)
    except (OutsideError, UserError, ValueError) as error:
        log.warning("something could not be repaired", project=setup.request_id, item=item.title, cause=str(error))
        return Line("failed", item.title, _why(error)), None
    setup.world.audit("implbot", f"repair: {item.title}", setup.request_id, project=setup.request_id, reason=lacking)
    return Line("done", item.title, lacking), value


def _why(error: Exception) -> str:
    if isinstance(error, GoogleError | SlackFailure | UserError):
        return apply.advice(error).replace("press Retry", "run the repair again")
    return str(error)


def _renewed(world: World, project: str, done: Json, name: str, value: Json) -> Json:
    """The results with a new one in place of the old; the set-up's memory keeps it too."""
    if not name:
        return done
    world.store.remember(apply.result_key(project, name), value)
    files = {**done["files"], name: value} if name in steps.LINKS else done["files"]
    return {**done, name: value, "files": files}


# ---------------------------------------------------------------------- mending


def _top(setup: Setup) -> Json:
    known = setup.world.store.recall(plan.customer_key(setup.customer))
    if known and looks.top(setup) != looks.GONE:
        setup.world.drive.update(str(known), trashed=False)
        return None
    steps.customer_folder(setup)
    return None


def _file(name: str) -> Callable[[Setup], Json]:
    """Out of the trash and back into its folder; a new one only where it is gone for good."""

    def mend(setup: Setup) -> Json:
        drive, file = setup.world.drive, looks.file_of(setup, setup.done[name]["id"])
        if file is None:
            known = {**setup.done, "templates": steps.templates(setup)}
            return steps.ACTS[name](Setup(setup.world, setup.facts, known, repeated=True))
        parent = setup.done["folder"]["id"] if name in steps.LINKS else _parent(setup)
        if file.trashed:
            file = drive.update(file.id, trashed=False)
        if parent not in file.parents:
            file = drive.update(file.id, move=(",".join(file.parents), parent))
        return {"id": file.id, "url": file.url}

    return mend


def _parent(setup: Setup) -> str:
    return str(setup.world.store.recall(plan.customer_key(setup.customer)) or steps.customer_folder(setup))


def _channel(setup: Setup) -> Json:
    """Open it again; one that is gone is made anew only if its name is free, for then nobody has it any more."""
    slack, known = setup.world.slack, setup.done["channel"]
    if slack.channel(known["id"]) is not None:
        return _opened(setup, known)
    try:
        made = slack.ensure_channel(known["name"], steps.topic(setup), look_first=True, exact=True)
    except SlackFailure as failure:
        if failure.error != "name_taken":
            raise
        raise UserError(
            f"#{known['name']} is there, but I was removed from it. Please invite me there again; then press Retry."
        ) from failure
    return {"id": made.id, "name": made.name}


def _opened(setup: Setup, known: Json) -> Json:
    try:
        setup.world.slack.unarchive(known["id"])
    except SlackFailure as failure:
        if failure.kind != "invalid":
            raise
        raise UserError(
            f"#{known['name']} is archived and Slack does not let me open it ({failure.error}). "
            "Please unarchive it in Slack; then press Retry."
        ) from failure
    return known


def _filled(name: str) -> Callable[[Setup], Json]:
    def mend(setup: Setup) -> Json:
        known = {**setup.done, "templates": steps.templates(setup)}
        steps.ACTS[f"fill_{name}"](Setup(setup.world, setup.facts, known, repeated=True))

    return mend


def _welcome(setup: Setup) -> Json:
    """A new channel has its own welcome."""
    key = f"welcome:{setup.request_id}"
    sending = setup.world.store.sending(key)
    if sending and sending.channel not in (None, setup.done["channel"]["id"]):
        setup.world.store.unsay(key)
    return steps.welcome(setup)


def _card(setup: Setup) -> Json:
    everything = {step.name: setup.done.get(step.name, True) for step in plan.STEPS}
    apply.show_card(setup.world, setup.facts, everything, {}, [])


FILES = ("playbook", "plan")
ITEMS = (
    Item("Customer's folder", looks.top, _top, "top"),
    Item("Project's folder", looks.folder, _file("folder"), "folder", ("top",)),
    Item("Playbook", looks.playbook, _file("playbook"), "playbook", ("folder",)),
    Item("Project plan", looks.project_plan, _file("plan"), "plan", ("folder",)),
    Item("Channel", looks.channel, _channel, "channel"),
    Item("Access to the folder", looks.share, steps.share, needs=("folder",)),
    Item("Playbook's contents", looks.fill_playbook, _filled("playbook"), needs=("playbook", "plan", "channel")),
    Item("Plan's contents", looks.fill_plan, _filled("plan"), needs=("plan",)),
    Item(
        "Playbook's tags and warnings", looks.tags_of("playbook"), partial(steps.tag, name="playbook"), needs=FILES[:1]
    ),
    Item("Plan's tags and warnings", looks.tags_of("plan"), partial(steps.tag, name="plan"), needs=FILES[1:]),
    Item("People in the channel", looks.invite, steps.invite, needs=("channel",)),
    Item("Links in the channel", looks.bookmarks, steps.bookmarks, needs=("channel", "folder", *FILES)),
    Item("Line in the portfolio", looks.portfolio, steps.portfolio, needs=FILES),
    Item("Sheets watched", looks.register, steps.register, needs=("channel", "folder", *FILES)),
    Item("Welcome", looks.welcome, _welcome, needs=("channel", *FILES)),
    Item("Set-up card", looks.card, _card),
)
