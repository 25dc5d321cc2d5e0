"""What a person enters in a form: plain values become Slack's state.values, checked first as Slack's client does."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.emulator import people
from bot.emulator.slack import channels, rewriting, uploads
from bot.emulator.slack.blockkit import flat
from bot.emulator.slack.mrkdwn import escape

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

REQUIRED = "Please complete this required field."
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
INITIAL = {
    "initial_value": "value",
    "initial_option": "selected_option",
    "initial_options": "selected_options",
    "initial_date": "selected_date",
    "initial_time": "selected_time",
    "initial_date_time": "selected_date_time",
    "initial_user": "selected_user",
    "initial_users": "selected_users",
    "initial_channel": "selected_channel",
    "initial_channels": "selected_channels",
    "initial_conversation": "selected_conversation",
    "initial_conversations": "selected_conversations",
}
FIELD = {
    "plain_text_input": "value",
    "url_text_input": "value",
    "email_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "file_input": "files",
}
STATEFUL = frozenset(FIELD) - {"overflow"}
MANY = frozenset(kind for kind, field in FIELD.items() if field.endswith("s"))
MOST_FILES = 10
MOST_FILE_BYTES = 10_000_000


class HandsError(ValueError):
    """No person could do that here: no such block, option, message. The message says what there is."""


class FieldError(ValueError):
    """What Slack's client says under a field instead of sending the form."""


def elements(blocks: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Every interactive element with its block."""
    for block in flat(blocks):
        found = [
            *block.get("elements", ()),
            *block.get("actions", ()),
            block.get("element"),
            block.get("accessory"),
        ]
        for element in found:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def blocks_of(message: Row) -> list[Row]:
    """All blocks of a message, those of its attachments too."""
    return [*message["blocks"], *(one for item in message.get("attachments") or () for one in item.get("blocks", ()))]


def with_options(value: Any, suggested: Mapping[str, list[Row]]) -> Any:
    """Blocks (or any part of them) whose external selects have `suggested` options, by action_id."""
    if isinstance(value, list):
        return [with_options(item, suggested) for item in value]
    if not isinstance(value, dict):
        return value
    if str(value.get("type")).endswith("external_select"):
        known = {one["value"]: one for one in [*initial_options(value), *suggested.get(value["action_id"], ())]}
        return {**value, "options": list(known.values())}
    return {key: with_options(item, suggested) for key, item in value.items()}


def element_of(blocks: list[Row], block_id: str | None, action_id: str) -> tuple[Row, Row]:
    """The element a person would press; raises HandsError when none or several are meant."""
    there = list(elements(blocks))
    found = [
        (block, element)
        for block, element in there
        if element["action_id"] == action_id and block_id in (None, block.get("block_id"))
    ]
    if len(found) == 1:
        return found[0]
    names = (
        ", ".join(sorted({f"{block.get('block_id')}/{element['action_id']}" for block, element in there})) or "nothing"
    )
    raise HandsError(f"{'Several are' if found else 'Nothing is'} called {action_id!r}; there is {names}.")


def fill(
    workspace: Workspace, person: Row, blocks: list[Row], earlier: Row, values: Mapping[str, Any]
) -> tuple[Row, dict[str, str]]:
    """The state of all fields after `person` entered `values`, and the complaints by block_id.

    Values are named by block_id, or by action_id where a block has several fields. A value is text, a number, an
    option's value or label, an ISO date, a person's id or e-mail, a channel's id or name, a file {"name", "content":
    base64}, or a list of those. Fields left out keep what stands in `earlier`, or their initial value.
    Raises HandsError.
    """
    fields = [(block, element) for block, element in elements(blocks) if element["type"] in STATEFUL]
    counts = Counter(block["block_id"] for block, _ in fields)
    known = {name for name, count in counts.items() if count == 1} | {element["action_id"] for _, element in fields}
    if unknown := sorted(set(values) - known):
        raise HandsError(f"The form has no {', '.join(unknown)}; it has {', '.join(sorted(known))}.")
    state: Row = {}
    complaints: dict[str, str] = {}
    for block, element in fields:
        name = (
            element["action_id"]
            if element["action_id"] in values or counts[block["block_id"]] > 1
            else block["block_id"]
        )
        try:
            entered = _entered(workspace, person, earlier, block, element, values, name)
        except FieldError as error:
            complaints[block["block_id"]] = str(error)
            continue
        state.setdefault(block["block_id"], {})[element["action_id"]] = entered
    return state, complaints


def _entered(
    workspace: Workspace, person: Row, earlier: Row, block: Row, element: Row, values: Mapping[str, Any], name: str
) -> Row:
    """What a field holds now; in an input block it is checked."""
    if name in values:
        entered = choose(workspace, person, element, values[name])
    else:
        entered = earlier.get(block["block_id"], {}).get(element["action_id"]) or initial(element)
    if block["type"] == "input":
        _check(element, entered, bool(block.get("optional")))
    return entered


def initial_options(element: Mapping[str, Any]) -> list[Row]:
    """The options that an element begins with."""
    return element.get("initial_options") or ([element["initial_option"]] if "initial_option" in element else [])


def initial(element: Mapping[str, Any]) -> Row:
    """What an element holds before anybody touched it."""
    field = FIELD[element["type"]]
    empty: Any = [] if element["type"] in MANY else None
    given = next((element[key] for key, target in INITIAL.items() if key in element and target == field), empty)
    return {"type": element["type"], field: given}


def choose(workspace: Workspace, person: Row, element: Mapping[str, Any], value: Any) -> Row:
    """The state of an element after `person` entered `value`; raises HandsError."""
    kind = element["type"]
    field = FIELD[kind]
    if kind in MANY:
        wanted = value if isinstance(value, list) else [] if value in (None, "") else [value]
        return {"type": kind, field: [_one(workspace, person, element, item) for item in wanted]}
    if value in (None, ""):
        return {"type": kind, field: None}
    return {"type": kind, field: _one(workspace, person, element, value)}


def _one(workspace: Workspace, person: Row, element: Mapping[str, Any], value: Any) -> Any:
    """One chosen or typed thing, in the form that Slack sends."""
    if element["type"] == "file_input":
        return _file(workspace, person, element, value)
    kind = element["type"].removeprefix("multi_")
    if kind in ("plain_text_input", "url_text_input", "email_text_input", "number_input"):
        return str(value)
    if kind in ("static_select", "radio_buttons", "checkboxes", "overflow", "external_select"):
        return _option(element, value)
    if kind == "users_select":
        return _person(workspace, str(value))
    if kind in ("channels_select", "conversations_select"):
        return _channel(workspace, str(value))
    if kind == "rich_text_input":
        return (rewriting.rich_text(escape(str(value))) or [{"type": "rich_text", "elements": []}])[0]
    return _moment(kind, value)


def _option(element: Mapping[str, Any], value: Any) -> Row:
    """An option by its value, else by its label; an external select takes an option object as well."""
    options = [*element.get("options", ())]
    if element["type"].endswith("external_select"):
        if isinstance(value, dict):
            return value
        options += initial_options(element)
    for group in element.get("option_groups", ()):
        options += group["options"]
    for wanted in (lambda o: o.get("value") == value, lambda o: o["text"]["text"] == value):
        for option in filter(wanted, options):
            return dict(option)
    there = ", ".join(str(option.get("value", option["text"]["text"])) for option in options)
    raise HandsError(f"{value!r} is not among the options {there or 'that the app suggested: type first'}.")


def _file(workspace: Workspace, person: Row, element: Mapping[str, Any], value: Any) -> Row:
    """A file handed in: the file object that the app is sent."""
    try:
        name, content = str(value["name"]), base64.b64decode(value["content"], validate=True)
    except (KeyError, TypeError, ValueError):
        raise HandsError("A file is {“name”, “content”: base64}.") from None
    kinds = element.get("filetypes")
    if kinds and name.rpartition(".")[2].lower() not in kinds:
        raise FieldError(f"Only files of these types: {', '.join(kinds)}.")
    if len(content) > MOST_FILE_BYTES:
        raise FieldError("Files may have up to 10 MB.")
    return uploads.shape(uploads.hand_in(workspace, person["id"], name, content))


def _person(workspace: Workspace, who: str) -> str:
    person = people.find(workspace, who)
    if person is None:
        raise HandsError(f"There is no person {who!r} to choose.")
    return str(person["id"])


def _channel(workspace: Workspace, name: str) -> str:
    row = channels.get(workspace, name) or channels.by_name(workspace, name)
    if row is None:
        raise HandsError(f"There is no channel {name!r} to choose.")
    return str(row["id"])


def _moment(kind: str, value: Any) -> Any:
    try:
        if kind == "datetimepicker":
            return int(value) if not isinstance(value, str) else int(datetime.fromisoformat(value).timestamp())
        if kind == "timepicker":
            return time.fromisoformat(str(value)).strftime("%H:%M")
        return date.fromisoformat(str(value)).isoformat()
    except (ValueError, TypeError, OverflowError):
        raise HandsError(f"{value!r} cannot be chosen in a {kind}.") from None


def _check(element: Row, entered: Row, optional: bool) -> None:
    """What Slack's client refuses before it asks the app; raises FieldError."""
    value = entered[FIELD[element["type"]]]
    if value in (None, "", []):
        if not optional:
            raise FieldError(REQUIRED)
        return
    check = CHECKS.get(element["type"])
    if check:
        check(element, value)


def _check_text(element: Row, value: str) -> None:
    if len(value) < element.get("min_length", 0):
        raise FieldError(f"Must be at least {element['min_length']} characters.")
    if len(value) > element.get("max_length", 3000):
        raise FieldError(f"Must be at most {element.get('max_length', 3000)} characters.")


def _check_url(_element: Row, value: str) -> None:
    try:
        parts = urlsplit(value.strip())
        fine = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and " " not in value.strip()
    except ValueError:
        fine = False
    if not fine:
        raise FieldError("Please enter a valid URL.")


def _check_email(_element: Row, value: str) -> None:
    if not EMAIL.fullmatch(value.strip()):
        raise FieldError("Please enter a valid email address.")


def _check_number(element: Row, value: str) -> None:
    decimal = element.get("is_decimal_allowed")
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?" if decimal else r"[+-]?\d+", value):
        raise FieldError("Please enter a number." if decimal else "Please enter a whole number.")
    if "min_value" in element and float(value) < float(element["min_value"]):
        raise FieldError(f"Must be at least {element['min_value']}.")
    if "max_value" in element and float(value) > float(element["max_value"]):
        raise FieldError(f"Must be at most {element['max_value']}.")


def _check_files(element: Row, value: list[Any]) -> None:
    most = element.get("max_files", MOST_FILES)
    if len(value) > most:
        raise FieldError(f"Choose at most {most} files.")


def _check_count(element: Row, value: list[Any]) -> None:
    if len(value) > element.get("max_selected_items", 100):
        raise FieldError(f"Choose at most {element['max_selected_items']}.")


CHECKS: dict[str, Callable[[Row, Any], None]] = {
    "plain_text_input": _check_text,
    "url_text_input": _check_url,
    "email_text_input": _check_email,
    "number_input": _check_number,
    "file_input": _check_files,
    **{kind: _check_count for kind in MANY if kind.startswith("multi_")},
}
