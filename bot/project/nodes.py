"""Reads plain values key by key, so that a wrong, missing or unknown key is named with its file and place."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NoReturn, cast


class SchemaError(ValueError):
    """A schema file cannot be used: the sentence names file, key and reason."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}")
        self.file, self.key, self.reason = file, key, reason


class Node:
    """One mapping of a YAML file; after reading, ``finish`` refuses keys that nobody asked for."""

    def __init__(self, file: str, key: str, raw: object) -> None:
        self.file, self.key, self.seen = file, key, set[str]()
        if not isinstance(raw, Mapping):
            raise SchemaError(file, key, "must be a mapping")
        self.raw = MappingProxyType(dict(raw))

    def fail(self, key: str, reason: str) -> NoReturn:
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

    def whole(self, key: str, fallback: int | None = None, *, least: int | None = None) -> int:
        value = cast(int, self._take(key, int, fallback))
        if least is not None and value < least:
            self.fail(key, f"must be {least} or more, found {value}")
        return value

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

    def child(self, key: str) -> "Node":
        self.seen.add(key)
        return Node(self.file, f"{self.key}.{key}", self.raw[key])

    def children(self, key: str) -> list["Node"]:
        items = self._take(key, list, None)
        return [Node(self.file, f"{self.key}.{key}[{_label(item, n)}]", item) for n, item in enumerate(items)]

    def finish(self) -> None:
        unknown = sorted(str(k) for k in set(self.raw) - self.seen)
        if unknown:
            self.fail(unknown[0], "is not a known key")


def _label(item: object, number: int) -> str:
    return str(item.get("name", number)) if isinstance(item, Mapping) else str(number)
