"""Puts the templates into the shared drive's Templates folder and keeps them in step; twice changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from bot.templates import contents, messages
from bot.templates.plan import DRAFT, WRITING, Action, Template, decide, settled, wanted
from bot.world import World
from bot.world.drive import File

FOLDER_NAME = "Templates"
FOLDER_KEY = "templates"


def plan(world: World, *, replace: bool = False) -> list[Action]:
    """What push would do now. Only files that may have to change are opened."""
    files = world.drive.find({"implbot": "template"}) + world.drive.find({"implbot": DRAFT})
    return [_settled(world, action, replace) for action in decide(wanted(), files)]


def _settled(world: World, action: Action, replace: bool) -> Action:
    if action.file is None or action.deed in ("keep", "retire"):
        return action
    return settled(action, contents.look(world, action.template, action.file.id), replace=replace)


def plan_lines(world: World, *, replace: bool = False) -> list[str]:
    """What push would do now, in words, with what differs: for `--dry-run`."""
    return messages.report(plan(world, replace=replace), in_full=True)


def push(world: World, *, replace: bool = False) -> list[str]:
    """Make what is missing, update what is old; returns what was done, in words. Safe to repeat after any failure."""
    return messages.report(carry_out(world, plan(world, replace=replace)))


def carry_out(world: World, actions: list[Action]) -> list[Action]:
    """Do what a plan says; the templates' folder is looked up only when a file is to be made."""
    folder: File | None = None
    for action in actions:
        if action.deed == "create":
            folder = folder or _folder(world)
            _create(world, action.template, folder)
        elif action.deed in WRITING:
            _change(world, action)
    return actions


def ensure(world: World) -> None:
    """Push, for a caller that needs the templates and no words."""
    push(world)


def _folder(world: World) -> File:
    marks = {"implbot": "templates-folder"}
    there = world.drive.standing(FOLDER_KEY)
    return there or world.drive.ensure_folder(FOLDER_NAME, world.drive.root().id, FOLDER_KEY, marks)


def _create(world: World, template: Template, folder: File) -> None:
    marks = {"implbot": DRAFT, "template": template.name, "version": template.version}
    draft = world.drive.ensure_file(template.title, template.mime_type, folder.id, template.key, marks)
    _stamp(world, draft.id, template, contents.build(world, template, draft.id))


def _change(world: World, action: Action) -> None:
    assert action.file is not None
    if action.deed == "retire":
        world.drive.update(action.file.id, properties={"implbot": "template-retired"})
    elif action.deed == "stamp":
        looked = contents.look(world, action.template, action.file.id)
        _stamp(world, action.file.id, action.template, looked.fingerprint)
    else:
        fingerprint = contents.build(world, action.template, action.file.id)
        _stamp(world, action.file.id, action.template, fingerprint)


def _stamp(world: World, file_id: str, template: Template, fingerprint: str) -> None:
    """The last thing of all: only now the file is a template of this version."""
    marks: Mapping[str, str | None] = {
        "implbot": "template",
        "key": template.key,
        "version": template.version,
        "pushed": fingerprint,
    }
    world.drive.update(file_id, properties=marks)
