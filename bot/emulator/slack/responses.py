"""Answers of the app to an interaction: at its response_url, or in the body of its acknowledgement."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.emulator.slack import app, channels, drafts, messages, triggers
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

STATUS = {"not_found": 404, "expired_url": 404, "used_url": 404}


def routes(workspace: Workspace) -> list[BaseRoute]:
    """Where response_urls point to."""

    async def endpoint(request: Request) -> Response:
        key = request.url.path.strip("/")
        raw = await request.body()
        cut = await workspace.faults.before("slack.response_url")
        answer = cut or _taken(workspace, key, raw)
        status = answer.status_code
        workspace.log.record("slack", "slack.response_url", "", status, 0.0, len(raw), len(answer.body))
        return answer

    return [
        Route("/commands/{rest:path}", endpoint, methods=["POST"]),
        Route("/actions/{rest:path}", endpoint, methods=["POST"]),
    ]


def _taken(workspace: Workspace, key: str, raw: bytes) -> Response:
    try:
        body = json.loads(raw)
        if not isinstance(body, dict):
            raise SlackError("invalid_payload")
        respond(workspace, triggers.answerable(workspace, key), body)
    except ValueError:
        return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)
    except SlackError as error:
        return JSONResponse(error.body(), STATUS.get(error.code, 400))
    if key.startswith("commands/"):
        return PlainTextResponse("ok")
    return JSONResponse({"ok": True})


def respond(workspace: Workspace, where: triggers.ResponseUrl, body: Row) -> Row | None:
    """Post, replace or delete as `body` asks; answers the message row that stands now, if one does."""
    channel = channels.get(workspace, where.channel)
    if channel is None:
        raise SlackError("channel_not_found")
    original = workspace.shelf.collection("messages").get(f"{where.channel}:{where.ts}") if where.ts else None
    if body.get("delete_original") and original is not None:
        messages.delete(workspace, channel, original)
        return None
    draft = _draft(workspace, body)
    if draft.is_empty:
        raise SlackError("no_text")
    if original is not None and _replaces(body, where):
        _change(workspace, channel, original, draft)
        return original
    return _post(workspace, channel, where, body, draft)


def _replaces(body: Row, where: triggers.ResponseUrl) -> bool:
    """Whether an answer takes the place of the message it came from; an ephemeral one is replaced by default."""
    default = where.ephemeral and "response_type" not in body
    return bool(body.get("replace_original", default))


def _post(workspace: Workspace, channel: Row, where: triggers.ResponseUrl, body: Row, draft: drafts.Draft) -> Row:
    installed = app.installed(workspace)
    public = body.get("response_type") == "in_channel"
    thread = body.get("thread_ts") or (where.thread_ts if not public or body.get("thread_ts") else None)
    return messages.post(
        workspace,
        channel,
        installed["bot_user"],
        draft.text or "",
        blocks=draft.shown_blocks(),
        thread_ts=thread,
        ephemeral_to=None if public else where.user,
        bot_id=installed["bot_id"],
        app_id=installed["id"],
        attachments=draft.attachments,
        metadata=draft.metadata if public else None,
        plain=draft.blocks is None,
    )


def _change(workspace: Workspace, channel: Row, row: Row, draft: drafts.Draft) -> None:
    fields: Row = {"text": draft.text or "", "blocks": draft.shown_blocks(), "plain": draft.blocks is None}
    if draft.attachments is not None:
        fields["attachments"] = draft.attachments
    if draft.metadata is not None:
        fields["metadata"] = draft.metadata
    if row.get("ephemeral_to"):
        row |= fields
        messages.save(workspace, row)
    else:
        messages.change(workspace, channel, row, app.installed(workspace)["bot_user"], **fields)


def _draft(workspace: Workspace, body: Row) -> drafts.Draft:
    """The content of an answer, checked like chat.postMessage's."""
    token = app.find_token(workspace, workspace.secrets.slack_bot_token)
    call = SlackCall(workspace, token or {}, {key: value for key, value in body.items() if key != "token"})
    return drafts.read(call)
