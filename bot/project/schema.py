"""Loads sheet_schemas/*.yaml: what each spreadsheet, tab and column is called, holds, and belongs to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache
from typing import Any, Literal, NamedTuple, cast

import yaml

from bot.project import highlights
from bot.project.data import folder
from bot.project.highlights import Highlight
from bot.project.model import RECORDS
from bot.project.nodes import Node, SchemaError
from bot.project.words import VOCABULARIES, Phase, RequestType

__all__ = [
    "FIRST_ROW", "FORM_HEADER", "FORM_WIDTHS", "LAST_ROW", "NAMES",
    "Column", "Constraints", "Part", "Schema", "SchemaError", "Tab",
    "formula", "letter", "load", "parse", "parts", "variants",
]  # fmt: skip

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
    """A column of a table, or a field of a form. ``width`` in pixels; ``options``: a dropdown that does not bind.

    Nobody misses a field that is ``optional``: older files do without it, and a person may delete its row.
    """

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
    optional: bool = False
    vocabulary: Vocabulary | None = None


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One tab. ``sheet_id`` is the same in every copy; ``rows`` names a CSV; ``prefill`` rows carry row formulas.

    ``projected_from`` names the playbook's tabs whose customer-visible rows the tab shows; ``frozen_columns`` stay in
    sight when a person scrolls, as the header row always does.
    """

    name: str
    title: str
    sheet_id: int
    record: type[Any]
    columns: tuple[Column, ...]
    layout: Literal["table", "form"] = "table"
    id_prefix: str = ""
    rows: str = ""
    prefill: int = 0
    frozen_columns: int = 0
    highlights: tuple[Highlight, ...] = ()
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
    RequestType.MIGRATION_SELF_HOSTED: "migration_self_hosted",
    RequestType.MIGRATION_CLOUD: "migration_cloud",
}


def variants(name: str) -> tuple[str, ...]:
    """The variants of template rows that a schema's files come in."""
    kinds = [parts(kind) for kind in RequestType if kind is not RequestType.OTHER]
    return tuple(dict.fromkeys(part.variant for part in kinds if name in (part.playbook, part.plan)))


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
    reader = Node(file, "schema", raw)
    audience = reader.choice("audience", ("internal", "customer"))
    tabs = tuple(_tab(node, cast(Reach, audience)) for node in reader.children("tabs"))
    schema = Schema(name=reader.text("name"), title=reader.text("title"), audience=cast(Reach, audience), tabs=tabs)
    reader.finish()
    _check_unique(file, "sheet_id", [str(t.sheet_id) for t in tabs])
    _check_unique(file, "tab", [t.name for t in tabs])
    _check_unique(file, "tab title", [t.title.casefold() for t in tabs])
    _check_formulas(file, schema)
    return schema


def _check_formulas(file: str, schema: Schema) -> None:
    """Every {column} and {tab.column} that a formula names is there."""
    for tab, column in ((one, column) for one in schema.tabs for column in one.columns if column.formula):
        try:
            formula(schema, tab, column.name, FIRST_ROW)
        except KeyError as error:
            key = f"schema.tabs[{tab.name}].columns[{column.name}].formula"
            raise SchemaError(file, key, f"names {error.args[0]!r}, which is not there") from None


def _tab(node: Node, audience: Reach) -> Tab:
    base = _like(node, node.text("name")) if node.has("like") else None
    values: dict[str, Any] = {f.name: getattr(base, f.name) for f in fields(Tab)} if base else {}
    values |= {key: node.text(key) for key in ("name", "title", "layout", "id_prefix", "rows") if node.has(key)}
    values |= {key: node.whole(key, least=0) for key in ("sheet_id", "prefill", "frozen_columns") if node.has(key)}
    if node.has("record"):
        values["record"] = RECORDS[node.choice("record", tuple(RECORDS))]
    if node.has("shown_from"):
        values["shown_from"] = Phase(node.choice("shown_from", tuple(Phase)))
    if node.has("projected_from"):
        values["projected_from"] = node.texts("projected_from")
    if node.has("columns"):
        values["columns"] = tuple(_column(child, audience, values["name"]) for child in node.children("columns"))
    if node.has("highlights"):
        words = {column.name: column.constraints.enum for column in values.get("columns", ())}
        values["highlights"] = tuple(highlights.parse(child, words) for child in node.children("highlights"))
    node.finish()
    return _checked(node, values)


def _like(node: Node, tab: str) -> Tab:
    """The tab of the same name in the schema that `like` names."""
    other = node.choice("like", NAMES)
    return next((t for t in load(other).tabs if t.name == tab), None) or node.fail("like", f"{other} has no tab {tab}")


def _checked(node: Node, values: dict[str, Any]) -> Tab:
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
    if tab.frozen_columns >= tab.grid_width():
        node.fail("frozen_columns", "must leave a column that moves")
    return tab


def _column(node: Node, audience: Reach, tab: str) -> Column:
    name = node.text("name")
    if node.has("like"):
        columns = load(node.choice("like", NAMES)).tab(tab).columns
        node.finish()
        return next((c for c in columns if c.name == name), None) or node.fail("like", f"has no column {name}")
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
        width=node.whole("width", _WIDTHS[kind] if name != "id" else 70, least=20),
        formula=node.text("formula", ""),
        optional=node.flag("optional"),
    )
    node.finish()
    _check_column(node, column)
    return column


def _check_column(node: Node, column: Column) -> None:
    """What each key says alone may still not go together."""
    limits, words = column.constraints, column.constraints.enum
    if words and column.options:
        node.fail("options", "cannot stand beside constraints.enum, which binds")
    if (words or column.options) and column.type != "string":
        node.fail("type", f"must be string where words are offered, found {column.type}")
    if column.default and words and column.default not in words:
        node.fail("default", f"is none of {', '.join(words)}: {column.default!r}")
    if column.default and column.type == "integer" and not re.fullmatch(r"-?\d+", column.default):
        node.fail("default", f"is not integer: {column.default!r}")
    if limits.minimum is not None and limits.maximum is not None and limits.minimum > limits.maximum:
        node.fail("constraints.minimum", "is greater than the maximum")
    try:
        re.compile(limits.pattern)
    except re.error as error:
        node.fail("constraints.pattern", f"is no pattern ({error})")


def _constraints(node: Node) -> tuple[Constraints, Vocabulary | None]:
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
