"""What must not reach a customer with their plan: looked for in all of its words before every share. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.project.schema import Schema


class LeakKind(StrEnum):
    """What was found; a PM may pass the ones with `can_pass`, each with a reason."""

    INTERNAL_TAB = "internal tab"
    HIDDEN_TAB = "hidden tab"
    NOTE = "note on a cell"
    COMMENT = "comment"
    CUSTOMER = "another customer's name"
    WORD = "word about revenue"

    @property
    def can_pass(self) -> bool:
        """Whole tabs are never passed: they are mended in the file."""
        return self not in (LeakKind.INTERNAL_TAB, LeakKind.HIDDEN_TAB)


@dataclass(frozen=True)
class Leak:
    """One thing that stands in the way: *where* in the file, and the words in question."""

    kind: LeakKind
    where: str
    words: str

    @property
    def key(self) -> str:
        """The same from look to look, as long as the words stay."""
        return f"{self.kind}|{fold(self.words)}"

    def __str__(self) -> str:
        return f"{self.where}: {self.kind} “{self.words}”"


@dataclass(frozen=True)
class Said:
    """Some words of a file, and where they stand."""

    where: str
    words: str


@dataclass(frozen=True)
class Sight:
    """Everything that a person who is given the file can come to read. *notes* are without the template's own."""

    cells: Sequence[Said] = ()
    notes: Sequence[Said] = ()
    comments: Sequence[Said] = ()
    hidden: Sequence[str] = ()
    internal: Sequence[str] = ()
    name: str = ""
    own: str = field(default="", kw_only=True)  # the customer whose file it is


REVENUE = (
    r"ARR", r"ACV", r"TCV", r"MRR", r"TAM", r"revenues?", r"upsell(?:s|ing)?", r"cross-?sell(?:s|ing)?", r"discounts?",
    r"list prices?", r"pric(?:e|es|ing)", r"(?:gross |profit )?margins?", r"renewals?", r"churn", r"quota",
    r"commissions?", r"deal(?: size| value)?", r"expansion (?:opportunit(?:y|ies)|revenue|potential)",
    r"opportunity (?:size|value|amount)", r"fiscal year", r"contract value", r"budget owner", r"competitors?",
)  # fmt: skip
_REVENUE = re.compile(rf"(?<![\w-])(?:{'|'.join(REVENUE)})(?![\w-])", re.IGNORECASE)
_SHORTHAND = frozenset({"arr", "acv", "tcv", "mrr", "tam"})  # these are meant in capitals only
_GENERIC = frozenset(
    {"national", "global", "united", "general", "international", "american", "european", "digital", "systems",
     "central", "northern", "southern", "eastern", "western", "pacific", "atlantic", "first", "group", "company",
     "federal", "public", "royal", "standard", "advanced", "software", "solutions", "services", "technology",
     "technologies", "industries", "logistics", "insurance", "financial", "capital", "energy", "health",
     "healthcare"}
)  # fmt: skip
_SHORTEST = 6  # letters of a first word that is taken for a name by itself
_SHOWN = 80


def fold(text: str) -> str:
    """Words as they compare: without letter case, width and repeated spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def find(sight: Sight, others: Iterable[str]) -> list[Leak]:
    """Every leak of a file, each once for the same words; *others* are the names of all other customers."""
    names = list(_names(sight.own, others))
    found = [
        *(Leak(LeakKind.INTERNAL_TAB, title, title) for title in sight.internal),
        *(Leak(LeakKind.HIDDEN_TAB, title, title) for title in sight.hidden),
        *(Leak(LeakKind.NOTE, one.where, _short(one.words)) for one in sight.notes),
        *(Leak(LeakKind.COMMENT, one.where, _short(one.words)) for one in sight.comments),
    ]
    said = (Said("the file's name", sight.name), *sight.cells, *sight.notes, *sight.comments)
    for one in said:
        found += [Leak(LeakKind.CUSTOMER, one.where, name) for name in _named(one.words, sight.own, names)]
        found += [Leak(LeakKind.WORD, one.where, word) for word in revenue_words(one.words)]
    return list({leak.key: leak for leak in reversed(found)}.values())[::-1]


def revenue_words(text: str) -> list[str]:
    """The words about revenue in a text, each once, as they stand there."""
    found = (match.group() for match in _REVENUE.finditer(unicodedata.normalize("NFKC", text)))
    return list(dict.fromkeys(word for word in found if word.lower() not in _SHORTHAND or word.isupper()))


def _names(own: str, others: Iterable[str]) -> Iterator[str]:
    """Other customers' names, and the first word of each that is a name by itself."""
    for other in dict.fromkeys(others):
        if fold(other) and fold(other) != fold(own):
            yield other
            first = other.split()[0]
            if len(first) >= _SHORTEST and fold(first) not in _GENERIC and fold(first) not in fold(own).split():
                yield first


def _named(text: str, own: str, names: Sequence[str]) -> list[str]:
    """Which of some names a text holds as whole words; the customer's own name is no other's."""
    folded = fold(text)
    mine = fold(own)
    without = re.sub(rf"(?<!\w){re.escape(mine)}(?!\w)", " ", folded) if mine else folded
    found = [name for name in names if re.search(rf"(?<!\w){re.escape(fold(name))}(?!\w)", without)]
    return [name for name in found if not any(name != one and fold(one).startswith(fold(name)) for one in found)]


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


_BY_US = re.compile(r"Written by the bot; you need not touch it\.|-?\d+(?:\.\d+)? to -?\d+(?:\.\d+)?\.")


def own_notes(schema: Schema) -> frozenset[str]:
    """What the template's notes say of each column, folded."""
    return frozenset(fold(column.description) for tab in schema.tabs for column in tab.columns if column.description)


def is_template_note(note: str, known: frozenset[str]) -> bool:
    """Whether a note says what the template says of a column, and nothing else."""
    rest = fold(_BY_US.sub("", note))
    return not rest or rest in known


def not_passed(found: Iterable[Leak], passed: Mapping[str, str]) -> list[Leak]:
    """The leaks that nobody has passed with a reason; tabs never are."""
    return [leak for leak in found if not (leak.kind.can_pass and passed.get(leak.key, "").strip())]
