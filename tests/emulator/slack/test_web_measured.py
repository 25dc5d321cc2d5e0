"""Answers that were measured at the real Web API, or that its reference gives, one call each."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from slack_asking import error, person
from slack_sdk import WebClient

from bot.emulator.workspace import Workspace


@pytest.mark.parametrize(
    ("method", "arguments", "answer"),
    [
        ("conversations.info", {"channel": ""}, "channel_not_found"),
        ("conversations.info", {"channel": "C0NOWHERE00"}, "channel_not_found"),
        ("conversations.info", {}, "invalid_arguments"),
        ("conversations.history", {"channel": ""}, "channel_not_found"),
        ("conversations.history", {"channel": "{general}", "cursor": "nonsense"}, "invalid_cursor"),
        ("conversations.history", {"channel": "{general}", "cursor": "bmV4dF90czp4"}, "invalid_cursor"),
        ("conversations.history", {"channel": "{general}", "oldest": "then"}, "invalid_ts_oldest"),
        ("conversations.history", {"channel": "{general}", "latest": "then"}, "invalid_ts_latest"),
        ("conversations.replies", {"channel": "{general}", "ts": ""}, "thread_not_found"),
        ("conversations.replies", {"channel": "{general}"}, "invalid_arguments"),
        ("conversations.list", {"types": "secret_channel"}, "invalid_types"),
        ("conversations.list", {"cursor": "nonsense"}, "invalid_cursor"),
        ("users.info", {}, "user_not_found"),
        ("users.lookupByEmail", {"email": "nobody@fernhill.example"}, "users_not_found"),
        ("usergroups.users.list", {"usergroup": "S0NOWHERE00"}, "no_such_subteam"),
        ("chat.postMessage", {"channel": "{general}"}, "no_text"),
        ("chat.postMessage", {"channel": "C0NOWHERE00", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "{general}", "markdown_text": "x", "text": "x"}, "markdown_text_conflict"),
        ("chat.postMessage", {"channel": "{general}", "markdown_text": "x" * 12_001}, "msg_too_long"),
        ("chat.update", {"channel": "{ines}", "ts": "1.1", "text": "x"}, "channel_not_found"),
        ("chat.update", {"channel": "{general}", "ts": "1.1", "text": "x"}, "message_not_found"),
        ("conversations.create", {"name": "Not Lower"}, "invalid_name_specials"),
        ("conversations.create", {"name": "x" * 81}, "invalid_name_maxlength"),
        ("conversations.create", {"name": "general"}, "name_taken"),
        ("conversations.invite", {"channel": "{own}", "users": "{me}"}, "cant_invite_self"),
        ("conversations.invite", {"channel": "{own}", "users": "U0NOBODY000"}, "user_not_found"),
        ("conversations.invite", {"channel": "{random}", "users": "{ines}"}, "not_in_channel"),
        ("conversations.invite", {"channel": "{own}", "users": ",".join(["U0"] * 101)}, "too_many_users"),
        ("views.open", {"trigger_id": "nonsense", "view": "{}"}, "invalid_trigger_id"),
        ("views.publish", {"user_id": "U0NOBODY000", "view": "{}"}, "invalid_arguments"),
        ("no.such.method", {}, "unknown_method"),
    ],
)
def test_refusals(
    client: WebClient, workspace: Workspace, general: str, method: str, arguments: dict[str, str], answer: str
) -> None:
    """Each call is refused with Slack's word for it."""
    rooms = {row["name"]: row["id"] for row in client.conversations_list()["channels"]}
    own = client.conversations_create(name="own")["channel"]["id"]
    names = {"general": general, "random": rooms["random"], "own": own, "me": client.auth_test()["user_id"]}
    names["ines"] = person(workspace, "ines.duarte")
    params = {key: value.format(**names) if value != "{}" else value for key, value in arguments.items()}
    assert error(client.api_call, api_method=method, params=params) == answer


@pytest.mark.parametrize("method", ["conversations.info", "chat.postMessage", "views.open", "users.info"])
def test_who_asks_comes_before_what_is_asked(workspace: Workspace, method: str) -> None:
    """Without a credential the missing arguments are not spoken of."""
    assert requests.post(f"{workspace.url}/api/{method}", timeout=5).json() == {"ok": False, "error": "not_authed"}


def test_the_last_page_of_history_and_of_a_list(client: WebClient, general: str) -> None:
    """history without more has no response_metadata at all, a list keeps an empty cursor."""
    assert "response_metadata" not in client.conversations_history(channel=general).data
    assert client.conversations_list().data["response_metadata"] == {"next_cursor": ""}


def test_a_page_is_still_there_when_its_first_message_is_gone(client: WebClient, general: str) -> None:
    """A cursor goes on from where it pointed, although the message there was deleted meanwhile."""
    stamps = [client.chat_postMessage(channel=general, text=str(n))["ts"] for n in range(4)]
    first = client.conversations_history(channel=general, limit=2)
    client.chat_delete(channel=general, ts=stamps[1])
    cursor = first["response_metadata"]["next_cursor"]
    rest = client.conversations_history(channel=general, limit=2, cursor=cursor)
    assert rest["messages"][0]["ts"] == stamps[0]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("https://fernhill.example/x.", "<https://fernhill.example/x>."),
        ("<!channel> <@U0ABC> <#C0ABC>", "<!channel> <@U0ABC> <#C0ABC>"),
        ("@here and #general", "@here and #general"),
        ("well done 🎉", "well done :tada:"),
    ],
)
def test_what_is_read_back(client: WebClient, general: str, sent: str, kept: str) -> None:
    """Slack rewrites what is posted, and the next reader gets what it made of it."""
    client.chat_postMessage(channel=general, text=sent)
    assert client.conversations_history(channel=general, limit=1)["messages"][0]["text"] == kept


def test_an_unescaped_ping_of_a_user_is_seen(client: WebClient, workspace: Workspace, general: str) -> None:
    """A person's `<!channel>` pasted unescaped into an app's text pings everybody; escaped it pings nobody."""
    from bot.emulator.slack.mrkdwn import escape, mentions

    typed = "please look <!channel>"
    said: dict[str, Any] = {}
    for text in (typed, escape(typed)):
        said[text] = client.chat_postMessage(channel=general, text=text)["message"]
    pinged = [bool(mentions(message["text"])) for message in said.values()]
    assert pinged == [True, False]
    assert said[typed]["blocks"][0]["elements"][0]["elements"][-1] == {"type": "broadcast", "range": "channel"}
