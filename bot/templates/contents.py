"""What stands in a template's file, and how it gets there: one way for spreadsheets, one for documents."""

from __future__ import annotations

import hashlib

from bot.project import schema
from bot.templates import check
from bot.templates.plan import Look, Template
from bot.templates.spreadsheet import VERSION_KEY, requests
from bot.world import World
from bot.world.drive import SPREADSHEET
from bot.world.places import find_places
from bot.world.prose import documents
from bot.world.structure import Structure, read


def look(world: World, template: Template, file_id: str) -> Look:
    """Read the file."""
    if template.mime_type == SPREADSHEET:
        return _looked(template, read(world.sheets.google, file_id))
    text = world.docs.read_text(file_id).strip()
    fits = text == _text(template)
    differences = tuple(one.words for one in differing(world, template.name, file_id)) or ("Its text differs.",)
    found = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Look(found, template.version if fits else "", () if fits else differences)


def _looked(template: Template, found: Structure) -> Look:
    wanted = schema.load(template.name)
    differences = tuple(one.words for one in check.differences(wanted, found) if one.kind != check.EXTRA_TAB)
    ours = [tab.sheet_id for tab in wanted.tabs]
    return Look(found.fingerprint(ours), found.marks.get(VERSION_KEY, ""), differences)


def build(world: World, template: Template, file_id: str) -> str:
    """Put the wanted contents in, all in one atomic batch; returns their fingerprint as the service then tells it."""
    if template.mime_type == SPREADSHEET:
        world.sheets.batch_update(file_id, requests(schema.load(template.name), read(world.sheets.google, file_id)))
    else:
        document = documents()[template.name]
        world.docs.set_markers(file_id, document.title, document.sections)
    return look(world, template, file_id).fingerprint


def differing(world: World, name: str, file_id: str) -> list[check.Difference]:
    """How a file, template or live, differs from the schema or kind of document of this name."""
    if name in documents():
        there = {place.name for place in find_places(world.docs.get(file_id))}
        return check.markers(documents()[name], there)
    return check.differences(schema.load(name), read(world.sheets.google, file_id))


def _text(template: Template) -> str:
    document = documents()[template.name]
    return "\n".join([document.title, *(f"{{{{{name}}}}}" for name in document.sections)])
