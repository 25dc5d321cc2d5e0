"""Renames a customer: the folder, the files, the topic, the sheets and what the bot remembers follow."""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.lifecycle import messages, parts
from bot.project import names
from bot.project.names import customer_key
from bot.world import World, backlog
from bot.world.blocks import mention
from bot.world.engine import Run
from bot.world.sheets import UNSEEN, Change

Json = Any


def projects_of(world: World, customer: str) -> list[Json]:
    """Every project of a customer, in whatever spelling of case and spaces."""
    return [row for row in world.store.all_projects() if customer_key(row["customer"]) == customer_key(customer)]


def rename(world: World, run: Run, project: str, old: str, new: str, by: str, reason: str) -> str:
    """The flow of one renaming, of all projects of the customer; repeating it does only what is left."""
    del project
    keys: list[str] = run.step("projects", lambda: [row["key"] for row in projects_of(world, old)])
    failures: dict[str, str] = parts.carry_out(run, {"Customer's folder": partial(_folder, world, keys, old, new)})
    for key in keys:
        row = world.store.project(key) or {}
        failures |= parts.carry_out(run, _parts(world, run.key, row, old, new, by, reason))
    if not failures:
        run.step("store", lambda: _kept(world, keys, new))
    args = {"project": keys[0] if keys else "", "old": old, "new": new, "by": by, "reason": reason}
    run.step("close", lambda: parts.close(world, run, "rename", args, by, new, failures))
    return "unfinished" if failures else "done"


def _parts(world: World, key: str, row: Json, old: str, new: str, by: str, reason: str) -> dict[str, parts.Part]:
    base, project = key.split("~")[0], row["key"]
    why = reason or f"renamed from {old}"
    cell = Change("overview", "", "customer", new, UNSEEN, by_person=True)
    summary = Change("summary", "", "customer", new, UNSEEN, by_person=True)
    found: dict[str, parts.Part] = {
        f"Files of {project}": partial(_files, world, row, old, new, by),
        f"Playbook of {project}": partial(parts.cells, world, row, "playbook", [cell], by, why),
        f"Plan of {project}": partial(parts.cells, world, row, "plan", [summary], by, why),
        f"Portfolio line of {project}": partial(parts.portfolio, world, project, customer=new),
        f"Request {project}": partial(_request, world, row, new),
        f"Topic of {project}": partial(world.slack.set_topic, row["channel_id"], names.topic(project, new)),
    }
    if world.store.recall(names.customer_channel_key(project)):
        found[f"Customer channel of {project}"] = partial(_customer_channel, world, row, new, by)
    told = messages.renamed(project, old, new, mention(by))
    return found | {f"Word in the channel of {project}": partial(_tell, world, row, f"rename:{base}:{project}", told)}


def _customer_channel(world: World, row: Json, new: str, by: str) -> None:
    """The channel that the customer sees bears the new name, in its topic too; its people and invitations stay."""
    place = names.customer_channel_key(row["key"])
    known = world.store.recall(place) or {}
    if world.slack.channel(known["id"]) is None:
        return  # gone, or the bot was taken out: there is nothing of ours to rename
    wanted = names.customer_channel_name(new)
    is_named = known["name"] == wanted or known["name"].startswith(f"{wanted}-")
    name = known["name"] if is_named else world.slack.rename_channel(known["id"], wanted)
    world.slack.set_topic(known["id"], names.customer_topic(row["key"], new))
    if not is_named:
        world.store.remember(place, {**known, "name": name})
        world.audit(by, "renamed", f"#{known['name']}", project=row["key"], reason=f"#{name}")


def _tell(world: World, row: Json, key: str, told: Any) -> None:
    parts.tell_channel(world, row, key, told)


def _folder(world: World, keys: list[str], old: str, new: str) -> None:
    """The customer's folder gets name and key of the new name; what was remembered under the old one is forgotten."""
    wanted = customer_key(new)
    folder_id = world.store.recall(customer_key(old)) or world.store.recall(wanted) or _above(world, keys, old)
    if not folder_id:
        return
    folder = world.drive.get(str(folder_id))
    if folder.key in (customer_key(old), wanted) and (folder.key != wanted or folder.name != new):
        name = new if folder.name in (old, new) else None  # a person's own name for it stays
        world.drive.update(folder.id, name=name, properties={"key": wanted})
    if wanted != customer_key(old):
        world.store.remember(customer_key(old), None)
    world.store.remember(wanted, folder.id)


def _above(world: World, keys: list[str], old: str) -> str:
    """The customer's folder as the folder of a project lies in it, when nothing is remembered."""
    for key in keys:
        row = world.store.project(key) or {}
        parents = world.drive.get(row["folder_id"]).parents if row.get("folder_id") else ()
        if parents and world.drive.get(parents[0]).key == customer_key(old):
            return parents[0]
    return ""


def _files(world: World, row: Json, old: str, new: str, by: str) -> None:
    """Every file in the project's folder whose title begins with the old name; other titles are people's own."""
    listed = {file.id: file for file in world.drive.children(row["folder_id"])}
    for file_id in (row["playbook_id"], row["plan_id"]):
        if file_id not in listed and (file := world.drive.living(file_id)):
            listed[file_id] = file
    for file in listed.values():
        title = names.renamed(file.name, old, new)
        if title != file.name and not file.name.startswith(new):
            world.drive.update(file.id, name=title)
            world.audit(by, "renamed", file.name, project=row["key"], reason=title)


def _request(world: World, row: Json, new: str) -> None:
    """The request's own row in the backlog; one that somebody removed is no trouble."""
    backlog.write(world, [Change(backlog.TAB, row["request_id"], "customer", new, UNSEEN, by_person=True)])


def _kept(world: World, keys: list[str], new: str) -> None:
    """What the bot remembers of the projects follows last, when everything else is done."""
    for key in keys:
        parts.put(world, key, customer=new)
        facts = world.store.recall(names.facts_key(key))
        if facts:
            world.store.remember(names.facts_key(key), {**facts, "customer": new})
