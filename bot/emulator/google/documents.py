"""The discovery documents that ship with google-api-python-client, as routes, methods and schemas."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import googleapiclient

FAMILIES = {"drive": "drive.v3", "sheets": "sheets.v4", "docs": "docs.v1"}
Json = dict[str, Any]


@dataclass(frozen=True)
class Method:
    """One discovery method: its id, path pattern, parameters and schemas."""

    id: str
    family: str
    verb: str
    path: str
    pattern: re.Pattern[str]
    upload: re.Pattern[str] | None
    parameters: Json
    request: str
    response: str
    scopes: frozenset[str]
    required: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """A method found for a path, with the unquoted path parameters."""

    method: Method
    params: dict[str, str]
    upload: bool = False


@dataclass(frozen=True)
class Document:
    """One family's document, parsed."""

    family: str
    raw: Json
    schemas: Json
    parameters: Json
    methods: tuple[Method, ...] = field(default=())


@cache
def document(family: str) -> Document:
    """The bundled document of "drive", "sheets" or "docs"."""
    folder = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
    raw = json.loads((folder / f"{FAMILIES[family]}.json").read_text("utf-8"))
    common = raw["parameters"] | {"userIp": {"type": "string", "location": "query"}}
    methods = tuple(_method(family, raw, one) for one in _walk(raw["resources"]))
    return Document(family, raw, raw["schemas"], common, methods)


def all_methods() -> dict[str, Method]:
    """Every method of the three families by its id."""
    return {one.id: one for family in FAMILIES for one in document(family).methods}


def known_scopes() -> frozenset[str]:
    """Every OAuth scope that one of the three documents names."""
    found = (document(family).raw["auth"]["oauth2"]["scopes"] for family in FAMILIES)
    return frozenset(scope for scopes in found for scope in scopes)


def find(verb: str, raw_path: str) -> Match | None:
    """The method that serves `verb` on the still percent-encoded path."""
    for one in _ordered():
        if one.verb != verb:
            continue
        hit = one.pattern.fullmatch(raw_path)
        if hit:
            return Match(one, {k: unquote(v) for k, v in hit.groupdict().items()})
        hit = one.upload.fullmatch(raw_path) if one.upload else None
        if hit:
            return Match(one, {k: unquote(v) for k, v in hit.groupdict().items()}, upload=True)
    return None


@cache
def _ordered() -> tuple[Method, ...]:
    """Literal paths before those with parameters, so that `files/generateIds` is not a file id."""
    found = [one for family in FAMILIES for one in document(family).methods]
    return tuple(sorted(found, key=lambda one: (one.path.count("{"), -len(re.sub(r"\{.*?\}", "", one.path)))))


def _walk(resources: Json) -> list[Json]:
    found: list[Json] = []
    for one in resources.values():
        found += one.get("methods", {}).values()
        found += _walk(one.get("resources", {}))
    return found


def _method(family: str, raw: Json, one: Json) -> Method:
    path = "/" + raw["servicePath"] + one["path"]
    protocols = one.get("mediaUpload", {}).get("protocols", {})
    upload = protocols.get("simple", {}).get("path")
    parameters = one.get("parameters", {})
    return Method(
        id=one["id"],
        family=family,
        verb=one["httpMethod"],
        path=path,
        pattern=_pattern(path),
        upload=_pattern(upload) if upload else None,
        parameters=parameters,
        request=one.get("request", {}).get("$ref", ""),
        response=one.get("response", {}).get("$ref", ""),
        scopes=frozenset(one.get("scopes", ())),
        required=tuple(name for name, spec in parameters.items() if spec.get("required")),
    )


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", path)
    text = "".join(re.escape(part) if n % 2 == 0 else f"(?P<{part}>[^/]+)" for n, part in enumerate(parts))
    return re.compile(text)
