"""A message as its reader has it before them, as far as the judge needs it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from tests.year.truth import Told

TOKEN = re.compile(r"\bk\d{5}\b")
MORE = re.compile(r"^(\d+) more will follow")
Json = Any


def texts(message: Json) -> list[str]:
    """The words of each block."""
    found = []
    for block in message.get("blocks") or ():
        parts = block["elements"] if block["type"] == "context" else [block.get("text") or {}]
        found += [str(part.get("text", "")) for part in parts]
    return found


def told(person: str, message: Json) -> Told:
    """A message as the judge knows it."""
    read = texts(message)
    first = read[0] if read else message["text"]
    kind = "bundle" if first.startswith("Good morning") else "alert" if "A gate is overdue" in first else "other"
    named = [(words[0], at) for at, text in enumerate(read) if (words := TOKEN.findall(text))]
    turn = next((at for at, text in enumerate(read) if text == "*You lead*"), len(read))
    more = next((int(found[1]) for text in read if (found := MORE.match(text))), 0)
    at = datetime.fromtimestamp(float(message["ts"]), UTC)
    tokens, led = tuple(token for token, _ in named), frozenset(token for token, place in named if place > turn)
    return Told(person, at, kind, tokens, more, message["text"][:200], led)
