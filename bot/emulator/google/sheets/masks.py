"""Update masks: which fields of an object a request sets, and which of those it clears by leaving them out."""

from __future__ import annotations

import re

from bot.emulator.google import fields
from bot.emulator.google.errors import bad_request
from bot.emulator.google.fields import BadMaskError, Mask
from bot.emulator.google.sheets.book import Json

MISSING = "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"


def parse(text: str | None, schema: str) -> Mask:
    """The mask of an update of an object of `schema`; camelCase or snake_case. Raises the service's 400."""
    if not text or not text.strip():
        raise bad_request(MISSING)
    camel = re.sub(r"_([a-z])", lambda found: found.group(1).upper(), text)
    try:
        return fields.parsed(camel, "sheets", schema)
    except BadMaskError as bad:
        raise bad_request(f"Invalid field: {bad.path}") from None


def merged(old: Json, new: Json, mask: Mask) -> Json:
    """`old` with the masked fields taken from `new`; a masked field that `new` lacks is cleared. `*` replaces all."""
    if not mask or "*" in mask:
        return dict(new)
    found = dict(old)
    for name, inner in mask.items():
        if name not in new:
            below = merged(found.get(name, {}), {}, inner) if inner and isinstance(found.get(name), dict) else None
            found.pop(name, None)
            if below:
                found[name] = below
        elif inner and "*" not in inner and isinstance(new[name], dict):
            found[name] = merged(found.get(name) or {}, new[name], inner)
        else:
            found[name] = new[name]
    return found


def names(mask: Mask, readable: set[str]) -> set[str]:
    """The top-level names that the mask covers, `*` meaning all of `readable`."""
    return set(readable) if "*" in mask else set(mask)


def wants(mask: Mask, *path: str) -> bool:
    """Whether a read mask ({}: everything) selects something at that path."""
    for name in path:
        if not mask:
            return True
        below = mask.get(name, mask.get("*"))
        if below is None:
            return False
        mask = below
    return True
