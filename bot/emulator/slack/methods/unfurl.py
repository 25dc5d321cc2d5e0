"""chat.unfurl: what an app shows under a link that somebody posted."""

from __future__ import annotations

from typing import Any

from bot.emulator.slack import channels, drafts, links, messages
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall, method

Row = dict[str, Any]


@method(
    "chat.unfurl",
    scopes=("links:write",),
    tier=3,
    notes="No work objects (`metadata`) and no prompts to sign in (`user_auth_…`); links in the composer are not met.",
)
def unfurl(call: SlackCall) -> Row:
    """Attach previews to the links of a message, named by `channel` and `ts` or `unfurl_id` and `source`; again =
    change them."""
    channel, row = _message(call)
    previews = _previews(call, row)
    kept = [one for one in row.get("attachments") or () if one.get("from_url") not in previews]
    attachments = [one | {"id": number} for number, one in enumerate([*kept, *previews.values()], 1)]
    messages.attach(call.workspace, channel, row, attachments)
    return {}


def _message(call: SlackCall) -> tuple[Row, Row]:
    channel_id, ts = _place(call)
    channel = channels.get(call.workspace, channel_id)
    if channel is None or not channels.can_see(call.workspace, channel, call.user):
        raise SlackError("cannot_find_channel")
    row = messages.get(call.workspace, channel_id, ts)
    if row is None:
        raise SlackError("cannot_find_message")
    return channel, row


def _place(call: SlackCall) -> tuple[str, str]:
    """Channel and ts of the message meant."""
    if not call.text("unfurl_id"):
        for name in ("channel", "ts"):
            if not call.text(name):
                raise SlackError(f"missing_{name}")
        return call.text("channel"), call.text("ts")
    if call.text("source") != links.SOURCE:
        raise SlackError("invalid_source" if call.text("source") else "missing_source")
    channel_id, _, rest = call.text("unfurl_id").partition(".")
    return channel_id, rest.rpartition(".")[0]


def _previews(call: SlackCall, row: Row) -> dict[str, Row]:
    """The attachment of each link; every link must stand in the message."""
    given = call.structure("unfurls", "invalid_unfurls_format")
    if not given:
        raise SlackError("missing_unfurls")
    if not isinstance(given, dict) or not all(isinstance(item, dict) for item in given.values()):
        raise SlackError("invalid_unfurls_format")
    if not set(given) <= set(links.of(row)):
        raise SlackError("cannot_unfurl_url")
    own = {"is_app_unfurl": True, "app_id": call.token["app_id"], "bot_id": call.token["bot_id"]}
    return {
        url: drafts.attachment(0, item) | own | {"from_url": url, "original_url": url, "app_unfurl_url": url}
        for url, item in given.items()
    }
