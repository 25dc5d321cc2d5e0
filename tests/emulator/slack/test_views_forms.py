"""Every kind of field of a form: what a person enters becomes what Slack sends, or is refused in the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_asking import person

from bot.emulator.slack import forms
from bot.emulator.workspace import Workspace

OPTIONS = [{"text": {"type": "plain_text", "text": name.title()}, "value": name} for name in ("red", "green", "blue")]
RED, GREEN = OPTIONS[0], OPTIONS[1]

Fill = Callable[..., tuple[Any, dict[str, str]]]


@pytest.fixture
def fill(workspace: Workspace) -> Fill:
    """Enter a value into a form of one field; gives the field's state (None if refused) and the complaints."""

    def enter(element: dict[str, Any], *values: Any, optional: bool = False) -> tuple[Any, dict[str, str]]:
        block = {"type": "input", "block_id": "b", "optional": optional, "element": {"action_id": "a", **element}}
        ines = workspace.people()[person(workspace, "ines.duarte")]
        state, complaints = forms.fill(workspace, ines, [block], {}, dict.fromkeys(["b"] if values else [], *values))
        return state.get("b", {}).get("a"), complaints

    return enter


@pytest.mark.parametrize(
    ("element", "value", "expected"),
    [
        ({"type": "plain_text_input"}, "Hello", {"value": "Hello"}),
        ({"type": "url_text_input"}, "https://crm.fernhill.example/1", {"value": "https://crm.fernhill.example/1"}),
        ({"type": "email_text_input"}, "a.b@quillstone.example", {"value": "a.b@quillstone.example"}),
        ({"type": "number_input", "is_decimal_allowed": False}, 12, {"value": "12"}),
        ({"type": "number_input", "is_decimal_allowed": True}, "1.5", {"value": "1.5"}),
        ({"type": "static_select", "options": OPTIONS}, "red", {"selected_option": RED}),
        ({"type": "static_select", "option_groups": [{"options": OPTIONS}]}, "Green", {"selected_option": GREEN}),
        ({"type": "radio_buttons", "options": OPTIONS}, "Red", {"selected_option": RED}),
        ({"type": "checkboxes", "options": OPTIONS}, ["red", "green"], {"selected_options": [RED, GREEN]}),
        ({"type": "multi_static_select", "options": OPTIONS}, "red", {"selected_options": [RED]}),
        ({"type": "external_select"}, RED, {"selected_option": RED}),
        ({"type": "multi_external_select"}, [RED], {"selected_options": [RED]}),
        ({"type": "datepicker"}, "2026-12-01", {"selected_date": "2026-12-01"}),
        ({"type": "timepicker"}, "09:30", {"selected_time": "09:30"}),
        ({"type": "datetimepicker"}, "2026-12-01T09:00:00+00:00", {"selected_date_time": 1796115600}),
    ],
)
def test_what_is_entered_is_sent(fill: Fill, element: dict[str, Any], value: Any, expected: dict[str, Any]) -> None:
    """Each element's state has its type and Slack's field for it."""
    assert fill(element, value) == ({"type": element["type"], **expected}, {})


def test_people_and_channels(fill: Fill, workspace: Workspace) -> None:
    """People are chosen by id or e-mail, channels by id or name."""
    ines = person(workspace, "ines.duarte")
    assert fill({"type": "users_select"}, "ines.duarte@fernhill.example")[0]["selected_user"] == ines
    assert fill({"type": "multi_users_select"}, [ines])[0]["selected_users"] == [ines]
    chosen = fill({"type": "conversations_select"}, "#general")[0]["selected_conversation"]
    assert fill({"type": "channels_select"}, chosen)[0]["selected_channel"] == chosen
    assert fill({"type": "multi_channels_select"}, ["general"])[0]["selected_channels"] == [chosen]
    assert fill({"type": "multi_conversations_select"}, ["general"])[0]["selected_conversations"] == [chosen]


def test_files_are_handed_in(fill: Fill) -> None:
    """A file becomes a file object of the person's; too many, of another type or too large are refused in the form."""
    plan = {"name": "plan.pdf", "content": "JVBERi0="}
    state, complaints = fill({"type": "file_input", "filetypes": ["pdf"], "max_files": 1}, plan)
    assert complaints == {}
    (file,) = state["files"]
    assert (state["type"], file["name"], file["size"], file["filetype"]) == ("file_input", "plan.pdf", 5, "pdf")
    assert "ticket" not in file
    assert "at most 1" in fill({"type": "file_input", "max_files": 1}, [plan, plan])[1]["b"]
    assert "types: csv" in fill({"type": "file_input", "filetypes": ["csv"]}, plan)[1]["b"]
    assert "10 MB" in fill({"type": "file_input"}, {"name": "x", "content": "AAAA" * 3_400_000})[1]["b"]
    assert fill({"type": "file_input"})[1]["b"] == forms.REQUIRED
    assert fill({"type": "file_input"}, optional=True)[0] == {"type": "file_input", "files": []}


def test_rich_text(fill: Fill) -> None:
    """Text in a rich text field arrives as a rich_text block, with what was typed as text."""
    value = fill({"type": "rich_text_input"}, "a < b")[0]["rich_text_value"]
    assert value["type"] == "rich_text"
    assert value["elements"][0]["elements"][0]["text"] == "a < b"


@pytest.mark.parametrize(
    ("element", "value", "word"),
    [
        ({"type": "plain_text_input"}, "", "required"),
        ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3"),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "at most 3"),
        ({"type": "url_text_input"}, "crm", "URL"),
        ({"type": "url_text_input"}, "javascript:alert(1)", "URL"),
        ({"type": "url_text_input"}, "https://[broken", "URL"),
        ({"type": "email_text_input"}, "nobody", "email"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "whole"),
        ({"type": "number_input", "is_decimal_allowed": True}, "many", "number"),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "5"}, 4, "at least 5"),
        ({"type": "number_input", "is_decimal_allowed": False, "max_value": "5"}, 6, "at most 5"),
        ({"type": "static_select", "options": OPTIONS}, None, "required"),
        ({"type": "checkboxes", "options": OPTIONS}, [], "required"),
        ({"type": "multi_static_select", "options": OPTIONS, "max_selected_items": 1}, ["red", "blue"], "at most 1"),
    ],
)
def test_what_slack_refuses_itself(fill: Fill, element: dict[str, Any], value: Any, word: str) -> None:
    """The form complains under the field; the app is not asked."""
    entered, complaints = fill(element, value)
    assert entered is None
    assert word in complaints["b"]


def test_an_optional_field_may_stay_empty(fill: Fill) -> None:
    """Its state is sent with null, or an empty list."""
    assert fill({"type": "plain_text_input"}, optional=True) == ({"type": "plain_text_input", "value": None}, {})
    assert fill({"type": "checkboxes", "options": OPTIONS}, optional=True)[0]["selected_options"] == []


def test_initial_values_count_until_changed(fill: Fill) -> None:
    """What a field shows at first is sent when nobody touched it, and can be emptied."""
    assert fill({"type": "plain_text_input", "initial_value": "x"})[0]["value"] == "x"
    assert fill({"type": "plain_text_input", "initial_value": "x"}, "", optional=True)[0]["value"] is None
    assert fill({"type": "static_select", "options": OPTIONS, "initial_option": RED})[0]["selected_option"] == RED
    assert fill({"type": "datepicker", "initial_date": "2026-12-01"})[0]["selected_date"] == "2026-12-01"


@pytest.mark.parametrize(
    ("element", "value", "word"),
    [
        ({"type": "static_select", "options": OPTIONS}, "pink", "red, green, blue"),
        ({"type": "users_select"}, "nobody@fernhill.example", "no person"),
        ({"type": "channels_select"}, "nowhere", "no channel"),
        ({"type": "datepicker"}, "tomorrow", "tomorrow"),
        ({"type": "timepicker"}, "25:00", "25:00"),
        ({"type": "external_select"}, "red", "suggested"),
    ],
)
def test_what_nobody_can_enter(fill: Fill, element: dict[str, Any], value: Any, word: str) -> None:
    """An option that is not there is the tester's mistake, and says what there is."""
    with pytest.raises(forms.HandsError, match=word):
        fill(element, value)


def test_an_unknown_block(workspace: Workspace) -> None:
    """A value for a block that the form lacks is refused with the blocks there are."""
    block = {"type": "input", "block_id": "b", "element": {"type": "plain_text_input", "action_id": "a"}}
    ines = workspace.people()[person(workspace, "ines.duarte")]
    with pytest.raises(forms.HandsError, match="it has a, b"):
        forms.fill(workspace, ines, [block], {}, {"c": "x"})
