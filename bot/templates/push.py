"""Puts the templates into the shared drive's Templates folder; doing it again changes nothing."""

from __future__ import annotations

from bot.project import schema
from bot.templates import messages
from bot.templates.plan import Action, Template, decide, wanted
from bot.templates.spreadsheet import requests
from bot.world import World
from bot.world.drive import SPREADSHEET, File
from bot.world.prose import documents

FOLDER_NAME = "Templates"
FOLDER_KEY = "templates"
DRAFT = "template-draft"  # a template whose contents are not there yet: nobody may copy it


def plan(world: World) -> list[Action]:
    """What push would do now."""
    files = world.drive.find({"implbot": "template"}) + world.drive.find({"implbot": DRAFT})
    return decide(wanted(), files)


def plan_lines(world: World) -> list[str]:
    """What push would do now, in words: for `--dry-run`."""
    return messages.report(plan(world))


def push(world: World) -> list[str]:
    """Make what is missing, retire what is old; returns what was done, in words. Safe to repeat after any failure."""
    actions = plan(world)
    if any(action.deed != "keep" for action in actions):
        root = world.drive.root().id
        marks = {"implbot": "templates-folder"}
        there = world.drive.standing(FOLDER_KEY)
        folder = there or world.drive.ensure_folder(FOLDER_NAME, root, FOLDER_KEY, marks)
        for action in actions:
            _carry_out(world, action, folder)
    return messages.report(actions)


def ensure(world: World) -> None:
    """Push, for a caller that needs the templates and no words."""
    push(world)


def _carry_out(world: World, action: Action, folder: File) -> None:
    if action.deed == "retire" and action.file is not None:
        world.drive.update(action.file.id, properties={"implbot": "template-retired"})
    elif action.deed in ("create", "finish"):
        draft = action.file or _draft(world, action.template, folder)
        if action.template.mime_type == SPREADSHEET:
            _build_spreadsheet(world, action.template, draft)
        else:
            _build_document(world, action.template, draft)
        world.drive.update(draft.id, properties={"implbot": "template"})


def _draft(world: World, template: Template, folder: File) -> File:
    marks = {"implbot": DRAFT, "template": template.name, "version": template.version}
    return world.drive.ensure_file(template.title, template.mime_type, folder.id, template.key, marks)


def _build_spreadsheet(world: World, template: Template, draft: File) -> None:
    """All contents in one atomic batch, unless an earlier push got as far as that."""
    wanted_schema = schema.load(template.name)
    if {tab.sheet_id for tab in wanted_schema.tabs} <= world.sheets.tabs(draft.id).keys():
        return
    world.sheets.batch_update(draft.id, requests(wanted_schema))


def _build_document(world: World, template: Template, draft: File) -> None:
    if not world.docs.read_text(draft.id).strip():
        document = documents()[template.name]
        world.docs.set_markers(draft.id, document.title, document.sections)
