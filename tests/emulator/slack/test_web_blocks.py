"""blocks.validate: Block Kit is checked without posting, with a pointer to each fault."""

from __future__ import annotations

import pytest
from slack_asking import error, refusal
from slack_sdk import WebClient
from slack_sdk.models.blocks import PlainTextObject, SectionBlock
from slack_sdk.models.views import View

FINE = {"type": "section", "text": {"type": "plain_text", "text": "Hello"}}
WRONG = {"type": "section", "text": {"type": "invalid", "text": "Hello"}}


def test_what_is_right_is_ok(client: WebClient) -> None:
    """Blocks, a message and a view without faults are answered with ok alone."""
    view = View(type="modal", title=PlainTextObject(text="Title"), blocks=[SectionBlock(text="Hello")])
    assert client.blocks_validate(blocks=[FINE, SectionBlock(text="*Hello*")]).data == {"ok": True}
    assert client.blocks_validate(message={"blocks": [FINE], "attachments": [{"blocks": [FINE]}]}).data == {"ok": True}
    assert client.blocks_validate(view=view).data == {"ok": True}


@pytest.mark.parametrize(
    ("given", "code", "pointer"),
    [
        ({"blocks": [FINE, WRONG]}, "invalid_blocks", "/1/text/type"),
        ({"message": {"blocks": [WRONG]}}, "invalid_message", "/blocks/0/text/type"),
        ({"message": {"attachments": [{"blocks": [WRONG]}]}}, "invalid_message", "/attachments/0/blocks/0/text/type"),
        ({"message": {"attachments": "x"}}, "invalid_message", "/attachments"),
        ({"message": "[]"}, "invalid_message", "/message"),
        ({"view": {"type": "home", "blocks": [WRONG]}}, "invalid_view", "/blocks/0/text/type"),
    ],
)
def test_what_is_wrong_is_pointed_at(client: WebClient, given: dict[str, object], code: str, pointer: str) -> None:
    """Each fault has code, message and a pointer that begins at what was given."""
    answer = refusal(client.blocks_validate, **given)
    assert answer["error"] == code
    assert pointer in [fault["pointer"] for fault in answer["errors"]]
    assert {"code", "message", "pointer"} == set(answer["errors"][0])
    assert answer["response_metadata"]["messages"][0].startswith("[ERROR] ")


def test_exactly_one_thing_is_checked(client: WebClient) -> None:
    """Nothing, two things, or what is no JSON cannot be checked."""
    assert error(client.blocks_validate) == "invalid_arguments"
    assert error(client.blocks_validate, blocks=[FINE], message={"blocks": []}) == "invalid_arguments"
    assert error(client.blocks_validate, message="{") == "invalid_json"
