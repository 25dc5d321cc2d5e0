"""Which templates there should be, which there are, and what is to be done about the difference: pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.project import schema
from bot.templates.spreadsheet import requests
from bot.world.drive import DOCUMENT, SPREADSHEET, File
from bot.world.prose import documents

Deed = Literal["create", "finish", "retire", "keep"]


@dataclass(frozen=True)
class Template:
    """A template as it should be; `version` changes with its contents."""

    name: str
    title: str
    mime_type: str
    version: str

    @property
    def key(self) -> str:
        """The natural key of its file."""
        return f"template:{self.name}:{self.version}"


@dataclass(frozen=True)
class Action:
    """One thing to do, or to leave: create anew, finish a half-made one, retire an old version, keep."""

    deed: Deed
    template: Template
    file: File | None = None


def wanted() -> list[Template]:
    """Every template: one spreadsheet a schema, one document a kind of prose."""
    return [*map(_spreadsheet, schema.NAMES), *map(_document, documents())]


def decide(templates: Sequence[Template], files: Iterable[File]) -> list[Action]:
    """What to do so that of every template exactly the wanted version is in use. `files` carry template marks."""
    living = [file for file in files if not file.trashed]
    actions: list[Action] = []
    for template in templates:
        ours = [file for file in living if file.properties.get("template") == template.name]
        current = next((file for file in ours if file.key == template.key), None)
        if current is None:
            actions.append(Action("create", template))
        else:
            actions.append(Action("keep" if _is_used(current) else "finish", template, current))
        actions += [Action("retire", template, file) for file in ours if file is not current and _is_used(file)]
    return actions


def _is_used(file: File) -> bool:
    return file.properties.get("implbot") == "template"


def _spreadsheet(name: str) -> Template:
    loaded = schema.load(name)
    return Template(name, loaded.title, SPREADSHEET, _version(requests(loaded)))


def _document(name: str) -> Template:
    document = documents()[name]
    return Template(name, document.title, DOCUMENT, _version([document.title, *document.sections]))


def _version(contents: object) -> str:
    text = json.dumps(contents, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
