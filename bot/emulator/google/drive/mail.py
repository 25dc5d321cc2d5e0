"""The notification mails that Drive sends, kept in collection "mail" where tests and the page read them.

A row: id, to, from, subject, body (plain text), link, file_id, time (RFC 3339, workspace time).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.emulator import people
from bot.emulator.google import access
from bot.emulator.google.access import Row

if TYPE_CHECKING:
    from bot.emulator.google.gateway import Call

CAN = {"reader": "view", "commenter": "comment on", "writer": "edit", "owner": "own"}


def shared(call: Call, row: Row, one: Row) -> None:
    """The mail that tells a grantee of a share, with the sharer's `emailMessage`."""
    from bot.emulator.google.drive.resource import View

    sharer = people.find(call.workspace, call.caller)
    name = sharer["name"] if sharer else call.caller
    verb = CAN.get(one["role"], "manage")
    text = f"{name} ({call.caller}) has invited you to {verb} the following item:\n{row['name']}"
    message = call.params.get("emailMessage")
    number = call.workspace.shelf.counter("mail")
    key = f"mail-{number:06d}"
    call.workspace.shelf.collection("mail")[key] = {
        "id": key,
        "to": one["emailAddress"],
        "from": call.caller,
        "subject": f"{row['name']} - Invitation to {verb}",
        "body": f"{text}\n\n{message}" if message else text,
        "link": View(call, row, "reader").link(),
        "file_id": row["id"],
        "time": access.now(call.workspace),
    }
