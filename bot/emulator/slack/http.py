"""Sends the app what Slack sends over HTTP: signed, with three seconds for the answer, on real time."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.emulator.workspace import Workspace

AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


class DeliveryError(Exception):
    """The app did not answer; `reason` is Slack's word for it, such as http_timeout or connection_failed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Reply:
    """What the app's server answered."""

    status: int
    content_type: str
    body: bytes
    no_retry: bool


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of X-Slack-Signature for a body sent at `timestamp` (seconds since 1970, real time)."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def signed_headers(workspace: Workspace, body: bytes, content_type: str) -> dict[str, str]:
    """The headers of one request to the app."""
    timestamp = str(int(time.time()))
    return {
        "Content-Type": content_type,
        "User-Agent": AGENT,
        "Accept": "application/json,*/*",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(workspace.secrets.signing_secret, timestamp, body),
    }


async def post(
    workspace: Workspace, url: str, body: bytes, content_type: str, more: Mapping[str, str] | None = None
) -> Reply:
    """Post a body to the app; raises DeliveryError when no answer came in time (three seconds)."""
    headers = {**signed_headers(workspace, body, content_type), **(more or {})}
    seconds = workspace.settings.ack_seconds
    try:
        return await asyncio.wait_for(asyncio.to_thread(_post, url, body, headers, seconds), seconds)
    except (TimeoutError, requests.Timeout):
        raise DeliveryError("http_timeout") from None
    except requests.exceptions.SSLError:
        raise DeliveryError("ssl_error") from None
    except requests.TooManyRedirects:
        raise DeliveryError("too_many_redirects") from None
    except requests.ConnectionError:
        raise DeliveryError("connection_failed") from None
    except requests.RequestException:
        raise DeliveryError("unknown_error") from None


def _post(url: str, body: bytes, headers: dict[str, str], seconds: float) -> Reply:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(url, data=body, headers=headers, timeout=seconds)
    kind = answer.headers.get("Content-Type", "")
    return Reply(answer.status_code, kind, answer.content, answer.headers.get("X-Slack-No-Retry") == "1")
