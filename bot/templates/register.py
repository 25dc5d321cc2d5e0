"""`templates check` and `templates use`: compares files with their schemas, and lets a team's own copy be the template.

Which copy is used stands in the properties of the pushed template, so that it outlives the bot's own store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import UserError
from bot.project import schema
from bot.templates import check, contents, messages
from bot.templates.plan import is_used
from bot.templates.spreadsheet import SCHEMA_KEY
from bot.world import World
from bot.world.drive import DOCUMENT, SPREADSHEET, File
from bot.world.google import GoogleError
from bot.world.prose import documents
from bot.world.structure import read

_LINK = re.compile(r"/d/([\w-]{10,})")


@dataclass(frozen=True)
class Checked:
    """A file that was compared: with what, and how it differs."""

    title: str
    name: str
    differences: tuple[check.Difference, ...]

    def lines(self) -> list[str]:
        """In words."""
        return messages.checked(self.title, self.name, [one.words for one in self.differences])


def names() -> list[str]:
    """Every template's name."""
    return [*schema.NAMES, *documents()]


def check_all(world: World, wanted: str = "") -> list[Checked]:
    """The pushed templates, all or the one of a name, and a team's own copies that are used instead."""
    found = []
    for name in [wanted] if wanted else names():
        pushed = _pushed(world, name)
        found.append(_checked(world, pushed, name))
        if own := pushed.properties.get("use"):
            found.append(_checked_own(world, own, name))
    return found


def _checked_own(world: World, own: str, name: str) -> Checked:
    """A registered copy; one that is gone is told like any other difference, so that the rest is still checked."""
    back = f"choose another with `implbot templates use {name} FILE`, or go back with `use {name} --ours`."
    try:
        file = opened(world, own)
    except UserError as error:
        return Checked("Your own copy", name, (check.Difference("copy missing", f"{error} Or {back}", True),))
    if file.trashed:
        return Checked(file.name, name, (check.Difference("copy missing", f"It is in the bin: {back}", True),))
    return _checked(world, file, name)


def check_file(world: World, place: str) -> Checked:
    """One file, by its id or link: a template, a team's own, or the live file of a project."""
    file = opened(world, place)
    return _checked(world, file, _name_of(world, file))


def use(world: World, name: str, place: str) -> list[str]:
    """From now on new files are copies of this one. A UserError when the bot could not work with it."""
    pushed, file = _pushed(world, name), opened(world, place)
    if file.id == pushed.id:
        return use_ours(world, name)
    wanted = DOCUMENT if name in documents() else SPREADSHEET
    if file.mime_type != wanted or file.trashed:
        raise UserError(
            f"{file.name} is in the bin." if file.trashed else f"{file.name} is of another kind than {name}."
        )
    checked = _checked(world, file, name)
    if needed := [one.words for one in checked.differences if one.is_needed]:
        reasons = "\n".join(messages.bullets(needed))
        raise UserError(f"{file.name} cannot be used as {name}:\n{reasons}")
    if pushed.properties.get("use") != file.id:
        world.drive.update(pushed.id, properties={"use": file.id})
    return [f"New files will be copies of {file.name} ({file.url}).", *checked.lines()]


def use_ours(world: World, name: str) -> list[str]:
    """Go back to the pushed template."""
    pushed = _pushed(world, name)
    if pushed.properties.get("use"):
        world.drive.update(pushed.id, properties={"use": None})
    return [f"New files will be copies of the pushed template {pushed.name}."]


# ---------------------------------------------------------------------- finding


def _pushed(world: World, name: str) -> File:
    if name not in names():
        raise UserError(f"There is no template {name!r}. There are {', '.join(names())}.")
    files = world.drive.find({"implbot": "template", "template": name})
    found = next((file for file in files if is_used(file) and not file.trashed), None)
    if found is None:
        raise UserError(f"The template {name!r} is not in the shared drive. Run `implbot templates push` first.")
    return found


def opened(world: World, place: str) -> File:
    """A file by its id or link; a UserError says how to let the bot in."""
    link = _LINK.search(place)
    try:
        return world.drive.get(link[1] if link else place.strip())
    except GoogleError as error:
        if error.kind not in ("missing", "denied"):
            raise
        raise UserError(
            f"I cannot open {place}. Is the link right, and is it shared with {world.drive.google.account}?"
        ) from error


def _checked(world: World, file: File, name: str) -> Checked:
    return Checked(file.name, name, tuple(contents.differing(world, name, file.id)))


def _name_of(world: World, file: File) -> str:
    """What a file should be like: by its marks, by the project it belongs to, by its own look."""
    found = next((name for name in _told(world, file) if name in names()), None)
    if found is None and file.mime_type == SPREADSHEET:
        structure = read(world.sheets.google, file.id)
        likely = check.guess(structure, [schema.load(one) for one in schema.NAMES])
        marked = structure.marks.get(SCHEMA_KEY)
        found = marked if marked in schema.NAMES else likely.name if likely else None
    if found is None:
        raise UserError(f"I do not know what {file.name} should be like: no tab or mark of a template is in it.")
    return found


def _told(world: World, file: File) -> Iterator[str]:
    marks = file.properties
    if marks.get("implbot", "").startswith("template"):
        yield marks.get("template", "")
    row = world.store.project(marks.get("project", ""))
    if row is not None and file.id == row.get(f"{marks.get('file')}_id"):
        yield row["schemas"][marks["file"]]
    yield marks.get("file", "")
