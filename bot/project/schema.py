"""Loads sheet_schemas/*.yaml: what each spreadsheet, tab and column is called, holds, and belongs to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, cast

import yaml

from bot.project.data import folder
from bot.project.model import RECORDS
from bot.project.words import VOCABULARIES, Phase, RequestType

NAMES = ("backlog", "playbook", "standard_plan", "trial_plan")
FORM_HEADER = ("Field", "Label", "Value", "Note")
FORM_WIDTHS = (150, 220, 340, 420)
FIRST_ROW = 2
"""Row of a new sheet's first record (or a form's first field), counted from 1; the header stands in row 1."""
LAST_ROW = 300
"""Row to which summary formulas look."""

Vocabulary = type[StrEnum]
Type = Literal["string", "date", "integer", "number", "boolean"]
Owner = Literal["person", "bot"]
Reach = Literal["internal", "customer"]

_WIDTHS = {"string": 150, "date": 100, "integer": 90, "number": 90, "boolean": 90}
_FORMATS = {"date": "yyyy-mm-dd", "integer": "0"}


class SchemaError(ValueError):
    """A schema file cannot be used: the sentence names file, key and reason."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}")
        self.file, self.key, self.reason = file, key, reason


class Part(NamedTuple):
    """Which files a request type gets: schema names, and the variant of the template rows."""

    playbook: str
    plan: str
    variant: str


@dataclass(frozen=True, kw_only=True)
class Constraints:
    """What a value must satisfy, in the words of the Table Schema standard. ``enum`` is in display order."""

    required: bool = False
    enum: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    pattern: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table, or a field of a form. ``width`` in pixels; ``options``: a dropdown that does not bind."""

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    type: Type = "string"
    constraints: Constraints = field(default_factory=Constraints)
    options: tuple[str, ...] = ()
    default: str = ""
    description: str = ""
    owner: Owner = "person"
    audience: Reach = "internal"
    format: str = ""
    width: int = 150
    formula: str = ""
    vocabulary: Vocabulary | None = None


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One tab. ``sheet_id`` is the same in every copy; ``rows`` names a CSV; ``prefill`` rows carry row formulas."""

    name: str
    title: str
    sheet_id: int
    record: type[Any]
    columns: tuple[Column, ...]
    layout: Literal["table", "form"] = "table"
    id_prefix: str = ""
    rows: str = ""
    prefill: int = 0
    shown_from: Phase | None = None
    projected_from: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column called *name*; KeyError when there is none."""
        return next((c for c in self.columns if c.name == name), None) or _missing(name)

    def index(self, name: str) -> int:
        """Zero-based position of column *name* in a new sheet (in a form: of the field)."""
        return self.columns.index(self.column(name))

    def grid_width(self) -> int:
        """How many sheet columns the tab takes when new."""
        return len(FORM_HEADER) if self.layout == "form" else len(self.columns)

    def visible_in(self, phase: Phase) -> bool:
        """False while the phase does not need the tab yet."""
        return self.shown_from is None or phase.reached(self.shown_from)


@dataclass(frozen=True, kw_only=True)
class Schema:
    """One spreadsheet. ``audience`` says who may be given the file."""

    name: str
    title: str
    audience: Reach
    tabs: tuple[Tab, ...]

    def tab(self, name: str) -> Tab:
        """The tab called *name*; KeyError when there is none."""
        return next((t for t in self.tabs if t.name == name), None) or _missing(name)

    def by_sheet_id(self, sheet_id: int) -> Tab | None:
        """The tab with this id, or None (a person's own tab)."""
        return next((t for t in self.tabs if t.sheet_id == sheet_id), None)


def _missing(name: str) -> Any:
    raise KeyError(name)


def parts(kind: RequestType) -> Part:
    """The files and the row variant of a request type; ValueError for *Other help*, which makes no project."""
    if kind is RequestType.OTHER:
        raise ValueError(f"{kind} makes no project")
    if kind is RequestType.TRIAL:
        return Part("playbook", "trial_plan", "trial")
    return Part("playbook", "standard_plan", _VARIANTS.get(kind, "production"))


_VARIANTS = {
    RequestType.UPGRADE: "upgrade",
    RequestType.EXPANSION: "expansion",
    RequestType.MIGRATION_SELF_HOSTED: "migration",
    RequestType.MIGRATION_CLOUD: "migration",
}


@cache
def load(name: str) -> Schema:
    """The schema *name*, read once. SchemaError when the file is wrong, KeyError when there is no such schema."""
    if name not in NAMES:
        _missing(name)
    path = folder("sheet_schemas") / f"{name}.yaml"
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise SchemaError(path.name, "file", f"is not YAML ({error})") from None
    return parse(path.name, raw)


def parse(file: str, raw: object) -> Schema:
    """A Schema from the plain values of one YAML document; *file* only names it in errors."""
    reader = _Node(file, "schema", raw)
    audience = reader.choice("audience", ("internal", "customer"))
    tabs = tuple(_tab(node, cast(Reach, audience)) for node in reader.children("tabs"))
    schema = Schema(name=reader.text("name"), title=reader.text("title"), audience=cast(Reach, audience), tabs=tabs)
    reader.finish()
    _check_unique(file, "sheet_id", [str(t.sheet_id) for t in tabs])
    _check_unique(file, "tab", [t.name for t in tabs])
    _check_unique(file, "tab title", [t.title for t in tabs])
    return schema


def _tab(node: "_Node", audience: Reach) -> Tab:
    base = load(node.text("like")).tab(node.text("name")) if node.has("like") else None
    values: dict[str, Any] = {f.name: getattr(base, f.name) for f in fields(Tab)} if base else {}
    values |= {key: node.text(key) for key in ("name", "title", "layout", "id_prefix", "rows") if node.has(key)}
    values |= {key: node.whole(key) for key in ("sheet_id", "prefill") if node.has(key)}
    if node.has("record"):
        values["record"] = RECORDS[node.choice("record", tuple(RECORDS))]
    if node.has("shown_from"):
        values["shown_from"] = Phase(node.choice("shown_from", tuple(Phase)))
    if node.has("projected_from"):
        values["projected_from"] = node.texts("projected_from")
    if node.has("columns"):
        values["columns"] = tuple(_column(child, audience, values["name"]) for child in node.children("columns"))
    node.finish()
    return _checked(node, values)


def _checked(node: "_Node", values: dict[str, Any]) -> Tab:
    for key in ("name", "title", "sheet_id", "record", "columns"):
        if key not in values:
            node.fail(key, "is missing")
    if values.get("layout", "table") not in ("table", "form"):
        node.fail("layout", "must be table or form")
    tab = Tab(**values)
    _check_unique(node.file, f"{node.key}: column", [c.name for c in tab.columns])
    _check_unique(node.file, f"{node.key}: title", [c.title.casefold() for c in tab.columns])
    known = {f.name for f in fields(tab.record)}
    if known != {c.name for c in tab.columns}:
        node.fail("columns", f"differ from {tab.record.__name__}: {sorted(known ^ {c.name for c in tab.columns})}")
    if tab.id_prefix and tab.columns[0].name != "id":
        node.fail("id_prefix", "needs a first column named id")
    return tab


def _column(node: "_Node", audience: Reach, tab: str) -> Column:
    name = node.text("name")
    if node.has("like"):
        node.text("like")
        node.finish()
        return load("standard_plan").tab(tab).column(name)
    kind = cast(Type, node.choice("type", tuple(_WIDTHS), "string"))
    constraints, vocabulary = _constraints(node)
    column = Column(
        name=name,
        title=node.text("title", name.replace("_", " ").capitalize()),
        aliases=node.texts("aliases"),
        type=kind,
        constraints=constraints,
        vocabulary=vocabulary,
        options=node.texts("options"),
        default=node.text("default", ""),
        description=node.text("description", ""),
        owner=cast(Owner, node.choice("owner", ("person", "bot"), "person")),
        audience=cast(Reach, node.choice("audience", ("internal", "customer"), audience)),
        format=node.text("format", _FORMATS.get(kind, "")),
        width=node.whole("width", _WIDTHS[kind] if name != "id" else 70),
        formula=node.text("formula", ""),
    )
    node.finish()
    return column


def _constraints(node: "_Node") -> tuple[Constraints, Vocabulary | None]:
    if not node.has("constraints"):
        return Constraints(), None
    inner = node.child("constraints")
    vocabulary = VOCABULARIES[inner.choice("enum", tuple(VOCABULARIES))] if inner.has("enum") else None
    constraints = Constraints(
        required=inner.flag("required"),
        enum=tuple(str(word) for word in vocabulary) if vocabulary else (),
        minimum=inner.whole("minimum") if inner.has("minimum") else None,
        maximum=inner.whole("maximum") if inner.has("maximum") else None,
        pattern=inner.text("pattern", ""),
    )
    inner.finish()
    return constraints, vocabulary


def _check_unique(file: str, key: str, values: list[str]) -> None:
    twice = sorted({v for v in values if values.count(v) > 1})
    if twice:
        raise SchemaError(file, key, f"stands twice: {', '.join(twice)}")


class _Node:
    """One mapping of the YAML, read key by key so that a wrong or unknown key is named."""

    def __init__(self, file: str, key: str, raw: object) -> None:
        self.file, self.key, self.seen = file, key, set[str]()
        if not isinstance(raw, Mapping):
            raise SchemaError(file, key, "must be a mapping")
        self.raw = MappingProxyType(dict(raw))

    def fail(self, key: str, reason: str) -> None:
        raise SchemaError(self.file, f"{self.key}.{key}", reason)

    def has(self, key: str) -> bool:
        return key in self.raw

    def _take(self, key: str, kind: type, fallback: object) -> Any:
        self.seen.add(key)
        value = self.raw.get(key, fallback)
        if value is None:
            self.fail(key, "is missing")
        if type(value) is not kind:
            self.fail(key, f"must be {kind.__name__}, found {value!r}")
        return value

    def text(self, key: str, fallback: str | None = None) -> str:
        return cast(str, self._take(key, str, fallback))

    def whole(self, key: str, fallback: int | None = None) -> int:
        return cast(int, self._take(key, int, fallback))

    def flag(self, key: str) -> bool:
        return cast(bool, self._take(key, bool, False))

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._take(key, list, [])
        if not all(isinstance(v, str) for v in values):
            self.fail(key, "must be a list of texts")
        return tuple(values)

    def choice(self, key: str, allowed: tuple[str, ...], fallback: str | None = None) -> str:
        value = self.text(key, fallback)
        if value not in allowed:
            self.fail(key, f"must be one of {', '.join(allowed)}; found {value!r}")
        return value

    def child(self, key: str) -> "_Node":
        self.seen.add(key)
        return _Node(self.file, f"{self.key}.{key}", self.raw[key])

    def children(self, key: str) -> list["_Node"]:
        items = self._take(key, list, None)
        return [_Node(self.file, f"{self.key}.{key}[{_label(item, n)}]", item) for n, item in enumerate(items)]

    def finish(self) -> None:
        unknown = sorted(str(k) for k in set(self.raw) - self.seen)
        if unknown:
            self.fail(unknown[0], "is not a known key")


def _label(item: object, number: int) -> str:
    return str(item.get("name", number)) if isinstance(item, Mapping) else str(number)


_TOKEN = re.compile(r"\{([a-z_]+)(?:\.([a-z_]+))?\}")


def letter(index: int) -> str:
    """Column letters of a zero-based index: 0 is A, 26 is AA."""
    text = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        text, index = chr(65 + rest) + text, index - 1
    return text


def formula(schema: Schema, tab: Tab, name: str, number: int, columns: Mapping[str, int] | None = None) -> str:
    """The formula of column *name* for sheet row *number* (1-based), or "" when it has none.

    ``{column}`` is the cell of the same row, ``{tab.column}`` the bounded range of another tab. *columns* gives the
    zero-based positions of the row's own columns in a live sheet; without it those of a new sheet.
    """

    def place(match: re.Match[str]) -> str:
        first, second = match.groups()
        if second:
            return _range(schema.tab(first), second)
        if tab.layout == "form":
            return f"$C${FIRST_ROW + tab.index(first)}"
        return f"{letter((columns or {}).get(first, tab.index(first)))}{number}"

    return _TOKEN.sub(place, tab.column(name).formula)


def _range(tab: Tab, name: str) -> str:
    column = letter(tab.index(name))
    title = "'" + tab.title.replace("'", "''") + "'"
    return f"{title}!${column}${FIRST_ROW}:${column}${LAST_ROW}"
