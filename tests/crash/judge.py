"""Judges a set-up by the workspace alone: exactly one of each thing, nothing missing, nobody told twice.

Trash, deleted files, archived channels and deleted messages count as well: what was made twice and cleared away is a
complaint too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.project.schema import load
from bot.provisioning.plan import channel_name, customer_key
from bot.world import World
from tests.crash.workshop import LEAD, TEAM

Raw = dict[str, Any]


def complaints(world: World, raw: Raw, key: str, customer: str) -> list[str]:
    """What is wrong with a project after its set-up, in words; nothing when all is well."""
    return [
        *_files(raw, key, customer),
        *_channel(world, raw, key, customer),
        *_messages(raw, key, customer),
        *_access(raw, key),
        *_sheets(world, key),
    ]


def _marked(raw: Raw, **marks: str) -> list[Raw]:
    rows = [*raw["files"], *raw["deleted_files"]]
    return [row for row in rows if marks.items() <= row.get("appProperties", {}).items()]


def _count(what: str, found: int, wanted: int = 1) -> Iterator[str]:
    if found != wanted:
        yield f"{what}: {found} instead of {wanted}"


def _files(raw: Raw, key: str, customer: str) -> Iterator[str]:
    yield from _count("customer folder", len(_marked(raw, key=customer_key(customer))))
    for name in ("folder", "playbook", "plan"):
        yield from _count(name, len(_marked(raw, project=key, key=f"{key}:{name}")))
    yield from _count("files of the project", len(_marked(raw, project=key)), 3)


def _channel(world: World, raw: Raw, key: str, customer: str) -> Iterator[str]:
    name = channel_name(customer)
    found = [row for row in raw["channels"] if row["name"].startswith(name)]
    yield from _count("channel", len(found))
    for row in found[:1]:
        if row["topic"]["value"] != f"{key} · {customer} · internal":
            yield f"topic: {row['topic']['value']!r}"
        emails = {world.slack.email(user_id) for user_id in row["members"] if user_id != world.slack.user_id}
        if emails != {*TEAM, LEAD}:
            yield f"members: {sorted(emails)}"
        marks = world.slack._api.read("bookmarks.list", channel_id=row["id"])["bookmarks"]
        yield from _count("bookmarks", len(marks), 3)
        yield from _count("different bookmarks", len({mark["link"] for mark in marks}), 3)


def _messages(raw: Raw, key: str, customer: str) -> Iterator[str]:
    texts = [str(row.get("blocks")) for row in raw["messages"]]
    yield from _count("welcome", sum(f"Welcome to {customer}" in text for text in texts))
    cards = [text for text in texts if f"Set-up of {customer}" in text]
    yield from _count("card", len(cards))
    if cards and "✓  Welcome posted" not in cards[0]:
        yield "card: it does not show that all is done"


def _access(raw: Raw, key: str) -> Iterator[str]:
    for folder in _marked(raw, project=key, key=f"{key}:folder"):
        granted = Counter(one.get("emailAddress") for one in folder["permissions"] if one["type"] == "user")
        for email in TEAM:
            yield from _count(f"access of {email}", granted[email])


def _sheets(world: World, key: str) -> Iterator[str]:
    backlog = world.sheets.read(world.backlog(), load("backlog"), ("requests", "portfolio"))
    yield from _count("line in the portfolio", sum(row.id == key for row in backlog.rows("portfolio")))
    request = backlog.row("requests", key)
    if request is None or not request.record.project_link:
        yield "the request's row does not lead to its project"
    project = world.store.project(key)
    if project is None:
        yield "the project is not registered"
        return
    playbook = world.sheets.read(project["playbook_id"], load("playbook"))
    plan = world.sheets.read(project["plan_id"], load("standard_plan"))
    if playbook.form("overview").request_id != key or plan.form("summary").customer == "":
        yield "a file is not filled in"
    yield from _count("people in the playbook", len(playbook.rows("stakeholders")), len(TEAM))
    yield from _count("milestones with a day", sum(row.baseline is not None for row in plan.records("milestones")), 16)
    if not (world.store.snapshot(project["playbook_id"]) and world.store.snapshot(project["plan_id"])):
        yield "a first snapshot is missing"
