"""chat.*: posting, editing, deleting, threads, metadata, and what Slack does to text."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import requests
from slack_asking import error, person, refusal
from slack_sdk import WebClient

from bot.emulator.slack import seed
from bot.emulator.workspace import Workspace

Say = Callable[..., str]
Act = Callable[..., dict[str, object]]
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*Plan* is ready"}}


def test_a_posted_message_comes_back_with_its_author(client: WebClient, channel: str) -> None:
    """The answer holds channel, ts and the whole message with the bot's profile."""
    me = client.auth_test()
    posted = client.chat_postMessage(channel=channel, text="Good morning")
    message = posted["message"]
    assert posted["channel"] == channel
    assert message["ts"] == posted["ts"]
    assert (message["user"], message["bot_id"]) == (me["user_id"], me["bot_id"])
    assert message["bot_profile"]["name"] == "Implementation Bot"
    assert message["blocks"][0]["type"] == "rich_text"


def test_times_of_messages_always_rise(client: WebClient, channel: str) -> None:
    """Each ts is unique and later than the one before."""
    stamps = [client.chat_postMessage(channel=channel, text=str(number))["ts"] for number in range(20)]
    assert stamps == sorted(set(stamps))


def test_a_channel_is_addressed_by_id_name_or_person(client: WebClient, workspace: Workspace, general: str) -> None:
    """`general`, `#general` and the id are one channel; a person's id opens the direct message."""
    for name in ("general", "#general", general):
        assert client.chat_postMessage(channel=name, text="x")["channel"] == general
    direct = client.chat_postMessage(channel=person(workspace, "priya.nair"), text="x")["channel"]
    assert direct == client.conversations_open(users=person(workspace, "priya.nair"))["channel"]["id"]


def test_a_message_needs_something_to_say(client: WebClient, channel: str) -> None:
    """Without text, blocks or attachments it is no_text."""
    assert error(client.api_call, api_method="chat.postMessage", params={"channel": channel}) == "no_text"
    assert error(client.api_call, api_method="chat.postMessage", params={"channel": channel, "text": ""}) == "no_text"


def test_posting_where_one_is_not_needs_the_public_scope(
    client: WebClient, act: Act, install: Callable[..., None]
) -> None:
    """chat:write.public opens public channels; without it the bot must be in the channel."""
    row = act(seed.channel, {"name": "desk", "members": ["priya.nair@fernhill.example"]})
    assert client.chat_postMessage(channel=row["id"], text="x")["ok"] is True
    install("chat:write")
    assert error(client.chat_postMessage, channel=row["id"], text="x") == "not_in_channel"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("already &amp; escaped &lt;", "already &amp; escaped &lt;"),
        ("see https://a.example/x?y=1.", "see <https://a.example/x?y=1>."),
        ("<https://a.example|the plan> for <@U123>", "<https://a.example|the plan> for <@U123>"),
        ("<!channel> look", "<!channel> look"),
        ("@channel is only a word", "@channel is only a word"),
        ("done ✅ at 10:30:45", "done :white_check_mark: at 10:30:45"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ],
)
def test_text_is_kept_as_slack_keeps_it(client: WebClient, channel: str, sent: str, kept: str) -> None:
    """Stray `&<>` are escaped and bare links bracketed, control syntax stays, names stay words."""
    client.chat_postMessage(channel=channel, text=sent)
    assert client.conversations_history(channel=channel)["messages"][0]["text"] == kept


def test_link_names_turns_handles_into_mentions(client: WebClient, channel: str) -> None:
    """With link_names, @here and a group's handle ping."""
    group = next(g for g in client.usergroups_list()["usergroups"] if g["handle"] == "ce-leads")
    posted = client.chat_postMessage(channel=channel, text="@here and @ce-leads", link_names=True)
    assert posted["message"]["text"] == f"<!here> and <!subteam^{group['id']}>"


def test_typed_text_gets_rich_text_and_an_id(client: WebClient, workspace: Workspace, general: str, say: Say) -> None:
    """What a person types has blocks and a client_msg_id, and names of people are mentions."""
    say("ines.duarte", general, "Thanks @Priya Nair, `code` and *bold*")
    message = client.conversations_history(channel=general)["messages"][0]
    priya = person(workspace, "priya.nair")
    assert message["text"] == f"Thanks <@{priya}>, `code` and *bold*"
    assert message["client_msg_id"].count("-") == 4
    assert message["blocks"][0]["elements"][0]["elements"] == [
        {"type": "text", "text": "Thanks "},
        {"type": "user", "user_id": priya},
        {"type": "text", "text": ", "},
        {"type": "text", "text": "code", "style": {"code": True}},
        {"type": "text", "text": " and "},
        {"type": "text", "text": "bold", "style": {"bold": True}},
    ]


def test_what_is_typed_is_never_control_syntax(client: WebClient, general: str, say: Say) -> None:
    """A person who types `<!channel>` pings nobody; `@channel` does."""
    say("ines.duarte", general, "<!channel> & <https://x.example|y>")
    say("ines.duarte", general, "@channel look")
    texts = [message["text"] for message in client.conversations_history(channel=general)["messages"][:2]]
    assert texts[0] == "<!channel> look"
    assert texts[1].startswith("&lt;!channel&gt; &amp; &lt;")


@pytest.mark.parametrize(
    ("text", "element"),
    [
        (
            "```code fence```",
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code fence"}], "border": 0},
        ),
        (
            "• one\n• two",
            {
                "type": "rich_text_list",
                "style": "bullet",
                "indent": 0,
                "border": 0,
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]},
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "two"}]},
                ],
            },
        ),
    ],
)
def test_rich_text_is_what_slack_was_seen_to_make(
    client: WebClient, channel: str, text: str, element: dict[str, object]
) -> None:
    """Fences and bullets become the elements of recorded answers."""
    assert client.chat_postMessage(channel=channel, text=text)["message"]["blocks"][0]["elements"] == [element]


def test_long_text_is_cut_with_a_warning(client: WebClient, channel: str) -> None:
    """Above 40,000 characters the rest is dropped and the answer warns."""
    posted = client.chat_postMessage(channel=channel, text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    assert posted["warning"] == "message_truncated"
    assert posted["response_metadata"]["warnings"] == ["message_truncated"]


def test_blocks_come_back_named(client: WebClient, channel: str) -> None:
    """Blocks and elements without ids get one, and defaults are written out."""
    button = {"type": "button", "text": {"type": "plain_text", "text": "Done"}, "value": "1"}
    blocks = [SECTION, {"type": "actions", "elements": [button]}]
    stored = client.chat_postMessage(channel=channel, text="plan", blocks=blocks)["message"]["blocks"]
    assert stored[0]["text"]["verbatim"] is False
    assert all(block["block_id"] for block in stored)
    assert stored[1]["elements"][0]["action_id"]
    assert stored[1]["elements"][0]["text"]["emoji"] is True


def test_wrong_blocks_are_refused_with_their_place(client: WebClient, channel: str) -> None:
    """invalid_blocks says which block and why; what is no list is invalid_blocks_format."""
    said = refusal(client.chat_postMessage, channel=channel, text="x", blocks=[SECTION, {"type": "nonsense"}])
    assert said["error"] == "invalid_blocks"
    assert "/blocks/1" in said["response_metadata"]["messages"][0]
    assert error(client.chat_postMessage, channel=channel, text="x", blocks="{no json") == "invalid_blocks_format"
    assert error(client.chat_postMessage, channel=channel, text="x", blocks=[SECTION] * 51) == "invalid_blocks"


def test_a_second_table_is_a_wrong_attachment(client: WebClient, channel: str) -> None:
    """Two tables in one message are invalid_attachments, as documented; another fault beside them is invalid_blocks."""
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    said = refusal(client.chat_postMessage, channel=channel, text="x", blocks=[table, table])
    assert said["error"] == "invalid_attachments"
    assert "only_one_table_allowed" in said["response_metadata"]["messages"][0]
    both = [table, table, {"type": "nonsense"}]
    assert error(client.chat_postMessage, channel=channel, text="x", blocks=both) == "invalid_blocks"


def test_markdown_text_stands_alone(client: WebClient, channel: str) -> None:
    """markdown_text cannot go with text or blocks, and has its own limit."""
    stored = client.chat_postMessage(channel=channel, markdown_text="**bold**")["message"]
    assert stored["blocks"][0]["type"] == "markdown"
    post = {"api_method": "chat.postMessage"}
    both = {"channel": channel, "markdown_text": "a", "text": "b"}
    assert error(client.api_call, **post, json=both) == "markdown_text_conflict"
    assert error(client.chat_postMessage, channel=channel, markdown_text="x" * 12_001) == "msg_too_long"


def test_attachments_are_numbered_and_limited(client: WebClient, channel: str) -> None:
    """Attachments come back with id and fallback; more than a hundred are refused."""
    stored = client.chat_postMessage(channel=channel, text="x", attachments=[{"text": "one"}, {"text": "two"}])[
        "message"
    ]
    assert [(item["id"], item["fallback"]) for item in stored["attachments"]] == [(1, "one"), (2, "two")]
    many = [{"text": "x"}] * 101
    assert error(client.chat_postMessage, channel=channel, text="x", attachments=many) == "too_many_attachments"


def test_metadata_is_kept_and_shown_only_when_asked(client: WebClient, channel: str) -> None:
    """History shows event_type alone unless include_all_metadata is set."""
    metadata = {"event_type": "implbot_message", "event_payload": {"key": "a1b2"}}
    ts = client.chat_postMessage(channel=channel, text="x", metadata=metadata)["ts"]
    plain = client.conversations_history(channel=channel)["messages"][0]
    full = client.conversations_history(channel=channel, include_all_metadata=True)["messages"][0]
    assert plain["metadata"] == {"event_type": "implbot_message"}
    assert full["metadata"] == metadata
    client.chat_update(channel=channel, ts=ts, text="y")
    kept = client.conversations_history(channel=channel, include_all_metadata=True)["messages"][0]
    assert kept["metadata"] == metadata
    client.chat_update(channel=channel, ts=ts, text="z", metadata={})
    assert "metadata" not in client.conversations_history(channel=channel)["messages"][0]


def test_metadata_that_is_not_one_is_refused(client: WebClient, channel: str) -> None:
    """Bad JSON, a missing part and too much of it each have their error."""

    def post(metadata: object) -> str:
        sent = metadata if isinstance(metadata, str) else json.dumps(metadata)
        params = {"channel": channel, "text": "x", "metadata": sent}
        return error(client.api_call, api_method="chat.postMessage", params=params)

    assert post("{") == "invalid_metadata_format"
    assert post([1]) == "invalid_metadata_format"
    assert post({"event_type": "x"}) == "invalid_metadata_schema"
    assert post({"event_type": "x", "event_payload": {"k": "v" * 20_000}}) == "metadata_too_large"


def test_another_name_needs_its_scope(client: WebClient, channel: str, install: Callable[..., None]) -> None:
    """username and icons are chat:write.customize's."""
    message = client.chat_postMessage(channel=channel, text="x", username="Digest", icon_emoji=":memo:")["message"]
    assert (message["username"], message["subtype"]) == ("Digest", "bot_message")
    assert message["icons"] == {"emoji": ":memo:"}
    install("chat:write", "groups:read")
    assert refusal(client.chat_postMessage, channel=channel, text="x", username="D")["needed"] == "chat:write.customize"


def test_replies_stand_in_their_thread_only(client: WebClient, channel: str, general: str, say: Say) -> None:
    """The root counts its replies; a reply to a reply joins the root's thread; a broadcast shows in the channel too."""
    root = say("ines.duarte", general, "Any news?")
    first = client.chat_postMessage(channel=general, text="Not yet", thread_ts=root)["ts"]
    client.chat_postMessage(channel=general, text="Now", thread_ts=first, reply_broadcast=True)
    thread = client.conversations_replies(channel=general, ts=first)["messages"]
    assert [message["text"] for message in thread] == ["Any news?", "Not yet", "Now"]
    assert {message["thread_ts"] for message in thread} == {root}
    assert thread[0]["reply_count"] == 2
    assert thread[0]["reply_users_count"] == 1
    assert thread[1]["parent_user_id"] == thread[0]["user"]
    texts = [message["text"] for message in client.conversations_history(channel=general)["messages"]]
    assert texts[:2] == ["Now", "Any news?"]


def test_a_thread_that_is_none_is_refused_or_hidden(client: WebClient, channel: str) -> None:
    """A malformed thread_ts is refused; a well-formed unknown one is accepted and seen nowhere, as measured."""
    said = refusal(client.chat_postMessage, channel=channel, text="x", thread_ts="0")
    assert said["error"] == "invalid_thread_ts"
    assert said["response_metadata"]["messages"] == ["[ERROR] 0 is not a valid thread_ts"]
    client.chat_postMessage(channel=channel, text="lost", thread_ts="1602251441.001700")
    texts = [message["text"] for message in client.conversations_history(channel=channel)["messages"]]
    assert "lost" not in texts


def test_an_edit_keeps_what_it_does_not_name(client: WebClient, channel: str) -> None:
    """Editing the text alone keeps the blocks; an empty list removes them; the message says it was edited."""
    ts = client.chat_postMessage(channel=channel, text="old", blocks=[SECTION])["ts"]
    edited = client.chat_update(channel=channel, ts=ts, text="new")
    assert edited["text"] == "new"
    assert edited["message"]["blocks"][0]["type"] == "section"
    assert edited["message"]["edited"]["user"] == client.auth_test()["user_id"]
    bare = client.chat_update(channel=channel, ts=ts, text="bare", blocks=[])
    assert bare["message"]["blocks"][0]["type"] == "rich_text"
    assert client.chat_update(channel=channel, ts=ts, text="card", blocks=[SECTION])["ts"] == ts


def test_an_edit_of_text_remakes_the_rich_text(client: WebClient, channel: str) -> None:
    """A message of text only shows the new text after an edit, and may become a card."""
    ts = client.chat_postMessage(channel=channel, text="working…")["ts"]
    client.chat_update(channel=channel, ts=ts, text="ready")
    message = client.conversations_history(channel=channel)["messages"][0]
    assert message["blocks"][0]["elements"][0]["elements"] == [{"type": "text", "text": "ready"}]
    card = client.chat_update(channel=channel, ts=ts, text="card", blocks=[SECTION])
    assert card["message"]["blocks"][0]["type"] == "section"


def test_rich_text_of_an_apps_own_cannot_become_other_blocks(client: WebClient, channel: str) -> None:
    """Replacing rich text blocks by a section is block_mismatch."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
    rich = {"type": "rich_text", "elements": [section]}
    ts = client.chat_postMessage(channel=channel, text="x", blocks=[rich])["ts"]
    assert error(client.chat_update, channel=channel, ts=ts, blocks=[SECTION], text="x") == "block_mismatch"


def test_edits_that_cannot_be(
    client: WebClient, other: WebClient, workspace: Workspace, general: str, say: Say
) -> None:
    """Others' messages, unknown ones, too long text, a person's id for a direct message, and nothing at all."""
    typed = say("ines.duarte", general, "hers")
    theirs = other.chat_postMessage(channel=general, text="theirs")["ts"]
    mine = client.chat_postMessage(channel=general, text="mine")["ts"]
    assert error(client.chat_update, channel=general, ts=typed, text="x") == "cant_update_message"
    assert error(client.chat_update, channel=general, ts=theirs, text="x") == "cant_update_message"
    assert error(client.chat_delete, channel=general, ts=typed) == "cant_delete_message"
    assert error(client.chat_update, channel=general, ts="1.000000", text="x") == "message_not_found"
    assert error(client.chat_update, channel=general, ts=mine, text="x" * 4_001) == "msg_too_long"
    nothing = {"channel": general, "ts": mine, "text": ""}
    assert error(client.api_call, api_method="chat.update", params=nothing) == "no_text"
    priya = person(workspace, "priya.nair")
    direct = client.chat_postMessage(channel=priya, text="x")["ts"]
    assert error(client.chat_update, channel=priya, ts=direct, text="y") == "channel_not_found"


def test_a_deleted_message_is_gone_and_a_deleted_root_leaves_a_tombstone(client: WebClient, channel: str) -> None:
    """Replies of a deleted root can still be read."""
    lone = client.chat_postMessage(channel=channel, text="lone")["ts"]
    root = client.chat_postMessage(channel=channel, text="root")["ts"]
    client.chat_postMessage(channel=channel, text="reply", thread_ts=root)
    client.chat_delete(channel=channel, ts=lone)
    client.chat_delete(channel=channel, ts=root)
    messages = client.conversations_history(channel=channel)["messages"]
    assert [(m.get("subtype"), m["text"]) for m in messages[:1]] == [("tombstone", "This message was deleted.")]
    assert "lone" not in [m["text"] for m in messages]
    assert client.conversations_replies(channel=channel, ts=root)["messages"][1]["text"] == "reply"
    assert error(client.chat_delete, channel=channel, ts=lone) == "message_not_found"


def test_an_ephemeral_message_is_seen_by_one_person_and_is_in_no_history(
    client: WebClient, workspace: Workspace, general: str, act: Act
) -> None:
    """Only the addressed person sees it; it cannot be edited."""
    ines, tom = person(workspace, "ines.duarte"), person(workspace, "tom.brandt")
    ts = client.chat_postEphemeral(channel=general, user=ines, text="only you")["message_ts"]
    assert "only you" not in [m["text"] for m in client.conversations_history(channel=general)["messages"]]
    assert error(client.chat_update, channel=general, ts=ts, text="x") == "message_not_found"

    def seen(user: str) -> list[str]:
        return [row["text"] for _, rows in act(seed.seen, user) for row in rows]

    assert "only you" in seen(ines)
    assert "only you" not in seen(tom)
    ruth = person(workspace, "ruth.osei")
    assert error(client.chat_postEphemeral, channel=general, user=ruth, text="x") == "user_not_in_channel"


def test_a_permalink_names_channel_time_and_thread(client: WebClient, channel: str) -> None:
    """/archives/C…/p…, with the thread for a reply."""
    root = client.chat_postMessage(channel=channel, text="root")["ts"]
    reply = client.chat_postMessage(channel=channel, text="reply", thread_ts=root)["ts"]
    link = client.chat_getPermalink(channel=channel, message_ts=root)["permalink"]
    assert link == f"{client.auth_test()['url']}archives/{channel}/p{root.replace('.', '')}"
    assert f"thread_ts={root}" in client.chat_getPermalink(channel=channel, message_ts=reply)["permalink"]
    assert error(client.chat_getPermalink, channel=channel, message_ts="1.000000") == "message_not_found"


def test_an_action_is_told_in_the_third_person(client: WebClient, channel: str) -> None:
    """chat.meMessage posts a me_message."""
    client.chat_meMessage(channel=channel, text="is thinking")
    message = client.conversations_history(channel=channel)["messages"][0]
    assert (message["subtype"], message["text"]) == ("me_message", "is thinking")


def test_what_a_person_sees_is_what_they_may(client: WebClient, workspace: Workspace, channel: str, act: Act) -> None:
    """A private channel is seen by its members only; somebody of another company sees nothing of ours."""
    names = {row["name"] for row, _ in act(seed.seen, person(workspace, "ines.duarte"))}
    assert names == {"general", "random"}
    client.conversations_invite(channel=channel, users=person(workspace, "ines.duarte"))
    names = {row["name"] for row, _ in act(seed.seen, person(workspace, "ines.duarte"))}
    assert names == {"general", "random", "impl-harborpine"}
    assert act(seed.seen, person(workspace, "ruth.osei")) == []


def test_the_history_of_a_restart_is_the_same(workspace: Workspace, client: WebClient, channel: str) -> None:
    """Messages are in the shelf: a snapshot taken and restored shows them again."""
    client.chat_postMessage(channel=channel, text="before")
    header = {"Authorization": f"Bearer {workspace.secrets.control_token}"}
    assert requests.get(f"{workspace.url}/api/api.test", headers=header, timeout=5).ok
    data = workspace.snapshot()
    client.chat_postMessage(channel=channel, text="after")
    workspace.restore(data)
    assert client.conversations_history(channel=channel)["messages"][0]["text"] == "before"
