"""Partial responses: the `fields` mask, parsed, checked against the discovery schema and applied."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from bot.emulator.google.documents import document

Mask = dict[str, Any]  # name -> Mask; an empty Mask means "everything below"; "*" matches every name
_TOKEN = re.compile(r"[(),/.]|[^(),/.\s]+")


class BadMaskError(Exception):
    """A mask that names nothing in the response; `path` is the offending selection, `reason` is "path" or "syntax"."""

    def __init__(self, path: str, reason: str = "path") -> None:
        super().__init__(path)
        self.path = path
        self.reason = reason


@lru_cache(maxsize=2048)
def parsed(text: str, family: str, schema: str) -> Mask:
    """The mask as a tree, checked against `schema`. Raises BadMaskError. The result is shared: do not change it."""
    mask = _parse(text.rstrip(", ") if family != "drive" else text)
    _check(mask, family, {"$ref": schema}, ())
    return mask


def apply(mask: Mask, value: Any) -> Any:
    """The part of `value` that the mask selects; lists are passed through item by item."""
    if not mask:
        return value
    if isinstance(value, list):
        return [apply(mask, item) for item in value]
    if not isinstance(value, dict):
        return value
    star = mask.get("*")
    found: dict[str, Any] = {}
    for name, inner in value.items():
        branch = mask.get(name, star)
        if branch is None:
            continue
        picked = apply(branch, inner)
        if branch and picked in ({}, []) and inner not in ({}, []):
            continue
        found[name] = picked
    return found


def _parse(text: str) -> Mask:
    tokens = _TOKEN.findall(text)
    mask, rest = _level(tokens, 0, text)
    if rest != len(tokens):
        raise BadMaskError(text, "syntax")
    return mask


def _level(tokens: list[str], at: int, text: str) -> tuple[Mask, int]:
    mask: Mask = {}
    while True:
        at = _selection(tokens, at, mask, text)
        if at < len(tokens) and tokens[at] == ",":
            at += 1
            continue
        return mask, at


def _selection(tokens: list[str], at: int, mask: Mask, text: str) -> int:
    """One comma-separated selection such as `files(id,owners/emailAddress)` merged into `mask`."""
    whole: list[tuple[Mask, str]] = []
    level = mask
    while True:
        if at >= len(tokens) or tokens[at] in "(),/.":
            raise BadMaskError(text, "syntax")
        name = tokens[at]
        whole.append((level, name))
        fresh = name not in level
        level = level.setdefault(name, {})
        at += 1
        if at < len(tokens) and tokens[at] in "/.":
            if not fresh and not level:
                level = {}  # the name is already selected whole
            at += 1
            continue
        break
    if at < len(tokens) and tokens[at] == "(":
        inner, at = _level(tokens, at + 1, text)
        if at >= len(tokens) or tokens[at] != ")":
            raise BadMaskError(text, "syntax")
        if fresh or level:
            _merge(level, inner)
        return at + 1
    whole[-1][0][name] = {}
    return at


def _merge(level: Mask, extra: Mask) -> None:
    for name, inner in extra.items():
        if name not in level:
            level[name] = inner
        elif level[name] and inner:
            _merge(level[name], inner)
        else:
            level[name] = {}


def _check(mask: Mask, family: str, schema: Any, path: tuple[str, ...]) -> None:
    schema = _object_of(family, schema)
    for name, inner in mask.items():
        here = (*path, name)
        if name == "*":
            if inner:
                _check_any(inner, family, schema, here)
            continue
        below = _property(schema, name)
        if below is None:
            raise BadMaskError(".".join(here))
        if inner:
            _check(inner, family, below, here)


def _check_any(mask: Mask, family: str, schema: Any, path: tuple[str, ...]) -> None:
    """Below a wildcard a name is right when it fits at least one of the members."""
    members = list((schema or {}).get("properties", {}).values())
    for member in members:
        try:
            _check(mask, family, member, path)
        except BadMaskError:
            continue
        return
    raise BadMaskError(".".join((*path, next(iter(mask)))))


def _property(schema: Any, name: str) -> Any:
    if schema is None:
        return None
    properties = schema.get("properties", {})
    if name in properties:
        return properties[name]
    if "additionalProperties" in schema:
        return schema["additionalProperties"]
    return {} if schema.get("type") == "any" else None


def _object_of(family: str, schema: Any) -> Any:
    """The object schema behind references and arrays; None for a scalar."""
    while schema is not None:
        if "$ref" in schema:
            schema = document(family).schemas[schema["$ref"]]
        elif schema.get("type") == "array":
            schema = schema.get("items")
        else:
            break
    return schema if schema and schema.get("type") in ("object", "any") else None
