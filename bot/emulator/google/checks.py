"""Parameters and bodies checked against the discovery document, with the refusals that the real services print."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from bot.emulator.google.documents import Json, Method, document
from bot.emulator.google.errors import drive_invalid, drive_required, violation, violations

PACKAGES = {"sheets": "google.apps.sheets.v4", "docs": "google.apps.docs.v1", "drive": "google.apps.drive.v3"}
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
# Where the body is one field of the request message: its name starts the paths in messages.
BODY_FIELDS = {
    "sheets.spreadsheets.create": "spreadsheet",
    "sheets.spreadsheets.values.update": "data",
    "sheets.spreadsheets.values.append": "data",
    "docs.documents.create": "document",
}
ONE_OF = {("sheets", "Request"): "kind", ("docs", "Request"): "request", ("sheets", "ExtendedValue"): "value"}
ENUM_TYPES = {"majorDimension": "Dimension", "dimension": "Dimension", "responseValueRenderOption": "ValueRenderOption"}
ENUM_TYPES |= {"responseDateTimeRenderOption": "DateTimeRenderOption", "insertDataOption": "InsertDataOption"}
PROTO_TYPES = {
    ("string", ""): "TYPE_STRING",
    ("string", "int64"): "TYPE_INT64",
    ("string", "uint64"): "TYPE_UINT64",
    ("string", "byte"): "TYPE_BYTES",
    ("integer", "int32"): "TYPE_INT32",
    ("integer", "uint32"): "TYPE_UINT32",
    ("number", "double"): "TYPE_DOUBLE",
    ("number", "float"): "TYPE_FLOAT",
    ("boolean", ""): "TYPE_BOOL",
}
SYSTEM = frozenset({"fields", "alt", "prettyPrint", "quotaUser", "key", "access_token", "oauth_token", "callback"})
SYSTEM |= frozenset(
    {"$.xgafv", "uploadType", "upload_protocol", "userIp", "$alt", "$fields", "$prettyPrint", "upload_id"}
)
NO_FIELD = "Cannot find field."
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")


@lru_cache(4096)
def snake(name: str) -> str:
    """The proto spelling of a JSON name: `majorDimension` -> `major_dimension`."""
    return re.sub(r"([A-Z])", lambda found: "_" + found.group(1).lower(), name)


# -- parameters


def parameters(method: Method, path: dict[str, str], query: list[tuple[str, str]]) -> Json:
    """Path and query parameters parsed to their types; repeated ones as lists. Raises the family's 400.

    A single parameter given twice: the last one counts.
    """
    given: Json = {}
    wrong: list[tuple[str, str]] = []
    for name, text in [*path.items(), *query]:
        spec = method.parameters.get(name)
        if spec is None:
            if name not in _system(method.family) and method.family != "drive":
                wrong.append(("", _unbound(name)))
            continue
        value = _parameter(method, name, spec, text, wrong)
        if spec.get("repeated"):
            given.setdefault(name, []).append(value)
        else:
            given[name] = value
    if wrong:
        raise violations(wrong)
    for name in method.required:
        if name not in given:
            raise drive_required(name) if method.family == "drive" else violation(f"{name} is required", name)
    for name, value in given.items():
        given[name] = _within(method, name, method.parameters[name], value)
    return given


def _system(family: str) -> frozenset[str]:
    """The editors refuse `uploadType` on a read, Drive knows it."""
    return SYSTEM if family == "drive" else SYSTEM - {"uploadType", "upload_id"}


def _unbound(name: str) -> str:
    where = f"Cannot bind query parameter. Field '{name}' could not be found in request message."
    return f'Invalid JSON payload received. Unknown name "{name}": {where}'


def _parameter(method: Method, name: str, spec: Json, text: str, wrong: list[tuple[str, str]]) -> Any:
    kind = spec["type"]
    if "enum" in spec and text not in spec["enum"]:
        enum = _enum_type(method.family, name)
        wrong.append((snake(name), f"Invalid value at '{snake(name)}' ({enum}), \"{text}\""))
    elif kind == "boolean":
        known = BOOLEANS.get(text.lower())
        if known is None:
            wrong.append((snake(name), f"Invalid value at '{snake(name)}' (TYPE_BOOL), \"{text}\""))
        return known
    elif kind == "integer":
        if not _INTEGER.fullmatch(text) or not -(2**31) <= int(text) < 2**31:
            wrong.append((snake(name), f"Invalid value at '{snake(name)}' (TYPE_INT32), \"{text}\""))
            return 0
        return int(text)
    return text


def _within(method: Method, name: str, spec: Json, value: Any) -> Any:
    """Drive's bounds: too large a page is coerced where the document says so, all else out of range is refused."""
    if method.family != "drive" or spec["type"] != "integer" or "maximum" not in spec:
        return value
    low, high = int(spec.get("minimum", 0)), int(spec["maximum"])
    if value > high and "will be coerced" in spec["description"]:
        return high
    if not low <= value <= high:
        message = f"Invalid value '{value}'. Values must be within the range: [{low}, {high}]"
        raise drive_invalid(message, name, "invalidParameter")
    return value


def _enum_type(family: str, name: str) -> str:
    return f"type.googleapis.com/{PACKAGES[family]}." + ENUM_TYPES.get(name, name[:1].upper() + name[1:])


# -- bodies


def body(method: Method, value: Any) -> Json:
    """The body normalised: camelCase names, numbers as numbers, nulls dropped (Drive keeps them: they clear things).

    Sheets and Docs refuse unknown names, wrong types and wrong enums with every violation in one message; Drive ignores
    unknown names.
    """
    if not method.request:
        return {}
    if not isinstance(value, dict):
        raise violations([("", 'Invalid JSON payload received. Unknown name "": Root element must be a message.')])
    walk = Walk(method.family)
    prefix = BODY_FIELDS.get(method.id, method.request.lower() if method.family == "drive" else "")
    clean = walk.message(method.request, value, prefix)
    if walk.found:
        raise violations(walk.found)
    return clean


class Walk:
    """One pass over a JSON value beside its schema; collects (path, message) violations in `found`."""

    def __init__(self, family: str) -> None:
        self.family = family
        self.schemas = document(family).schemas
        self.found: list[tuple[str, str]] = []

    def message(self, name: str, value: Json, path: str) -> Json:
        """An object of schema `name`."""
        return self._members(self.schemas[name], value, path, name)

    def _members(self, schema: Json, value: Json, path: str, name: str) -> Json:
        properties = schema.get("properties", {})
        more = schema.get("additionalProperties")
        clean: Json = {}
        for key, inner in value.items():
            known = key if key in properties else _camel(key)
            spec = properties.get(known) or more
            if spec is None:
                self._unknown(key, path, NO_FIELD)
                continue
            if inner is None and self.family != "drive":
                continue
            if (self.family, name) in ONE_OF and clean and spec is not more:
                kind = ONE_OF[self.family, name]
                self.found.append(
                    (
                        path,
                        f"Invalid value at '{path}' (oneof), oneof field '{kind}' is already set. Cannot set '{key}'",
                    )
                )
                continue
            clean[known if known in properties else key] = self._value(spec, inner, _join(path, known), known)
        return clean

    def _unknown(self, key: str, path: str, why: str) -> None:
        if self.family == "drive" and why == NO_FIELD:
            return
        where = f" at '{path}'" if path else ""
        self.found.append((path, f'Invalid JSON payload received. Unknown name "{key}"{where}: {why}'))

    def _value(self, spec: Json, value: Any, path: str, name: str) -> Any:
        if value is None:
            return None
        if "$ref" in spec:
            return self._object(self.schemas[spec["$ref"]], value, path, spec["$ref"])
        kind = spec.get("type")
        if kind == "array":
            return self._array(spec["items"], value, path, name)
        if kind == "object":
            return self._object(spec, value, path, name)
        if kind == "any":
            return value
        if isinstance(value, list):
            parent, _, last = path.rpartition(".")
            self._unknown(last, parent, "Proto field is not repeating, cannot start list.")
            return None
        return self._scalar(spec, value, path, name)

    def _object(self, schema: Json, value: Any, path: str, name: str) -> Any:
        if schema.get("type") == "any":
            return value
        if isinstance(value, dict):
            return self._members(schema, value, path, name)
        if isinstance(value, list):
            parent, _, last = path.rpartition(".")
            self._unknown(last, parent, "Proto field is not repeating, cannot start list.")
            return None
        kind = f"type.googleapis.com/{PACKAGES.get(self.family, 'google')}.{name}"
        return self._wrong(path, kind, value)

    def _array(self, items: Json, value: Any, path: str, name: str) -> list[Any]:
        if not isinstance(value, list):
            if items.get("type") == "array":
                self._wrong(path, "type.googleapis.com/google.protobuf.ListValue", value)
                return []
            return [self._value(items, value, path, name)]
        if items.get("type") == "any":
            return value
        if items.get("type") == "array" and items["items"].get("type") == "any":
            for row in value:
                if not isinstance(row, list):
                    self._wrong(path, "type.googleapis.com/google.protobuf.ListValue", row)
            return value
        return [self._value(items, inner, f"{path}[{n}]", name) for n, inner in enumerate(value)]

    def _wrong(self, path: str, kind: str, value: Any) -> None:
        shown = f'"{value}"' if isinstance(value, str) else _plain(value)
        self.found.append((path, f"Invalid value at '{path}' ({kind}), {shown}"))

    def _scalar(self, spec: Json, value: Any, path: str, name: str) -> Any:
        kind, form = spec.get("type"), spec.get("format", "")
        if "enum" in spec:
            if not isinstance(value, str) or value not in spec["enum"]:
                if self.family == "drive":
                    return value
                return self._wrong(path, _enum_type(self.family, name), value)
            return value
        proto = PROTO_TYPES.get((str(kind), form)) or PROTO_TYPES.get((str(kind), ""), "TYPE_STRING")
        good = _coerce(proto, value)
        return self._wrong(path, proto, value) if good is None else good


def _coerce(proto: str, value: Any) -> Any:
    """The value as its proto type, None when it does not fit; numbers and booleans may come as text."""
    if proto in ("TYPE_STRING", "TYPE_BYTES"):
        return value if isinstance(value, str) else None
    if proto == "TYPE_BOOL":
        if isinstance(value, str):
            return {"true": True, "false": False}.get(value)
        return value if isinstance(value, bool) else None
    if isinstance(value, bool):
        return None
    return _number(proto, value)


def _number(proto: str, value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = int(value) if _INTEGER.fullmatch(value) else float(value)
        except ValueError:
            return None
    if not isinstance(value, (int, float)) or not -1e300 < value < 1e300:  # NaN and infinities too
        return None
    if proto in ("TYPE_DOUBLE", "TYPE_FLOAT"):
        return value
    if value != int(value) or (proto == "TYPE_INT32" and not -(2**31) <= value < 2**31):
        return None
    return str(int(value)) if proto in ("TYPE_INT64", "TYPE_UINT64") else int(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _join(path: str, name: str) -> str:
    return f"{path}.{snake(name)}" if path else snake(name)
