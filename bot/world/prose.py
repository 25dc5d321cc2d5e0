"""Prose for documents: facts in, one Markdown text per section out, with every value escaped on its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.project.data import folder
from bot.world.markdown import escape

NONE = "–"


class Markdown(str):
    """Text that is Markdown already and must not be escaped again."""


@dataclass(frozen=True)
class Document:
    """A kind of document: its title, its sections in order, and those among them that never leave the company."""

    name: str
    title: str
    sections: tuple[str, ...]
    internal: tuple[str, ...] = ()


@cache
def documents() -> dict[str, Document]:
    """Every kind of document by its name, as doc_templates/documents.yaml lists them."""
    raw = yaml.safe_load((folder("doc_templates") / "documents.yaml").read_text("utf-8"))
    return {
        name: Document(name, entry["title"], tuple(entry["sections"]), tuple(entry["internal"]))
        for name, entry in raw.items()
    }


def render(name: str, facts: Mapping[str, Any], *, internal: bool) -> dict[str, str]:
    """The Markdown of each section of a document; without `internal` the company's own sections come out empty.

    A fact that the prose needs and does not get is an error that names it.
    """
    document, template = documents()[name], _template(name)
    hidden = () if internal else document.internal
    context = template.new_context(dict(facts))
    return {
        section: "" if section in hidden else "".join(template.blocks[section](context)).strip()
        for section in document.sections
    }


def day(value: date | None) -> str:
    """A date as people read it, 4 Mar 2027, and a dash for none."""
    return f"{value.day} {value:%b %Y}" if value else NONE


def short(value: date | None) -> str:
    """A date in a narrow column, 4 Mar, and a dash for none."""
    return f"{value.day} {value:%b}" if value else NONE


def link(text: object, url: str) -> Markdown:
    """Text that leads to an address; plain text when there is none, or none that a browser should open."""
    target = url.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
    return Markdown(f"[{escape(text)}](<{target}>)" if url.startswith(("https://", "http://")) else escape(text))


def _written(value: object) -> object:
    """What a value looks like in Markdown; Jinja calls this for each one."""
    if isinstance(value, Markdown):
        return value
    if isinstance(value, date):
        return escape(day(value))
    return escape(NONE if value is None else value)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder("doc_templates")),
        undefined=StrictUndefined,
        finalize=_written,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  # the output is Markdown, and _written escapes every value for it
    )
    environment.filters |= {"day": day, "short": short, "link": link}
    return environment


def _template(name: str) -> Template:
    return _environment().get_template(f"{name}.md.j2")
