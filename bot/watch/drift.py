"""What moved in a file: what the scan found again by itself is noted, what it did not is asked of the PM."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.project.layout import Drift, DriftKind, Layout
from bot.project.schema import Schema, load
from bot.watch import files, messages
from bot.watch.files import Known
from bot.world import World, asking, logbook
from bot.world.asking import Option, Question
from bot.world.logbook import Line

Json = Any

WORDS = {
    DriftKind.COLUMN_MISSING: messages.NO_COLUMN,
    DriftKind.COLUMN_RENAMED: messages.NO_COLUMN,
    DriftKind.COLUMN_TWICE: messages.COLUMN_TWICE,
    DriftKind.TAB_MISSING: messages.NO_TAB,
    DriftKind.TAB_RENAMED: messages.NO_TAB,
    DriftKind.TAB_COPIED: messages.TAB_TWICE,
    DriftKind.HEADER_MISSING: messages.NO_HEADER,
}


def look(world: World, known: Known, found: Iterable[Drift]) -> None:
    """Note each healed difference once, and ask about the others once."""
    drifts = list(found)
    _note(world, known, [drift for drift in drifts if drift.is_healed])
    ignored = world.layout(known.file_id).ignored
    unclear = [drift for drift in drifts if not drift.is_healed and drift.key not in ignored]
    project = world.store.project(known.project)
    if project is not None:
        asking.ask(world, project, messages.DRIFT, known.file_id, [_question(known, drift) for drift in unclear])


def _note(world: World, known: Known, healed: list[Drift]) -> None:
    name = f"healed:{known.file_id}"
    said = set(world.store.recall(name) or ())
    fresh = [drift for drift in healed if drift.key not in said]
    if fresh:
        lines = [
            Line(_place(known.book, d.tab, d.column), _title(known.book, d.tab, d.column), d.found, _why(d))
            for d in fresh
        ]
        logbook.say(world, known.project, "found again", lines)
        world.store.remember(name, sorted(said | {drift.key for drift in fresh}))


def _why(drift: Drift) -> str:
    return f"{drift.kind}; {messages.HEALED}"


def _question(known: Known, drift: Drift) -> Question:
    best, others = drift.choices[:1], drift.choices[1:]
    leave = Option(messages.IGNORE, {"do": "ignore"})
    return Question(
        key=drift.key,
        words=_asked(known, drift),
        about={"tab": drift.tab, "column": drift.column, "key": drift.key, "schema": known.schema},
        buttons=(*(_use(choice.words, choice.value) for choice in best), leave),
        menu=tuple(Option(choice.words, {"do": "use", **vars(choice)}) for choice in others),
    )


def _use(words: str, value: str | int) -> Option:
    return Option(messages.USE.format(words=words), {"do": "use", "words": words, "value": value})


def _asked(known: Known, drift: Drift) -> str:
    words = WORDS.get(drift.kind, messages.OTHER)
    column = known.book.tab(drift.tab).column(drift.column).title if drift.column else ""
    return words.format(tab=known.book.tab(drift.tab).title, column=column, file=known.file, kind=drift.kind)


def _place(book: Schema, tab: str, column: str) -> str:
    return f"{book.tab(tab).title} · {book.tab(tab).column(column).title}" if column else book.tab(tab).title


def _title(book: Schema, tab: str, column: str) -> str:
    return book.tab(tab).column(column).title if column else book.tab(tab).title


def settle(world: World, body: Json, about: Json, answer: Json, by: str) -> str:
    """Carry an answer out: the file's layout remembers it, and the next scan reads accordingly."""
    layout = world.layout(body["subject"])
    files.teach(world, body["subject"], _taught(layout, about, answer))
    place = _place(load(about["schema"]), about["tab"], about["column"])
    new = str(answer["words"]) if answer["do"] == "use" else ""
    reason = "the answer to a question" if new else "left alone, as answered"
    logbook.say(world, body["project"], "answered", [Line(place, "", new, reason)], actor=by)
    return messages.USED.format(words=new) if new else messages.IGNORED


def _taught(layout: Layout, about: Json, answer: Json) -> Layout:
    if answer["do"] == "ignore":
        return replace(layout, ignored=layout.ignored | {about["key"]})
    tab, column, value = about["tab"], about["column"], answer["value"]
    if not column:
        return replace(layout, tabs={**layout.tabs, tab: int(value)})
    return replace(layout, columns={**layout.columns, tab: {**layout.columns.get(tab, {}), column: str(value)}})
