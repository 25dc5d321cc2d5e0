"""Drafts the monthly report: a document from its template, section by section, and a word to the project manager."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.errors import UserError
from bot.project import wall
from bot.project.picture import Picture
from bot.reports import facts, messages
from bot.world import World, slipbook
from bot.world.engine import Run
from bot.world.prose import render

TEMPLATE = "report"


def monthly(world: World, run: Run, subject: str, slot: str) -> str:
    """The flow of one project's report; returns the document's address.

    Once its project manager was told, a month's draft is theirs: asking for it again leads to it and writes nothing.
    """
    period = datetime.fromisoformat(slot).strftime("%Y-%m")
    drafted = run.step("document", lambda: _document(world, subject, period, run.key))
    if not run.step("told before", lambda: _is_told(world, subject, period)):
        as_of = run.step("sections", lambda: _written(world, subject, drafted["id"]))
        run.step("tell", lambda: _tell(world, subject, period, drafted["url"], as_of))
    return str(drafted["url"])


def preview(world: World, project: str) -> str:
    """The report's text as it would be drafted now."""
    return "\n\n".join(text for text in _sections(world, project).values() if text)


def _document(world: World, project: str, period: str, key: str) -> dict[str, str]:
    """The month's document in the project's folder, made once."""
    row = world.store.project(project)
    if row is None:
        raise UserError(f"I have no project {project!r}. `implbot projects` lists them.")
    name = f"intent:{project}:report:{period}"
    repeated = world.store.recall(name) is not None
    world.store.remember(name, key)
    marks = {"project": project, "file": "report"}
    made = world.drive.ensure_copy(
        world.template(TEMPLATE),
        f"{row['customer']} · Progress report {period} (internal draft)",
        row["folder_id"],
        f"{project}:report:{period}",
        marks,
        look_first=repeated,
    )
    return {"id": made.id, "url": made.url}


def _written(world: World, project: str, document_id: str) -> str:
    """Only the bot's own sections are written; returns the moment whose sheets they tell of."""
    as_of = world.clock.now().isoformat()
    world.docs.write_sections(document_id, _sections(world, project))
    return as_of


def _message_key(project: str, period: str) -> str:
    return f"report:{project}:{period}"


def _is_told(world: World, project: str, period: str) -> bool:
    sending = world.store.sending(_message_key(project, period))
    return sending is not None and sending.state == "sent"


def _sections(world: World, project: str) -> dict[str, str]:
    now, before = _gathered(world, project)
    pm = world.slack.person_by_email(now.pm)
    ledger = slipbook.ledger(world, project)
    gathered: dict[str, Any] = facts.facts(now, before, world.settings.company_name, pm.name if pm else now.pm, ledger)
    return render(TEMPLATE, gathered, internal=True)


def _gathered(world: World, project: str) -> tuple[Picture, Picture | None]:
    now = world.picture(project)
    if now is None:
        raise UserError(f"I have no project {project!r} with sheets I have read. `implbot projects` lists them.")
    last = world.store.recall(f"report:{project}:last")
    return now, world.picture(project, datetime.fromisoformat(last)) if last else None


def _tell(world: World, project: str, period: str, url: str, as_of: str) -> None:
    """Hand the draft over; from here on the next report compares with this one."""
    row = world.store.project(project) or {}
    pm = world.slack.person_by_email(row["pm"])
    if pm is None or not pm.is_staff:
        raise UserError(f"The project manager of {project} is not an active person of ours; please set a new one.")
    month = datetime.strptime(period, "%Y-%m").strftime("%B %Y")  # noqa: DTZ007  # a month's name needs no zone
    message = messages.ready(row["customer"], month, url)
    key = _message_key(project, period)
    world.slack.post_once(key, world.slack.direct(pm.id), message, wall.internal(), project=project)
    world.store.remember(f"report:{project}:last", as_of)
