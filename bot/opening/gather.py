"""Gathers what a project manager has to see before a project is opened: who gets what, and what must not get out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.errors import UserError
from bot.opening import plan, record
from bot.project import leaks, wall
from bot.project.leaks import Leak, Said, Sight
from bot.project.model import Project
from bot.project.schema import Schema, load
from bot.project.words import RequestType
from bot.world import World, backlog, visible
from bot.world.visible import Visible, VisibleTab

Json = Any

REFUSED = "domains:refused"
"""The domains that Google refused to share with: by domain, the day it last did (ISO)."""


@dataclass(frozen=True)
class Preview:
    """What one press would do, as everything stands at this moment."""

    row: Json
    offer: plan.Offer
    domains: wall.Domains
    leaks: tuple[Leak, ...]
    needs_reason: bool
    contract_close: date | None

    @property
    def blocking(self) -> list[Leak]:
        """What can only be mended in the file."""
        return [leak for leak in self.leaks if not leak.kind.can_pass]

    @property
    def passable(self) -> list[Leak]:
        """What a PM may let pass with a reason."""
        return [leak for leak in self.leaks if leak.kind.can_pass]


def look(world: World, row: Json) -> Preview:
    """Read the playbook's people, the plan with all its words, and the request's contract date, as they are now.

    UserError when the playbook does not let itself be read far enough to know who is meant.
    """
    book = world.sheets.read(
        row["playbook_id"],
        load(row["schemas"]["playbook"]),
        ("overview", "stakeholders"),
        layout=world.layout(row["playbook_id"]),
    )
    if book.missing:
        raise UserError("The playbook's Overview or Stakeholders tab is missing. Please put it back; then try again.")
    domains = record.domains(world, row, book.form("overview").customer_domains)
    entries = record.entries(world, row["key"])
    given = [email for email, entry in entries.items() if entry.state == record.SHARED]
    offer = plan.offer(book.records("stakeholders"), domains, world.settings.company_domains, given)
    request = backlog.find(world, row["request_id"])
    close = request.contract_close if request else None
    needs = not given and plan.needs_reason(close, world.clock.today(row["zone"]))
    return Preview(row, offer, domains, tuple(found_leaks(world, row)), needs, close)


def found_leaks(world: World, row: Json) -> list[Leak]:
    """What must not get out with the plan, without what somebody passed before."""
    seen = visible.read(world.sheets.google, row["plan_id"])
    entries = record.entries(world, row["key"])
    first = min((entry.at for entry in entries.values() if entry.state == record.SHARED), default="")
    comments = [
        Said(f"comment of {one.author}", one.text)
        for one in world.drive.comments(row["plan_id"])
        if not first or one.created < datetime.fromisoformat(first)  # those after it were written for the customer too
    ]
    others = [other["customer"] for other in world.store.all_projects()]
    found = leaks.find(sight(seen, load(row["schemas"]["plan"]), comments, row["customer"]), others)
    return leaks.not_passed(found, record.passed(world, row["key"]))


def sight(seen: Visible, schema: Schema, comments: list[Said], own: str) -> Sight:
    """What a reader of the plan comes to see; tabs that the schema hides until their phase are no secret."""
    known = leaks.own_notes(schema)
    internal = wall.leaks(schema, [(tab.sheet_id, tab.title) for tab in seen.tabs])
    hidden = [tab.title for tab in seen.tabs if tab.is_hidden and not _is_ours(tab, schema)]
    return Sight(
        cells=[Said(one.place, one.text) for tab in seen.tabs for one in tab.cells],
        notes=[
            Said(one.place, one.text)
            for tab in seen.tabs
            for one in tab.notes
            if not leaks.is_template_note(one.text, known)
        ],
        comments=comments,
        hidden=[title for title in hidden if title not in internal],
        internal=internal,
        name=seen.title,
        own=own,
    )


def _is_ours(tab: VisibleTab, schema: Schema) -> bool:
    return schema.by_sheet_id(tab.sheet_id) is not None


def project_of(row: Json) -> Project:
    """A project's row as the wall knows it."""
    kind = RequestType(row["kind"])
    return Project(key=row["key"], customer=row["customer"], request_id=row["request_id"], kind=kind)
