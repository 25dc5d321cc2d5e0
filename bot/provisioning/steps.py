"""The acts of a set-up, one per step: each takes what is known and returns what it made, as plain JSON."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from bot.errors import UserError
from bot.project import names, snapshot
from bot.project.access import team
from bot.project.model import PortfolioLine, Project
from bot.project.schema import Schema, load
from bot.project.words import Phase, ProjectState, RequestType
from bot.provisioning import contents, messages, plan, tags
from bot.provisioning.facts import Setup
from bot.world import structure
from bot.world.drive import File
from bot.world.google import GoogleError
from bot.world.sheets import UNSEEN, Change
from bot.world.store import Snapshot
from bot.world.web_api import SlackFailure

Json = Any

LINKS = {"playbook": "Playbook", "plan": "Project plan"}

_TURNS: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
"""One set-up at a time makes the folder of a customer or takes a channel's name: two at once must not race for it."""


def templates(setup: Setup) -> Json:
    """The files to copy, by one look: a team's own where one is registered."""
    found = [file for file in setup.world.drive.find({"implbot": "template"}) if not file.trashed]
    return {name: _template(found, schema) for name, schema in setup.facts["schemas"].items()}


def _template(found: list[File], schema: str) -> Json:
    source = next((file for file in found if file.properties.get("template") == schema), None)
    if source is None:
        raise UserError(
            f"The template {schema!r} is not in the shared drive. The bot's operator runs `implbot templates push`; "
            "then press Retry."
        )
    own = source.properties.get("use")
    return {
        "id": own or source.id,
        "version": "" if own else source.properties.get("version", ""),
        "is_own": bool(own),
    }


def folder(setup: Setup) -> Json:
    """The customer's folder, shared by all its projects, and this request's folder in it."""
    drive = setup.world.drive
    top = customer_folder(setup)
    name, marks = f"{setup.request_id} · {setup.facts['kind']}", {"project": setup.request_id}
    made = drive.ensure_folder(name, top, f"{setup.request_id}:folder", marks, look_first=setup.repeated)
    return {"id": made.id, "url": made.url}


def customer_folder(setup: Setup) -> str:
    """The ID of the customer's folder, made at its first project, and anew when somebody trashed it."""
    drive, store = setup.world.drive, setup.world.store
    key = plan.customer_key(setup.customer)
    with _TURNS[key]:
        known = store.recall(key)
        if known and drive.living(known):
            return str(known)
        there = drive.standing(key)
        top = there or drive.ensure_folder(setup.customer, drive.root().id, key, look_first=setup.repeated)
        store.remember(key, top.id)
        return top.id


def playbook(setup: Setup) -> Json:
    """The internal playbook, copied from its template."""
    return _copy(setup, "playbook", f"{setup.customer} · Implementation playbook (internal)")


def project_plan(setup: Setup) -> Json:
    """The plan that the customer may see one day, copied from its template."""
    return _copy(setup, "plan", f"{setup.customer} · Project plan")


def _copy(setup: Setup, name: str, title: str) -> Json:
    if adopted := _adopted(setup, name):
        return {"id": adopted.id, "url": adopted.url}
    source = setup.done["templates"][name]["id"]
    key, marks = f"{setup.request_id}:{name}", {"project": setup.request_id, "file": name}
    copied = setup.world.drive.ensure_copy(
        source, title, setup.done["folder"]["id"], key, marks, look_first=setup.repeated
    )
    return {"id": copied.id, "url": copied.url}


def _adopted(setup: Setup, name: str) -> File | None:
    """The sheet that people made and the operator gave to this request, in the project's folder; None without one."""
    own = setup.own.get(name)
    if own is None:
        return None
    drive, place = setup.world.drive, setup.done["folder"]["id"]
    file = drive.living(own)
    if file is None:
        raise UserError(f"The {LINKS[name].lower()} that was adopted is gone. Please restore it; then press Retry.")
    return file if place in file.parents else drive.update(own, move=(",".join(file.parents), place))


def files(setup: Setup) -> Json:
    """Verify by one listing: of twins that a crash or a lost answer left, the oldest stays and is the project's file.

    A listing may lag behind the copy; then the file that was just made counts.
    """
    settled = setup.world.drive.settle({"project": setup.request_id})
    found = {name: settled.get(f"{setup.request_id}:{name}") for name in LINKS}
    return {name: {"id": file.id, "url": file.url} if file else setup.done[name] for name, file in found.items()}


def channel(setup: Setup) -> Json:
    """The internal project channel; its topic tells a repeat which channel is ours."""
    name = plan.channel_name(setup.customer)
    with _TURNS[name]:
        made = setup.world.slack.ensure_channel(name, topic(setup), setup.repeated)
    return {"id": made.id, "name": made.name}


def topic(setup: Setup) -> str:
    """What the channel's topic says."""
    return names.topic(setup.request_id, setup.customer)


def invite(setup: Setup) -> Json:
    """Everyone of ours, and whoever selected the request; one who cannot come keeps nobody else out."""
    people = {setup.facts["by"]: "who selected it"} | {who["id"]: who["name"] for who in setup.facts["people"]}
    place = setup.done["channel"]["id"]
    try:
        setup.world.slack.invite(place, people)
    except SlackFailure as failure:
        if failure.kind != "invalid":
            raise
        kept_out = [name for user_id, name in people.items() if not _is_invited(setup, place, user_id)]
        if kept_out:
            raise UserError(
                f"Slack does not let me invite {', '.join(kept_out)} ({failure.error}). A Slack administrator can "
                "tell why; anybody in the channel can invite them as well. Then press Retry."
            ) from failure
    return len(people)


def _is_invited(setup: Setup, place: str, user_id: str) -> bool:
    try:
        setup.world.slack.invite(place, [user_id])
    except SlackFailure as failure:
        if failure.kind != "invalid":
            raise
        return False
    return True


def fill_playbook(setup: Setup) -> Json:
    """Overview, people, risks and rows of the playbook."""
    book = setup.schema("playbook")
    return _fill(setup, "playbook", book, contents.playbook(setup, book))


def fill_plan(setup: Setup) -> Json:
    """The plan's summary and rows, dated from kickoff."""
    book = setup.schema("plan")
    return _fill(setup, "plan", book, contents.plan(setup, book))


def _fill(setup: Setup, name: str, book: Schema, what: contents.Contents) -> Json:
    """Fill in one call, refuse placeholders that are left standing, and keep what the file holds now."""
    file_id = setup.done["files"][name]["id"]
    if name in setup.own:
        return {"rows": 0, "tags": tag(setup, name)}  # what people wrote stays; the first sweep reads it
    before = setup.world.sheets.fill(file_id, book, what)
    if setup.done["templates"][name]["is_own"]:
        tag(setup, name)  # the pushed templates bring their tags and warnings along
    packed = snapshot.pack({tab.name: contents.filled(before, tab, what.get(tab.name)) for tab in book.tabs})
    cells = [value for rows in packed.values() for _, _, values in rows for value in values.values()]
    if left := plan.leftovers(cells):
        raise UserError(
            f"The {LINKS[name].lower()}'s template has placeholders I cannot fill: {', '.join(left)}. "
            "Whoever looks after the templates can mend it; then press Retry."
        )
    now = setup.world.clock.now()
    setup.world.store.keep_snapshot(file_id, Snapshot(now, now, packed))
    return {"rows": sum(len(rows) for rows in packed.values())}


def tag(setup: Setup, name: str) -> int:
    """Give a file the column tags and the warnings that it lacks; how many there were to give."""
    google, file_id = setup.world.sheets.google, setup.done["files"][name]["id"]
    requests = tags.missing(setup.schema(name), structure.read(google, file_id))
    try:
        if requests:
            setup.world.sheets.batch_update(file_id, requests)
    except GoogleError as error:
        if error.kind != "ambiguous" or tags.missing(setup.schema(name), structure.read(google, file_id)):
            raise
    return len(requests)


def share(setup: Setup) -> Json:
    """Who runs the project may write, the rest may read; by the request's folder, which is internal and stays so."""
    roles = access(setup)
    for email, role in roles.items():
        setup.world.drive.share(setup.done["folder"]["id"], email, role, setup.audience, check=setup.repeated)
    return len(roles)


def access(setup: Setup) -> dict[str, str]:
    """Each person's access by e-mail; who has two roles gets the larger one."""
    return team((who["role"], who["email"]) for who in setup.facts["people"])


def bookmarks(setup: Setup) -> Json:
    """Both sheets and their folder at the channel's top."""
    for title, url in links(setup).items():
        setup.world.slack.bookmark(setup.done["channel"]["id"], title, url, look_first=setup.repeated)
    return len(links(setup))


def links(setup: Setup) -> dict[str, str]:
    """What the channel's bookmarks lead to, by title."""
    found = {title: setup.done["files"][name]["url"] for name, title in LINKS.items()}
    return {**found, "Project folder": setup.done["folder"]["url"]}


def portfolio(setup: Setup) -> Json:
    """The project's line in the portfolio tab of the backlog file, and the link in the request's own row."""
    url = setup.done["files"]["playbook"]["url"]
    line = PortfolioLine(
        id=setup.request_id,
        customer=setup.customer,
        phase=Phase.PLANNING,
        state=ProjectState.ACTIVE,
        pm=setup.person("pm")["email"],
        ie=setup.person("ie")["email"],
        ta=setup.person("ta")["email"],
        kickoff=setup.kickoff,
        links=url,
    )
    link = Change("requests", setup.request_id, "project_link", url, UNSEEN)
    setup.world.sheets.append(setup.world.backlog(), load("backlog"), "portfolio", line, also=(link,))
    return setup.request_id


def register(setup: Setup) -> Json:
    """From here on the sweeps watch the project's files."""
    project = Project(
        key=setup.request_id,
        customer=setup.customer,
        request_id=setup.request_id,
        kind=RequestType(setup.facts["kind"]),
        folder_id=setup.done["folder"]["id"],
        playbook_id=setup.done["files"]["playbook"]["id"],
        plan_id=setup.done["files"]["plan"]["id"],
        channel_id=setup.done["channel"]["id"],
        pm=setup.person("pm")["email"],
        zone=setup.zone,
    )
    for who in setup.facts["people"]:
        setup.world.remember_zone(who["zone"])
    known = setup.world.store.project(project.key) or {}
    state = known.get("state", str(project.state))  # a repair leaves a project on hold
    row = {**known, **vars(project), "kind": str(project.kind), "state": state, "schemas": setup.facts["schemas"]}
    row["is_made"] = not setup.own
    setup.world.store.put_project(project.key, row)
    return project.key


def welcome(setup: Setup) -> Json:
    """The first words in the channel, once everything they point to is there."""
    found = {title: setup.done["files"][name]["url"] for name, title in LINKS.items()}
    kickoff, pm = f"{setup.kickoff:%-d %B %Y}", setup.person("pm")["id"]
    words = messages.welcome(setup.request_id, setup.customer, pm, kickoff, found)
    key, channel_id = f"welcome:{setup.request_id}", setup.done["channel"]["id"]
    posted = setup.world.slack.post_once(key, channel_id, words, setup.audience, project=setup.request_id)
    return {"ts": posted.ts}


ACTS: dict[str, Callable[[Setup], Json]] = {
    "templates": templates,
    "folder": folder,
    "channel": channel,
    "playbook": playbook,
    "plan": project_plan,
    "files": files,
    "invite": invite,
    "fill_playbook": fill_playbook,
    "fill_plan": fill_plan,
    "share": share,
    "bookmarks": bookmarks,
    "portfolio": portfolio,
    "register": register,
    "welcome": welcome,
}
