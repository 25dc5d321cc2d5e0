"""A small language for saying what JSON may look like, with complaints worded as Slack words them.

A *spec* is a value with ``check(value, path, report)``. Specs are put together into tables in ``spec.py``; this module
knows nothing of Block Kit except text objects. A field name that ends in ``!`` is required.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Protocol
from urllib.parse import urlsplit
from zoneinfo import available_timezones


@dataclass
class Report:
    """Collects problems of one payload; ``surface`` is where the blocks will be shown: "message", "modal" or "home"."""

    surface: str
    problems: list[str] = field(default_factory=list)
    focused: list[str] = field(default_factory=list)

    def say(self, path: str, words: str) -> None:
        self.problems.append(f"{words} [json-pointer:{path}]")


class Spec(Protocol):
    def check(self, value: Any, path: str, report: Report) -> None: ...


Rule = Callable[[Mapping[str, Any], str, Report], None]


@dataclass(frozen=True)
class Str:
    """A string of min…max characters; ``one_of`` limits it to words, ``test`` to what a function accepts."""

    max: int | None = None
    min: int = 1
    one_of: tuple[str, ...] = ()
    test: Callable[[str], bool] | None = None
    wording: str = ""

    def check(self, value: Any, path: str, report: Report) -> None:
        if not isinstance(value, str):
            report.say(path, "must provide a string")
        elif len(value) < self.min:
            report.say(path, f"must be more than {self.min - 1} characters")
        elif self.max is not None and len(value) > self.max:
            report.say(path, f"must be less than {self.max + 1} characters")
        elif self.one_of and value not in self.one_of:
            report.say(path, f"must be one of: {', '.join(self.one_of)}")
        elif self.test is not None and not self.test(value):
            report.say(path, self.wording)


@dataclass(frozen=True)
class Int:
    min: int
    max: int

    def check(self, value: Any, path: str, report: Report) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report.say(path, "must provide an integer")
        elif value < self.min:
            report.say(path, f"must be greater than {self.min - 1}")
        elif value > self.max:
            report.say(path, f"must be less than {self.max + 1}")


@dataclass(frozen=True)
class Number:
    def check(self, value: Any, path: str, report: Report) -> None:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            report.say(path, "must provide a number")


@dataclass(frozen=True)
class Bool:
    def check(self, value: Any, path: str, report: Report) -> None:
        if not isinstance(value, bool):
            report.say(path, "must provide a boolean")


@dataclass(frozen=True)
class ListOf:
    of: Spec
    max: int | None = None
    min: int = 1

    def check(self, value: Any, path: str, report: Report) -> None:
        if not isinstance(value, list):
            report.say(path, "must provide an array")
            return
        if len(value) < self.min:
            report.say(path, f"must provide at least {self.min} items")
        if self.max is not None and len(value) > self.max:
            report.say(path, f"no more than {self.max} items allowed")
            return
        for index, item in enumerate(value):
            self.of.check(item, f"{path}/{index}", report)


@dataclass(frozen=True)
class Nullable:
    """What may be null as well, such as an entry of a table's column settings."""

    of: Spec

    def check(self, value: Any, path: str, report: Report) -> None:
        if value is not None:
            self.of.check(value, path, report)


@dataclass(frozen=True)
class Shape:
    """An object with exactly these fields. ``type`` belongs to it where a ``Typed`` chooses the shape."""

    fields: Mapping[str, Spec]
    rules: tuple[Rule, ...] = ()
    surfaces: tuple[str, ...] = ("message", "modal", "home")

    def check(self, value: Any, path: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.say(path, "must provide an object")
            return
        before = len(report.problems)
        self._names(value, path, report)
        for name, spec in self._specs():
            if name in value:
                spec.check(value[name], f"{path}/{name}", report)
        if len(report.problems) == before:  # a rule may rely on every field having its type
            for rule in self.rules:
                rule(value, path, report)

    def _specs(self) -> Iterator[tuple[str, Spec]]:
        return ((name.removesuffix("!"), spec) for name, spec in self.fields.items())

    def _names(self, value: Mapping[str, Any], path: str, report: Report) -> None:
        for name in self.fields:
            if name.endswith("!") and name[:-1] not in value:
                report.say(path, f"missing required field: {name[:-1]}")
        known = {name for name, _ in self._specs()}
        for name in value:
            if name not in known:
                report.say(path, f"invalid additional property: {name}")


@dataclass(frozen=True)
class Typed:
    """An object whose ``type`` picks its shape out of ``table``; only the ``allowed`` types may stand here."""

    table: Mapping[str, Shape]
    allowed: tuple[str, ...]

    def check(self, value: Any, path: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.say(path, "must provide an object")
        elif "type" not in value:
            report.say(path, "missing required field: type")
        elif not isinstance(value["type"], str):
            report.say(f"{path}/type", "must provide a string")
        elif not self.shape(value["type"], report.surface):
            report.say(f"{path}/type", f"unsupported type: {value['type']}")
        else:
            rest = {name: item for name, item in value.items() if name != "type"}
            self.table[value["type"]].check(rest, path, report)
            _note_focus(rest, path, report)

    def shape(self, name: str, surface: str) -> bool:
        return name in self.allowed and surface in self.table[name].surfaces


def _note_focus(value: Mapping[str, Any], path: str, report: Report) -> None:
    if value.get("focus_on_load") is True:
        report.focused.append(f"{path}/focus_on_load")


@dataclass(frozen=True)
class Text:
    """A text object. With ``mrkdwn`` either kind may stand here, and Slack then names the place before the reason."""

    max: int
    mrkdwn: bool = False

    def check(self, value: Any, path: str, report: Report) -> None:
        found = Report(report.surface)
        kinds = ("plain_text", "mrkdwn") if self.mrkdwn else ("plain_text",)
        Typed(self._kinds(), kinds).check(value, path, found)
        if found.problems and self.mrkdwn:
            report.say(path, "failed to match all allowed schemas")
        report.problems += found.problems

    def _kinds(self) -> dict[str, Shape]:
        return {
            "plain_text": Shape({"text!": Str(self.max), "emoji": Bool()}),
            "mrkdwn": Shape({"text!": Str(self.max), "verbatim": Bool()}),
        }


def is_date(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def is_time(text: str) -> bool:
    return re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) is not None


def is_zone(text: str) -> bool:
    return text in _zones()


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # walks a folder tree


def is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)


def is_link(text: str) -> bool:
    """A link may also open a mailbox or another program (slack://, mailto:), but never run a script."""
    scheme = text.split(":", 1)[0].lower()
    if scheme in ("javascript", "data", "vbscript"):
        return False
    return is_url(text) or re.fullmatch(r"[a-z][a-z0-9+.-]*:\S+", text, re.IGNORECASE) is not None
