"""users.*: the people of the workspace."""

from __future__ import annotations

from typing import Any

from bot.emulator.slack import channels, paging, persons, reach
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall, method
from bot.emulator.slack.ids import seconds
from bot.emulator.slack.methods.conversations import READ, listing, wanted_kinds

Row = dict[str, Any]


def shaped(call: SlackCall, person: Row) -> Row:
    """The user object as this token may read it."""
    return persons.shape(call.workspace, person, call.has_scope("users:read.email"))


@method("users.info", scopes=("users:read",), tier=4, json=False)
def info(call: SlackCall) -> Row:
    """One person; without `user` it is user_not_found, as measured."""
    user = call.text("user")
    person = persons.SLACKBOT if user == "USLACKBOT" else reach.person_seen(call.workspace, user)
    answer = shaped(call, person)
    return {"user": answer | ({"locale": "en-US"} if call.flag("include_locale") else {})}


@method("users.list", scopes=("users:read",), tier=2, json=False)
def list_(call: SlackCall) -> Row:
    """Everybody the workspace knows: deactivated people, bots and Slackbot too."""
    people = [person for person in call.workspace.people().values() if reach.known(call.workspace, person)]
    rows, cursor = paging.page(call, "user", [persons.SLACKBOT, *people], lambda row: str(row["id"]), default=1000)
    members = [shaped(call, person) for person in rows]
    return {"members": members, "cache_ts": seconds(call.workspace), "response_metadata": {"next_cursor": cursor}}


@method("users.lookupByEmail", scopes=("users:read.email",), tier=3, required=("email",), json=False)
def lookup_by_email(call: SlackCall) -> Row:
    """The active person with this address, in any letter case."""
    wanted = call.text("email").strip().lower()
    for person in call.workspace.people().values():
        found = wanted and person["email"].lower() == wanted and not person["deleted"]
        if found and reach.known(call.workspace, person):
            return {"user": shaped(call, person)}
    raise SlackError("users_not_found")


@method("users.conversations", any_scope=READ, tier=3, json=False)
def conversations(call: SlackCall) -> Row:
    """What the caller, or `user`, is in, as far as the caller sees it."""
    user = call.text("user") or call.user
    reach.person_seen(call.workspace, user)
    kinds = wanted_kinds(call)
    rows = [row for row in channels.visible(call.workspace, call.user) if user in row["members"]]
    return listing(call, [row for row in rows if channels.scope_family(row) in kinds])


@method("users.profile.get", scopes=("users.profile:read",), tier=4, json=False)
def profile_get(call: SlackCall) -> Row:
    """The profile of `user`, or the caller's own."""
    person = reach.person_seen(call.workspace, call.text("user") or call.user)
    return {"profile": persons.profile(call.workspace, person, call.has_scope("users:read.email"))}


@method("users.getPresence", scopes=("users:read",), tier=3, json=False, notes="Bots are active, people away.")
def get_presence(call: SlackCall) -> Row:
    """Bots are always there; of people the emulator cannot know, so they are away."""
    person = reach.person_seen(call.workspace, call.text("user") or call.user)
    return {"presence": "active" if person["bot"] else "away"}
