"""blocks.validate: the checks of Block Kit without posting anything."""

from __future__ import annotations

import re
from typing import Any

from bot.emulator.slack import blockkit
from bot.emulator.slack.errors import SlackError, invalid_arguments
from bot.emulator.slack.gateway import SlackCall, method

Row = dict[str, Any]

PLACED = re.compile(r"(.*) \[json-pointer:(.*)\]", re.DOTALL)
KINDS = {"blocks": "invalid_blocks", "message": "invalid_message", "view": "invalid_view"}


@method("blocks.validate", tier=4, notes="`constraint` is not told; the surface of bare blocks is a message.")
def validate(call: SlackCall) -> Row:
    """Check exactly one of `blocks`, `message` and `view`; the faults come back with a pointer each."""
    given = [name for name in KINDS if call.given(name)]
    if len(given) != 1:
        raise invalid_arguments("must provide exactly one of: blocks, message, view")
    kind = given[0]
    problems = _problems(kind, call.structure(kind, "invalid_json"))
    if problems:
        said = {"messages": [f"[ERROR] {line}" for line in problems]}
        raise SlackError(KINDS[kind], errors=[_error(kind, line) for line in problems], response_metadata=said)
    return {}


def _problems(kind: str, value: Any) -> list[str]:
    if kind == "blocks":
        return blockkit.check_blocks(value)
    if not isinstance(value, dict):
        return [f"must provide an object [json-pointer:/{kind}]"]
    if kind == "view":
        return blockkit.check_view(value)
    found = blockkit.check_blocks(value.get("blocks", []))
    attachments = value.get("attachments") or []
    if not isinstance(attachments, list) or not all(isinstance(item, dict) for item in attachments):
        return [*found, "must provide an array of objects [json-pointer:/attachments]"]
    for number, item in enumerate(attachments):
        inner = blockkit.check_blocks(item.get("blocks", []))
        found += [line.replace("json-pointer:/blocks", f"json-pointer:/attachments/{number}/blocks") for line in inner]
    return found


def _error(kind: str, line: str) -> Row:
    """One fault as the method tells it; pointers begin at what was given."""
    placed = PLACED.fullmatch(line)
    words, pointer = (placed[1], placed[2]) if placed else (line, "")
    start = {"blocks": "/blocks", "view": "/view"}.get(kind, "")
    code = "missing_field" if words.startswith("missing required field") else "failed_constraint"
    return {"code": code, "message": words, "pointer": pointer.removeprefix(start)}
