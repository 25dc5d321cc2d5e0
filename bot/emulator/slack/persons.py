"""People as Slack shows them: user objects, their handles, colours and time zones."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.emulator.slack import app

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

SIZES = (24, 32, 48, 72, 192, 512)

SLACKBOT: Row = {
    "id": "USLACKBOT", "email": "", "name": "Slackbot", "tz": "America/Los_Angeles", "title": "", "org": "home",
    "guest": False, "deleted": False, "bot": False,
}  # fmt: skip


def handle(person: Row) -> str:
    """The name without spaces that `name` fields carry: the e-mail's local part, or a bot's name."""
    return str(person["email"].split("@")[0] if person["email"] else person["name"].lower().replace(" ", "_"))


def shape(workspace: Workspace, person: Row, with_email: bool) -> Row:
    """The user object; `email` only for tokens with users:read.email."""
    team = app.team(workspace, person["org"])["id"]
    base = {
        "id": person["id"],
        "team_id": team,
        "name": handle(person),
        "deleted": person["deleted"],
        "profile": profile(workspace, person, with_email),
        "is_bot": person["bot"],
        "is_app_user": False,
        "updated": person.get("updated", 0),
    }
    if person["deleted"]:
        return base
    return base | _place(workspace, person) | _standing(person) | _stranger(person)


def _place(workspace: Workspace, person: Row) -> Row:
    now = workspace.clock.now().astimezone(ZoneInfo(person["tz"]))
    ahead = now.utcoffset()
    color = hashlib.sha256(person["id"].encode()).hexdigest()[:6]
    seconds = int(ahead.total_seconds()) if ahead else 0
    zone = {"tz": person["tz"], "tz_label": now.tzname() or "", "tz_offset": seconds}
    return {"color": color, "real_name": person["name"], **zone}


def _standing(person: Row) -> Row:
    admin = bool(person.get("admin"))
    return {
        "is_admin": admin,
        "is_owner": admin,
        "is_primary_owner": False,
        "is_restricted": bool(person.get("guest")),
        "is_ultra_restricted": False,
        "is_email_confirmed": bool(person["email"]),
        "who_can_share_contact_card": "EVERYONE",
    }


def _stranger(person: Row) -> Row:
    return {"is_stranger": True} if person["org"] != "home" and not person.get("guest") else {}


def profile(workspace: Workspace, person: Row, with_email: bool) -> Row:
    """The profile inside a user object, and what users.profile.get answers."""
    name = person["name"]
    first, _, last = name.partition(" ")
    avatar = hashlib.sha256(person["id"].encode()).hexdigest()[:12]
    answer: Row = {
        "title": person.get("title", ""),
        "phone": "",
        "skype": "",
        "real_name": name,
        "real_name_normalized": name,
        "display_name": "" if person["bot"] else person.get("display_name", first),
        "display_name_normalized": "" if person["bot"] else person.get("display_name", first),
        "fields": None,
        "status_text": person.get("status", ""),
        "status_emoji": "",
        "status_emoji_display_info": [],
        "status_expiration": person.get("status_until", 0),
        "avatar_hash": avatar,
        "first_name": first,
        "last_name": last,
        **{f"image_{size}": f"{workspace.url}/avatars/{person['id']}_{size}.png" for size in SIZES},
        "status_text_canonical": person.get("status", ""),
        "team": app.team(workspace, person["org"])["id"],
    }
    if person["bot"]:
        owner = app.by_user(workspace, person["id"])
        answer |= {"api_app_id": owner["id"], "bot_id": owner["bot_id"], "always_active": True} if owner else {}
    elif with_email and person["email"]:
        answer["email"] = person["email"]
    return answer
