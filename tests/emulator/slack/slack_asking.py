"""Words the Slack tests share: what a refusal says, who is who, and running something on the server's loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.emulator.workspace import Workspace

OTHER_TOKEN = "xoxb-another-bot"


def refusal(call: Callable[..., Any], **arguments: Any) -> dict[str, Any]:
    """The body of the refusal that a client's call runs into."""
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return dict(caught.value.response.data)


def error(call: Callable[..., Any], **arguments: Any) -> str:
    """The error code of a refusal."""
    return str(refusal(call, **arguments)["error"])


def person(workspace: Workspace, who: str) -> str:
    """The user id of a sample person, by the first part of the address."""
    return str(next(row["id"] for row in workspace.people().values() if row["email"].split("@")[0] == who))
