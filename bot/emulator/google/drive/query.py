"""The `q` grammar of files.list and drives.list: text to a predicate over file rows.

`and` and `or` have equal rank and are read from left to right; `not` binds tighter. Values stand in single quotes (with
`\\'` and `\\\\`) or, as accepted in practice, in double quotes. gspread's `parents in "x"` is read like
`'x' in parents`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Row = dict[str, Any]
Predicate = Callable[[Row], bool]
_TOKENS = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<op><=|>=|!=|=|<|>|\(|\)|\{|\})|(?P<word>[A-Za-z_][\w.]*))"
)
MAX_DEPTH = 64
_WORDS = re.compile(r"\w+")
PLACES = ("parents", "owners", "writers", "readers")
TIMES = ("modifiedTime", "createdTime", "viewedByMeTime", "sharedWithMeTime")


class BadQueryError(ValueError):
    """The text is no query of this grammar."""


@dataclass(frozen=True)
class Subject:
    """How the query sees rows: functions of the caller that asks."""

    value: Callable[[Row, str], Any]
    people: Callable[[Row, str], set[str]]
    text: Callable[[Row], str]
    properties: Callable[[Row, str], dict[str, str]]
    parent: Callable[[str], str]


def compile_query(text: str, subject: Subject) -> Predicate:
    """The predicate of `text`. Raises BadQueryError."""
    reader = _Reader(_tokens(text), subject)
    found = reader.chain()
    if reader.at != len(reader.tokens):
        raise BadQueryError(text)
    return found


def uses_full_text(text: str) -> bool:
    """Whether the query ranks by relevance, which forbids `orderBy`."""
    return any(kind == "word" and word == "fullText" for kind, word in _tokens(text))


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    stripped = text.rstrip()
    while at < len(stripped):
        hit = _TOKENS.match(stripped, at)
        if hit is None:
            raise BadQueryError(text)
        kind = str(hit.lastgroup)
        value = hit.group(kind)
        found.append((kind, _unquoted(value) if kind == "text" else value))
        at = hit.end()
    return found


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]], subject: Subject) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.subject = subject

    def take(self, kind: str, *allowed: str) -> str:
        if self.at >= len(self.tokens):
            raise BadQueryError("unexpected end")
        found, value = self.tokens[self.at]
        if found != kind or (allowed and value not in allowed):
            raise BadQueryError(value)
        self.at += 1
        return value

    def peek(self, kind: str, *allowed: str) -> bool:
        if self.at >= len(self.tokens):
            return False
        found, value = self.tokens[self.at]
        return found == kind and (not allowed or value in allowed)

    def chain(self) -> Predicate:
        left = self.unary()
        while self.peek("word", "and", "or"):
            joint = self.take("word")
            left = _both(left, self.unary()) if joint == "and" else _either(left, self.unary())
        return left

    def unary(self) -> Predicate:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BadQueryError("too deep")
        found = self.factor()
        self.depth -= 1
        return found

    def factor(self) -> Predicate:
        if self.peek("word", "not"):
            self.take("word")
            inner = self.unary()
            return lambda row: not inner(row)
        if self.peek("op", "("):
            self.take("op")
            inner = self.chain()
            self.take("op", ")")
            return inner
        return self.term()

    def term(self) -> Predicate:
        if self.peek("text"):
            return self.membership()
        field = self.take("word")
        if field in PLACES:
            self.take("word", "in")
            return self.among(self.take("text"), field)
        if field in ("properties", "appProperties"):
            return self.property(field)
        if field in ("trashed", "starred", "sharedWithMe"):
            return self.boolean(field)
        if field in TIMES:
            return self.time(field)
        if field in ("name", "fullText", "mimeType"):
            return self.words(field)
        if field in ("visibility", "shortcutDetails.targetId"):
            return self.equal(field)
        raise BadQueryError(field)

    def membership(self) -> Predicate:
        value = self.take("text")
        self.take("word", "in")
        return self.among(value, self.take("word", *PLACES))

    def among(self, value: str, field: str) -> Predicate:
        if field == "parents":
            wanted = self.subject.parent(value)
            return lambda row: wanted in row.get("parents", ())
        people = self.subject.people
        return lambda row: value.lower() in people(row, field)

    def property(self, field: str) -> Predicate:
        self.take("word", "has")
        self.take("op", "{")
        self.take("word", "key")
        self.take("op", "=")
        key = self.take("text")
        self.take("word", "and")
        self.take("word", "value")
        self.take("op", "=")
        value = self.take("text")
        self.take("op", "}")
        found = self.subject.properties
        return lambda row: found(row, field).get(key) == value

    def boolean(self, field: str) -> Predicate:
        if not self.peek("op", "=", "!="):
            if field != "sharedWithMe":
                raise BadQueryError(field)
            equal, wanted = True, True
        else:
            equal = self.take("op") == "="
            wanted = self.take("word", "true", "false") == "true"
        value = self.subject.value
        return lambda row: (bool(value(row, field)) == wanted) == equal

    def time(self, field: str) -> Predicate:
        compare = COMPARE[self.take("op", "<=", "<", "=", "!=", ">", ">=")]
        limit = _moment(self.take("text"))
        value = self.subject.value

        def test(row: Row) -> bool:
            found = value(row, field)
            return bool(found) and compare(_moment(found), limit)

        return test

    def words(self, field: str) -> Predicate:
        if self.peek("word", "contains", "CONTAINS"):
            self.take("word")
            return self.contains(field, self.take("text"))
        if field == "fullText":
            raise BadQueryError(field)
        return self.equal(field)

    def contains(self, field: str, wanted: str) -> Predicate:
        if field == "fullText":
            text = self.subject.text
            return lambda row: _whole_words(text(row), wanted)
        value = self.subject.value
        if field == "mimeType":
            return lambda row: str(value(row, field)).startswith(wanted)
        return lambda row: _prefixes(str(value(row, field)), wanted)

    def equal(self, field: str) -> Predicate:
        equal = self.take("op", "=", "!=") == "="
        wanted = self.take("text")
        value = self.subject.value
        if field == "name":  # ASCII letters fold, others do not, as measured
            folded = wanted.encode().lower()
            return lambda row: (str(value(row, field)).encode().lower() == folded) == equal
        return lambda row: (value(row, field) == wanted) == equal


def _less(one: datetime, other: datetime) -> bool:
    return one < other


COMPARE: dict[str, Callable[[datetime, datetime], bool]] = {
    "<": _less,
    "<=": lambda one, other: one <= other,
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def _both(one: Predicate, other: Predicate) -> Predicate:
    return lambda row: one(row) and other(row)


def _either(one: Predicate, other: Predicate) -> Predicate:
    return lambda row: one(row) or other(row)


def _moment(text: str) -> datetime:
    """RFC 3339; without a zone it is UTC, as Drive reads it."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadQueryError(text) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _prefixes(name: str, wanted: str) -> bool:
    """Every word of `wanted` starts some word of the name."""
    words = _split(name)
    asked = _split(wanted)
    return bool(asked) and all(any(word.startswith(one) for word in words) for one in asked)


def _whole_words(text: str, wanted: str) -> bool:
    """The words of `wanted` occur as whole words; in double quotes they must stand side by side."""
    words, asked = _split(text), _split(wanted)
    if not asked:
        return False
    if wanted.startswith('"') and wanted.endswith('"'):
        size = len(asked)
        return any(words[n : n + size] == asked for n in range(len(words) - size + 1))
    return set(asked) <= set(words)


def _split(text: str) -> list[str]:
    """Words in lower case; compatibility forms fold, accents and ß do not, as measured."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("i\u0307", "i")
    return [part for word in _WORDS.findall(folded) for part in word.split("_") if part]
