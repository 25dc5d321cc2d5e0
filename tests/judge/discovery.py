"""Judges exchanges with Google's APIs against the discovery documents that ship in google-api-python-client.

Written from the documents alone; it shares no code with the bot or the embedded workspace.
"""

from __future__ import annotations

import json
import marshal
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, urlsplit

DOCUMENTS = {"sheets": "sheets.v4", "drive": "drive.v3", "docs": "docs.v1"}
SCALARS = {"string": str, "boolean": bool, "integer": int, "number": (int, float)}
INT64 = re.compile(r"-?\d+")
# gspread sends these though Drive v3 does not know them there, and Drive ignores them, as its recorded traffic shows.
UNKNOWN_BUT_SENT = {"withLink", "includeItemsFromAllDrives"}

MOST_FINE, LONGEST = 20_000, 1_000  # objects in lists that are remembered, and how long each may be in bytes

Json = Any
Mask = dict[str, "Mask"]


@cache
def document(family: str) -> Json:
    """The bundled discovery document of an API."""
    name = f"{DOCUMENTS[family]}.json"
    path = files("googleapiclient.discovery_cache") / "documents" / name
    return json.loads(path.read_text("utf-8"))


@cache
def methods() -> dict[str, tuple[str, Json]]:
    """Every documented method by its id, with its API."""
    return {method["id"]: (family, method) for family in DOCUMENTS for method in _methods_in(document(family))}


def _methods_in(node: Json) -> Iterator[Json]:
    yield from node.get("methods", {}).values()
    for child in node.get("resources", {}).values():
        yield from _methods_in(child)


def violations(method_id: str, url: str, body: bytes, answer: bytes) -> list[str]:
    """What is wrong with one successful exchange, as sentences that name the place."""
    if method_id not in methods():
        return [f"{method_id} is no documented method"]
    family, method = methods()[method_id]
    query = [(key, value) for key, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)]
    found = list(_query_problems(family, method, query))
    asked = _json(body)
    if asked is not None and "request" in method:
        found += _problems(family, method["request"], asked, "request", is_answer=False)
    given = _json(answer)
    if given is not None and "response" in method and dict(query).get("alt", "json") == "json":
        found += _problems(family, method["response"], given, "response", is_answer=True)
        found += _mask_problems(family, method, dict(query).get("fields"), given)
    return [f"{method_id}: {problem}" for problem in found]


def _json(raw: bytes) -> Json:
    try:
        value = json.loads(raw) if raw[:1] in (b"{", b"[") else None
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


# Parameters


def _query_problems(family: str, method: Json, query: list[tuple[str, str]]) -> Iterator[str]:
    known = {**document(family).get("parameters", {}), **method.get("parameters", {})}
    for key, value in query:
        if key in ("uploadType", "upload_id") or (key not in known and key in UNKNOWN_BUT_SENT):
            continue
        if key not in known:
            yield f"unknown parameter {key}"
        elif not _fits_parameter(known[key], value):
            yield f"parameter {key} is not {known[key].get('enum') or known[key]['type']}: {value!r}"


def _fits_parameter(described: Json, value: str) -> bool:
    if "enum" in described:
        return value in described["enum"]
    if described["type"] == "integer":
        return INT64.fullmatch(value) is not None
    return described["type"] != "boolean" or value.lower() in ("true", "false")


# Bodies


def _problems(family: str, schema: Json, value: Json, place: str, *, is_answer: bool) -> Iterator[str]:
    if "$ref" in schema:
        schema = document(family)["schemas"][schema["$ref"]]
    kind = schema.get("type", "any")
    if kind == "any" or (value is None and not is_answer):
        return
    if kind == "object":
        yield from _object_problems(family, schema, value, place, is_answer=is_answer)
    elif kind == "array":
        if not isinstance(value, list):
            yield f"{place} is no list: {value!r:.60}"
            return
        for number, item in enumerate(value):
            yield from _item_problems(family, schema["items"], item, f"{place}[{number}]", is_answer=is_answer)
    elif not _is_scalar(schema, value, is_answer=is_answer):
        yield f"{place} is no {schema.get('format') or kind}: {value!r:.60}"


_fine: set[tuple[str, str, bool, bytes]] = set()  # what was looked at already, and nothing was wrong with it


def _item_problems(family: str, schema: Json, value: Json, place: str, *, is_answer: bool) -> Iterator[str]:
    """An object in a list is looked at once: a sheet has thousands of cells that are the same."""
    if "$ref" not in schema or not isinstance(value, dict):
        yield from _problems(family, schema, value, place, is_answer=is_answer)
        return
    key = (family, schema["$ref"], is_answer, marshal.dumps(value, 2))
    if key in _fine:
        return
    found = list(_problems(family, schema, value, place, is_answer=is_answer))
    yield from found
    if not found and len(key[-1]) <= LONGEST:
        if len(_fine) >= MOST_FINE:
            _fine.clear()
        _fine.add(key)


def _object_problems(family: str, schema: Json, value: Json, place: str, *, is_answer: bool) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place} is no object: {value!r:.60}"
        return
    known, rest = schema.get("properties", {}), schema.get("additionalProperties")
    for key, item in value.items():
        described = known.get(key, rest)
        if described is None and key not in UNKNOWN_BUT_SENT:
            yield f"{place} has the unknown field {key}"
        elif described is not None:
            yield from _problems(family, described, item, f"{place}.{key}", is_answer=is_answer)


def _is_scalar(schema: Json, value: Json, *, is_answer: bool) -> bool:
    kind, form = schema["type"], schema.get("format", "")
    if kind in ("integer", "number") and isinstance(value, bool):
        return False
    if kind == "string" and form in ("int64", "uint64"):
        is_text = isinstance(value, str) and INT64.fullmatch(value) is not None
        return is_text or (not is_answer and isinstance(value, int))
    if not isinstance(value, SCALARS[kind]):
        return False
    return value in schema["enum"] if "enum" in schema else True


# Masks


def _mask_problems(family: str, method: Json, fields: str | None, answer: Json) -> Iterator[str]:
    if not fields:
        return
    try:
        mask = parse_mask(fields)
    except ValueError as error:
        yield f"the mask {fields!r} cannot be read: {error}"
        return
    yield from _unknown_in_mask(family, method["response"], mask, "")
    yield from _outside_of_mask(answer, mask, "response")


def parse_mask(text: str) -> Mask:
    """`a(b,c/d),e` as nested names; ValueError when it is not well formed."""
    tree, rest = _list(text.replace(" ", ""))
    if rest:
        raise ValueError(f"unexpected {rest!r}")
    return tree


def _list(text: str) -> tuple[Mask, str]:
    tree: Mask = {}
    while True:
        match = re.match(r"[A-Za-z0-9_*-]+(?:[/.][A-Za-z0-9_*-]+)*", text)
        if match is None:
            raise ValueError(f"a name is missing before {text!r}")
        names, text = re.split(r"[/.]", match.group()), text[match.end() :]
        inner: Mask = {}
        if text.startswith("("):
            inner, text = _list(text[1:])
            if not text.startswith(")"):
                raise ValueError("a bracket is not closed")
            text = text[1:]
        node = tree
        for name in names:
            node = node.setdefault(name, {})
        node.update(inner)
        if not text.startswith(","):
            return tree, text
        text = text[1:]


def _unknown_in_mask(family: str, schema: Json, mask: Mask, place: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = document(family)["schemas"][schema["$ref"]]
    if schema.get("type") == "array":
        yield from _unknown_in_mask(family, schema["items"], mask, place)
        return
    known, rest = schema.get("properties", {}), schema.get("additionalProperties")
    for name, inner in mask.items():
        described = known.get(name, rest)
        if name != "*" and described is None:
            yield f"the mask names the unknown field {place}{name}"
        elif inner and described is not None:
            yield from _unknown_in_mask(family, described, inner, f"{place}{name}/")


def _outside_of_mask(value: Json, mask: Mask, place: str) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _outside_of_mask(item, mask, place)
    elif isinstance(value, dict) and mask:
        for key, item in value.items():
            inner = mask.get(key, mask.get("*"))
            if inner is None:
                yield f"{place}.{key} was not asked for"
            else:
                yield from _outside_of_mask(item, inner, f"{place}.{key}")
