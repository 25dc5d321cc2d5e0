"""The token endpoint and tokeninfo as HTTP answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from bot.emulator.google import auth
from bot.emulator.google.wire import Incoming, Outgoing, print_json

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace


def token(workspace: Workspace, incoming: Incoming) -> Outgoing:
    """POST /token with form fields `grant_type` and `assertion`."""
    form = dict(parse_qsl(incoming.body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        answer = auth.exchange(workspace, form)
    except auth.TokenRefusedError as refused:
        content = {"error": refused.error, "error_description": refused.description}
        return Outgoing(refused.status, print_json(content, True))
    return Outgoing(200, print_json(answer, False), headers={"Cache-Control": "no-cache, no-store"})


def tokeninfo(workspace: Workspace, incoming: Incoming) -> Outgoing:
    """GET /oauth2/v1/tokeninfo and /oauth2/v3/userinfo: whom a token stands for."""
    bearer = incoming.headers.get("authorization", "").removeprefix("Bearer ").strip()
    who = auth.read_token(workspace, incoming.first("access_token") or bearer)
    if who is None:
        content = {"error": "invalid_token", "error_description": "Invalid Value"}
        return Outgoing(400, print_json(content, True))
    scope = " ".join(sorted(who.scopes))
    content = {
        "email": who.email,
        "email_verified": "true",
        "scope": scope,
        "sub": who.email,
        "iat": str(int(time.time())),
    }
    return Outgoing(200, print_json(content, True))
