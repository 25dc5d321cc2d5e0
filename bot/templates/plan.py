"""Which templates there should be, which there are, and what is to be done about the difference: pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from bot.project import schema, seeds
from bot.templates.spreadsheet import version
from bot.world.drive import DOCUMENT, SPREADSHEET, File
from bot.world.prose import documents

Deed = Literal["create", "finish", "update", "stamp", "hold", "retire", "keep", "edited"]

WRITING: frozenset[Deed] = frozenset({"create", "finish", "update", "stamp", "retire"})
"""The deeds that change something in the drive."""

DRAFT = "template-draft"  # a template whose contents are not there yet: nobody may copy it


@dataclass(frozen=True)
class Template:
    """A template as it should be; `version` changes with its contents."""

    name: str
    title: str
    mime_type: str
    version: str

    @property
    def key(self) -> str:
        """The natural key of its file, the same for every version."""
        return f"template:{self.name}"


@dataclass(frozen=True)
class Action:
    """One thing to do, or to leave.

    create anew, finish a half-made one, update in place, stamp one whose contents are there, hold one that people
    have edited, retire a file that an earlier way of pushing left, keep; edited: keep, though it is not as pushed.
    """

    deed: Deed
    template: Template
    file: File | None = None
    differences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Look:
    """What stands in a template's file: its fingerprint, the version it says, and how it differs from the wanted."""

    fingerprint: str
    version: str
    differences: tuple[str, ...] = ()


def wanted() -> list[Template]:
    """Every template: one spreadsheet a schema, one document a kind of prose. SchemaError when one is wrong."""
    return [*map(_spreadsheet, schema.NAMES), *map(_document, documents())]


def decide(templates: Sequence[Template], files: Iterable[File]) -> list[Action]:
    """What to do so that each template is there once and in its version. `files` carry template marks, oldest first.

    A person's own copy carries the marks of its source, but is younger: it is nobody's template and left alone.
    """
    living = [file for file in files if not file.trashed]
    return [action for template in templates for action in _decided(template, living)]


def _decided(template: Template, living: Sequence[File]) -> list[Action]:
    ours = [file for file in living if file.properties.get("template") == template.name]
    current = _current(template, ours)
    if current is None:
        return [Action("create", template)]
    fits = current.properties.get("version") == template.version
    deed: Deed = "update" if is_used(current) else "finish"
    if fits and is_used(current):
        deed = "keep" if current.touched_by_us else "edited"
    old = [file for file in ours if file is not current and is_used(file) and file.key not in (current.key, "")]
    return [Action(deed, template, current), *(Action("retire", template, file) for file in old)]


def _current(template: Template, ours: Sequence[File]) -> File | None:
    """The template's own file; else one in use that was pushed under a version's key; else a draft."""
    named = [file for file in ours if file.key == template.key]
    used = [file for file in named if is_used(file)] or [file for file in ours if is_used(file)][-1:]
    return next(iter([*used, *named]), None)


def settled(action: Action, look: Look, *, replace: bool) -> Action:
    """The action once its file was looked at: what people edited is held, what is there already is only stamped."""
    if action.file is None:
        return action
    is_there = look.version == action.template.version and not look.differences
    is_edited = _is_edited(action.file, look)
    deed: Deed = action.deed
    if action.deed == "edited":
        deed = "keep" if not is_edited else "update" if replace else "edited"
    elif is_there:
        deed = "stamp"
    elif action.deed == "update" and is_edited and not replace:
        deed = "hold"
    return Action(deed, action.template, action.file, look.differences)


def _is_edited(file: File, look: Look) -> bool:
    """Whether the contents are no longer as pushed; of a file without a fingerprint, whether a person came last."""
    pushed = file.properties.get("pushed")
    return look.fingerprint != pushed if pushed else not file.touched_by_us


def is_used(file: File) -> bool:
    """Whether the file is a finished template."""
    return file.properties.get("implbot") == "template"


@cache  # as the schema itself, and its rows, which take a tenth of a second to check
def _spreadsheet(name: str) -> Template:
    loaded = schema.load(name)
    seeds.check(loaded)
    return Template(name, loaded.title, SPREADSHEET, version(loaded))


def _document(name: str) -> Template:
    document = documents()[name]
    text = json.dumps([document.title, *document.sections], ensure_ascii=False)
    return Template(name, document.title, DOCUMENT, hashlib.sha256(text.encode()).hexdigest()[:12])
