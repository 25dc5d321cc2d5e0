"""files.*: uploading in three steps, and who may read."""

from __future__ import annotations

import requests
from slack_asking import OTHER_TOKEN, error
from slack_sdk import WebClient

from bot.emulator.workspace import Workspace


def test_the_clients_upload_shares_a_file_in_a_channel(client: WebClient, workspace: Workspace, channel: str) -> None:
    """files_upload_v2 puts one message with the file; its bytes come back to a token that may read."""
    done = client.files_upload_v2(
        content="a,b\n1,2\n", filename="plan.csv", title="Plan", channel=channel, initial_comment="The plan & more"
    )
    file = done["file"]
    assert (file["title"], file["mimetype"], file["size"]) == ("Plan", "text/csv", 8)
    message = client.conversations_history(channel=channel)["messages"][0]
    assert message["text"] == "The plan &amp; more"
    assert message["files"][0]["id"] == file["id"]
    header = {"Authorization": f"Bearer {workspace.secrets.slack_bot_token}"}
    assert requests.get(file["url_private"], headers=header, timeout=5).content == b"a,b\n1,2\n"
    assert client.files_info(file=file["id"])["file"]["shares"]["private"][channel][0]["ts"] == message["ts"]


def test_a_file_is_hidden_from_who_does_not_see_its_channel(client: WebClient, other: WebClient, channel: str) -> None:
    """Another bot, and nobody at all, cannot read it."""
    file = client.files_upload_v2(content="x", filename="a.txt", channel=channel)["file"]
    assert error(other.files_info, file=file["id"]) == "file_not_found"
    assert other.files_list()["files"] == []
    assert requests.get(file["url_private"], timeout=5).status_code == 403
    header = {"Authorization": f"Bearer {OTHER_TOKEN}"}
    assert requests.get(file["url_private"], headers=header, timeout=5).status_code == 404
    assert [row["id"] for row in client.files_list(channel=channel)["files"]] == [file["id"]]


def test_several_files_go_into_one_reply(client: WebClient, channel: str) -> None:
    """Uploads may be a reply in a thread."""
    root = client.chat_postMessage(channel=channel, text="root")["ts"]
    uploads = [{"content": "a", "filename": "a.txt"}, {"content": "b", "filename": "b.txt"}]
    client.files_upload_v2(file_uploads=uploads, channel=channel, thread_ts=root)
    reply = client.conversations_replies(channel=channel, ts=root)["messages"][1]
    assert [file["name"] for file in reply["files"]] == ["a.txt", "b.txt"]


def test_a_file_without_its_bytes_cannot_be_completed(client: WebClient, channel: str) -> None:
    """Announced is not uploaded; the bytes must be as many as announced; an unknown ticket is refused."""
    step = client.files_getUploadURLExternal(filename="a.txt", length=5)
    complete = {"files": [{"id": step["file_id"], "title": "A"}], "channel_id": channel}
    assert error(client.files_completeUploadExternal, **complete) == "file_not_found"
    assert requests.post(step["upload_url"], data=b"four", timeout=5).status_code == 400
    assert requests.post(step["upload_url"] + "x", data=b"12345", timeout=5).status_code == 404
    assert requests.post(step["upload_url"], files={"file": b"12345"}, timeout=5).text == "OK - 5"
    assert client.files_completeUploadExternal(**complete)["files"][0]["title"] == "A"
    assert error(client.files_getUploadURLExternal, filename="a.txt", length=0) == "invalid_arguments"


def test_a_private_upload_and_its_deletion(client: WebClient, workspace: Workspace) -> None:
    """Without a channel the file is the owner's only; deleted, it is gone."""
    file = client.files_upload_v2(content="x", filename="a.txt")["file"]
    assert client.files_info(file=file["id"])["file"]["channels"] == []
    client.files_delete(file=file["id"])
    assert error(client.files_info, file=file["id"]) == "file_not_found"


def test_sharing_where_one_is_not(client: WebClient, other: WebClient, channel: str) -> None:
    """A file can only be shared where the bot is."""
    step = other.files_getUploadURLExternal(filename="a.txt", length=1)
    requests.post(step["upload_url"], data=b"x", timeout=5)
    files = [{"id": step["file_id"]}]
    assert error(other.files_completeUploadExternal, files=files, channel_id=channel) == "channel_not_found"


def test_a_list_of_channels_shares_in_each_and_letters_are_passed_over(
    client: WebClient, channel: str, general: str
) -> None:
    """`channels` as a list shares in every one; as a string the client sends letters, which name nothing."""
    file = client.files_upload_v2(content="x", filename="a.txt", channels=[channel, general])["file"]
    assert (file["groups"], file["channels"]) == ([channel], [general])
    nowhere = client.files_upload_v2(content="x", filename="a.txt", channels=general)["file"]
    assert nowhere["shares"] == {}
