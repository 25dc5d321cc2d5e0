"""Slack from the bot's side, by the unmodified client: things are said and made once, whatever the network does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from bot import app
from bot.emulator.server import Running, serve
from bot.emulator.workspace import EmulatorSettings, Workspace
from bot.manifest import manifest
from bot.project import wall
from bot.world.blocks import Message, md, section
from bot.world.clock import Clock
from bot.world.retry import Patience
from bot.world.slack import Slack
from bot.world.store import Store
from bot.world.web_api import SlackFailure, check_app_token, connect
from tests.world.conftest import Control

QUICK = Patience(attempts=3, deadline=20.0, first_wait=0.01, longest_wait=0.02, jitter=0.01)
OURS = wall.internal()
HELLO = Message("Hello")
INES, LENA, ADA = "ines.duarte@fernhill.example", "lena.fischer@fernhill.example", "ada.novak@fernhill.example"
RUTH = "ruth.osei@harborpine.example"
OTHER_BOT = "xoxb-other"

LOST_AFTERWARDS = [
    {"do": "status", "status": 503},
    {"do": "status", "status": 502, "html": True},
    {"do": "status", "status": 200, "reason": "internal_error"},
    {"do": "drop"},
    {"do": "reset"},
]


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """A workspace with the bot's own app in it, and another bot that may do everything."""
    settings = EmulatorSettings(limits=False, manifest=manifest(app.LISTENERS), slack_tokens=(OTHER_BOT,))
    with serve(Workspace.open(settings)) as server:
        yield server


class Place:
    """One workspace, seen from the bot's side and from the control side."""

    def __init__(self, running: Running, control: Control, folder: Path) -> None:
        self.running, self.control, self.folder = running, control, folder
        self.stores: list[Store] = []
        self.ids = {row["email"]: row["id"] for row in control("GET", "people")["people"] if row["email"]}
        self.slack = self.life("first")

    def life(self, name: str) -> Slack:
        """The bot with a memory of its own: another name is as after a loss of its state."""
        store = Store(self.folder / name)
        store.migrate()
        self.stores.append(store)
        token = self.running.workspace.secrets.slack_bot_token
        return Slack(connect(token, f"{self.running.url}/api/"), store, Clock(), QUICK, pause=0.01)

    @property
    def store(self) -> Store:
        return self.stores[-1]

    def channel(self, name: str = "impl-acme", members: tuple[str, ...] = ("app", INES), **more: Any) -> str:
        """A channel with these members."""
        wanted = {"name": name, "private": True, "members": list(members), **more}
        return str(self.control("POST", "seed", {"channels": [wanted]})["channels"][name])

    def said(self, channel: str) -> list[dict[str, Any]]:
        """The bot's messages that stand in a channel, deleted ones too; notices do not count."""
        rows = self.control("GET", "workspace")["messages"]
        bot = self.slack.user_id
        return [row for row in rows if row["channel"] == channel and row["user"] == bot and not row.get("subtype")]

    def channels(self, *names: str) -> list[dict[str, Any]]:
        """The channels that carry one of these names."""
        return [row for row in self.control("GET", "workspace")["channels"] if row["name"] in names]

    def read_by(self, person: str, channel: str) -> list[str]:
        """What a person reads in a channel."""
        seen = self.control("GET", f"people/{person}/sees")["channels"]
        return [message["text"] for row in seen if row["id"] == channel for message in row["messages"]]

    def calls(self, method: str) -> int:
        """How often a method was called since the workspace began."""
        return int(self.control("GET", "log")["counts"].get(f"slack.{method}", 0))

    def faults(self, *rules: dict[str, Any]) -> None:
        """Let calls fail from now on."""
        self.control("POST", "faults", {"rules": [{**rule, "method": f"slack.{rule['method']}"} for rule in rules]})

    def as_other_bot(self, method: str, **arguments: Any) -> Any:
        """Act as another app of the workspace."""
        headers = {"Authorization": f"Bearer {OTHER_BOT}"}
        answer = requests.post(f"{self.running.url}/api/{method}", json=arguments, headers=headers, timeout=30).json()
        assert answer["ok"], answer
        return answer


@pytest.fixture
def place(running: Running, control: Control, tmp_path: Path) -> Iterator[Place]:
    place = Place(running, control, tmp_path)
    yield place
    for store in place.stores:
        store.close()


# Saying once


def test_a_thing_is_said_once(place: Place) -> None:
    """The second call under a key says nothing and tells where the first message stands."""
    channel = place.channel()
    first = place.slack.post_once("welcome:R1", channel, HELLO, OURS)
    again = place.slack.post_once("welcome:R1", channel, HELLO, OURS)
    other = place.slack.post_once("welcome:R2", channel, HELLO, OURS)

    assert (first.is_new, again.is_new, other.is_new) == (True, False, True)
    assert again.ts == first.ts
    assert [row["ts"] for row in place.said(channel)] == [first.ts, other.ts]
    assert place.slack.permalink(channel, first.ts).endswith(f"/{channel}/p{first.ts.replace('.', '')}")


@pytest.mark.parametrize("fault", LOST_AFTERWARDS, ids=lambda fault: "-".join(str(value) for value in fault.values()))
def test_a_lost_answer_is_not_a_second_message(place: Place, fault: dict[str, Any]) -> None:
    """The message stands, its answer was lost: it is found by its key and not said again."""
    channel = place.channel()
    place.faults({"method": "chat.postMessage", "nth": 1, "apply": "after", **fault})
    posted = place.slack.post_once("digest:R1", channel, HELLO, OURS)

    assert [row["ts"] for row in place.said(channel)] == [posted.ts]
    assert place.calls("chat.postMessage") == 1
    assert place.store.sending("digest:R1").ts == posted.ts  # type: ignore[union-attr]  # there it is


@pytest.mark.parametrize("fault", LOST_AFTERWARDS, ids=lambda fault: "-".join(str(value) for value in fault.values()))
def test_a_lost_question_is_asked_again(place: Place, fault: dict[str, Any]) -> None:
    """Nothing came to stand: after looking for it twice the message is said, once."""
    channel = place.channel()
    place.faults({"method": "chat.postMessage", "nth": 1, "apply": "before", **fault})
    posted = place.slack.post_once("digest:R1", channel, HELLO, OURS)

    assert [row["ts"] for row in place.said(channel)] == [posted.ts]
    assert place.calls("conversations.history") == 2


def test_history_that_lags_is_looked_at_twice(place: Place) -> None:
    """A message that the history does not show yet is found at the second look."""
    channel = place.channel()
    place.faults(
        {"method": "chat.postMessage", "nth": 1, "apply": "after", "do": "drop"},
        {"method": "conversations.history", "nth": 1, "do": "lag_listings", "seconds": 60},
    )
    posted = place.slack.post_once("digest:R1", channel, HELLO, OURS)

    assert [row["ts"] for row in place.said(channel)] == [posted.ts]


def test_after_a_crash_the_message_is_looked_for(place: Place) -> None:
    """A claim without an outcome: where the message stands it is taken, where it does not it is said."""
    channel = place.channel()
    said = place.slack.post_once("welcome:R1", channel, HELLO, OURS)
    second = place.life("second")
    for key in ("welcome:R1", "welcome:R2"):
        place.store.claim(key, Clock().now(), None, None)

    found = second.post_once("welcome:R1", channel, HELLO, OURS)
    fresh = second.post_once("welcome:R2", channel, HELLO, OURS)

    assert (found.ts, found.is_new) == (said.ts, False)
    assert fresh.is_new
    assert len(place.said(channel)) == 2


def test_a_key_of_somebody_else_s_message_does_not_count(place: Place) -> None:
    """Metadata is open to every app: only our own message silences us."""
    channel = place.channel("open", private=False)
    mine = place.slack.post_once("welcome:R1", channel, HELLO, OURS)
    metadata = place.control("GET", "workspace")["messages"][-1]["metadata"]
    place.as_other_bot("conversations.join", channel=channel)
    place.as_other_bot("chat.postMessage", channel=channel, text="Hello", metadata=metadata)
    second = place.life("second")
    place.store.claim("welcome:R1", Clock().now(), None, None)

    assert second.post_once("welcome:R1", channel, HELLO, OURS).ts == mine.ts


def test_a_definite_refusal_gives_the_claim_back(place: Place) -> None:
    """Slack said no: nothing stands, and a later try is free to say it."""
    channel = place.channel(members=(INES,), private=False)

    with pytest.raises(SlackFailure) as caught:
        place.slack.post_once("welcome:R1", channel, HELLO, OURS)

    assert (caught.value.kind, caught.value.error) == ("invalid", "not_in_channel")
    assert place.store.sending("welcome:R1") is None
    place.channel(members=("app",), private=False)
    assert place.slack.post_once("welcome:R1", channel, HELLO, OURS).is_new


def test_an_outcome_that_stays_unknown_keeps_the_claim(place: Place) -> None:
    """After a few tries the failure is told; the next try begins by looking."""
    channel = place.channel()
    place.faults({"method": "chat.postMessage", "do": "status", "status": 503})

    with pytest.raises(SlackFailure) as caught:
        place.slack.post_once("welcome:R1", channel, HELLO, OURS)

    assert caught.value.kind == "ambiguous"
    assert place.store.sending("welcome:R1").state == "intended"  # type: ignore[union-attr]  # there it is
    place.control("DELETE", "faults")
    assert place.slack.post_once("welcome:R1", channel, HELLO, OURS).is_new
    assert len(place.said(channel)) == 1


def test_a_rate_limit_is_waited_for(place: Place) -> None:
    """A 429 was not applied: the call is made again after the time it named."""
    channel = place.channel()
    place.faults({"method": "chat.postMessage", "nth": 1, "do": "status", "status": 429, "retry_after": 0})
    place.slack.post_once("welcome:R1", channel, HELLO, OURS)

    assert place.calls("chat.postMessage") == 2
    assert place.calls("conversations.history") == 0
    assert len(place.said(channel)) == 1


def test_reading_is_repeated_until_patience_ends(place: Place) -> None:
    """A lost answer to a question costs a second question; an outage ends with an error that says what was asked."""
    place.faults({"method": "usergroups.list", "nth": 1, "do": "reset"})
    assert place.ids["grace.liu@fernhill.example"] in place.slack.groups()["ce-leads"]
    place.faults({"method": "usergroups.list", "do": "status", "status": 502, "html": True})

    with pytest.raises(SlackFailure, match=r"usergroups\.list: http_502"):
        place.slack.groups()
    assert place.calls("usergroups.list") == 2 + QUICK.attempts


def test_an_edit_changes_the_message_in_place(place: Place) -> None:
    """The card of yesterday shows today's state, also when the first answer was lost."""
    channel = place.channel()
    posted = place.slack.post_once("triage:R1", channel, HELLO, OURS)
    place.faults({"method": "chat.update", "nth": 1, "apply": "after", "do": "drop"})
    place.slack.update(channel, posted.ts, Message("Selected"))

    assert [row["text"] for row in place.said(channel)] == ["Selected"]


# Who reads it


def test_internal_words_stay_out_of_a_shared_channel(place: Place) -> None:
    """A channel shared with another organisation is refused before anything is claimed or said."""
    channel = place.channel("ext-harborpine", members=("app", INES, RUTH))

    with pytest.raises(SlackFailure, match="internal_post_in_shared_channel"):
        place.slack.post_once("digest:R1", channel, HELLO, OURS)

    assert place.said(channel) == []
    assert place.store.sending("digest:R1") is None


def test_internal_words_stay_out_of_a_channel_about_to_be_shared(place: Place) -> None:
    """An invitation that nobody accepted yet counts already."""
    channel = place.channel("soon", private=False)
    place.as_other_bot("conversations.join", channel=channel)
    place.as_other_bot("conversations.inviteShared", channel=channel, emails=[RUTH])

    with pytest.raises(SlackFailure, match="internal_post_in_shared_channel"):
        place.slack.post_once("digest:R1", channel, HELLO, OURS)
    assert place.said(channel) == []


def test_what_people_type_cannot_ping(place: Place) -> None:
    """`<!channel>` is shown as it was typed: in blocks, in the notification, and in a line for one person."""
    channel, typed = place.channel(), "<!channel> <@U123> & <https://elsewhere.example|click>"
    words = section(md("{name} asks", name=typed))
    place.slack.post_once("with blocks", channel, Message(typed, (words,)), OURS)
    place.slack.post_once("text only", channel, Message(typed), OURS)
    place.slack.whisper(channel, place.ids[INES], typed)

    assert place.read_by(INES, channel)[-3:] == [f"{typed} asks", typed, typed]
    rows = [row for row in place.control("GET", "workspace")["messages"] if row["channel"] == channel]
    assert not any("<!channel>" in row["text"] for row in rows)


def test_keys_in_metadata_say_nothing(place: Place) -> None:
    """Every member can read a message's metadata: no customer, request or person is named there."""
    channel = place.channel()
    place.slack.post_once("digest:Harborpine:2026-11-27", channel, HELLO, OURS)

    metadata = place.said(channel)[0]["metadata"]
    assert metadata["event_type"] == "implbot_message"
    assert "Harborpine" not in str(metadata)


# Channels


def test_a_taken_name_gets_a_number(place: Place) -> None:
    """The name belongs to somebody's channel, perhaps one we cannot see: ours becomes -2."""
    place.channel("impl-acme", members=(INES,))
    made = place.slack.ensure_channel("impl-acme", "R1 · Acme", look_first=False).id

    ours = place.channels("impl-acme-2")
    assert [row["id"] for row in ours] == [made]
    assert ours[0]["topic"]["value"] == "R1 · Acme"
    assert ours[0]["is_private"]


def test_a_long_taken_name_gets_a_number_too(place: Place) -> None:
    """The number fits into Slack's eighty characters."""
    name = "impl-" + "a" * 80
    first = place.slack.ensure_channel(name, "R1", look_first=False).id
    second = place.slack.ensure_channel(name, "R2", look_first=False).id

    assert first != second
    assert place.channels(name[:77] + "-2")[0]["id"] == second


def test_a_repeat_takes_the_channel_that_was_made(place: Place) -> None:
    """After a crash the channel with this topic is found, also when people renamed it; no second one is made."""
    made = place.slack.ensure_channel("impl-acme", "R1 · Acme & Sons", look_first=False).id
    before = place.calls("conversations.create")

    assert place.slack.ensure_channel("impl-acme", "R1 · Acme & Sons", look_first=True).id == made
    assert place.calls("conversations.create") == before
    assert place.calls("conversations.setTopic") == 1


def test_a_repeat_finishes_a_channel_without_topic(place: Place) -> None:
    """The crash came between making the channel and naming its topic."""
    place.faults({"method": "conversations.setTopic", "do": "status", "status": 503})
    with pytest.raises(SlackFailure):
        place.slack.ensure_channel("impl-acme", "R1", look_first=False)
    place.control("DELETE", "faults")
    found = place.slack.ensure_channel("impl-acme", "R1", look_first=True).id

    assert [(row["id"], row["topic"]["value"]) for row in place.channels("impl-acme", "impl-acme-2")] == [(found, "R1")]


def test_a_repeat_leaves_other_projects_channels_alone(place: Place) -> None:
    """Another project of the same customer, or a customer whose name begins alike, keeps its channel."""
    trial = place.slack.ensure_channel("impl-acme", "R1 · trial", look_first=False).id
    alike = place.slack.ensure_channel("impl-acme-corp", "", look_first=False).id
    production = place.slack.ensure_channel("impl-acme", "R2 · production", look_first=True).id

    assert len({trial, alike, production}) == 3
    assert place.channels("impl-acme-2")[0]["id"] == production


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_is_not_a_second_channel(place: Place, when: str) -> None:
    """Whether the making or its answer was lost, there is one channel in the end."""
    place.faults({"method": "conversations.create", "nth": 1, "apply": when, "do": "drop"})
    made = place.slack.ensure_channel("impl-acme", "R1", look_first=False).id

    assert [row["id"] for row in place.channels("impl-acme", "impl-acme-2")] == [made]


def test_inviting_who_is_there_is_fine(place: Place) -> None:
    """The others come in; the bot, blanks and doubles are passed over; nobody at all is no call."""
    channel = place.slack.ensure_channel("impl-acme", "R1", look_first=False).id
    ines, lena = place.ids[INES], place.ids[LENA]
    place.slack.invite(channel, [ines])
    place.slack.invite(channel, [ines, lena, "", lena, place.slack.user_id])
    before = place.calls("conversations.invite")
    place.slack.invite(channel, [""])

    assert set(place.channels("impl-acme")[0]["members"]) == {ines, lena, place.slack.user_id}
    assert place.calls("conversations.invite") == before


def test_inviting_somebody_unknown_is_told(place: Place) -> None:
    """A set-up must not call people invited who are not."""
    channel = place.slack.ensure_channel("impl-acme", "R1", look_first=False).id

    with pytest.raises(SlackFailure, match="user_not_found"):
        place.slack.invite(channel, [place.ids[INES], "U0NOBODY"])


def test_only_channels_with_the_bot_in_them_have_an_id(place: Place) -> None:
    """A public channel that the bot is not in is no place to post; what is known is not asked again."""
    inside = place.channel("impl-triage")
    place.channel("strangers", members=(INES,), private=False)

    assert place.slack.channel_id("impl-triage") == inside
    assert place.slack.channel_id("strangers") is None
    before = place.calls("users.conversations")
    assert place.slack.channel_id("impl-triage") == inside
    assert place.calls("users.conversations") == before


def test_many_channels_are_read_page_by_page(place: Place) -> None:
    """The two hundred and fifth channel is found as well."""
    rows = [{"name": f"impl-{number}", "private": True, "members": ["app"]} for number in range(205)]
    made = place.control("POST", "seed", {"channels": rows})["channels"]

    assert place.slack.channel_id("impl-204") == made["impl-204"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_bookmark_is_put_once(place: Place, when: str) -> None:
    """The link stands once at the channel's top, whatever was lost on the way."""
    channel = place.channel()
    place.faults({"method": "bookmarks.add", "nth": 1, "apply": when, "do": "drop"})
    for _ in range(2):
        place.slack.bookmark(channel, "Project plan", "https://docs.example/plan")

    marks = place.control("GET", "workspace")["bookmarks"]
    assert [mark["link"] for mark in marks] == ["https://docs.example/plan"]


# People


def test_people_are_found_by_address_and_id(place: Place) -> None:
    """The same person either way; asked once within ten minutes."""
    found = place.slack.person_by_email(" Ines.Duarte@Fernhill.example ")
    again = place.slack.person_by_email(INES)

    assert found is not None
    assert found == again == place.slack.person(place.ids[INES])
    assert (found.email, found.name, found.zone, found.is_staff) == (INES, "Ines Duarte", "Europe/Lisbon", True)
    assert place.slack.email(found.id) == INES
    assert place.calls("users.lookupByEmail") == 1


def test_unknown_people_are_nobody(place: Place) -> None:
    """A leaver's address in a sheet, a mistyped one, a blank: nobody, and no error."""
    for email in ("nobody@fernhill.example", "", "  "):
        assert place.slack.person_by_email(email) is None
    assert place.slack.person("U0NOBODY") is None
    assert place.slack.email("U0NOBODY") == ""


def test_only_our_own_active_people_are_staff(place: Place) -> None:
    """Guests, people of other organisations, who has left, and bots are not staff."""
    guest = {"email": "kai.berg@contractor.example", "name": "Kai Berg", "guest": True}
    place.control("POST", "seed", {"people": [guest]})
    place.channel("ext-harborpine", members=("app", RUTH))
    people = {row["name"]: place.slack.person(row["id"]) for row in place.control("GET", "people")["people"]}

    staff = {name for name, person in people.items() if person and person.is_staff}
    assert staff >= {"Ines Duarte", "Grace Liu"}
    assert staff.isdisjoint({"Kai Berg", "Ruth Osei", "Ada Novak", "implbot", "Guest Bot 1"})
    assert people["Ada Novak"] is not None
    assert not people["Ada Novak"].is_active


def test_a_direct_conversation_is_one_and_the_same(place: Place) -> None:
    """Messages to a person gather in one place."""
    first = place.slack.direct(place.ids[LENA])

    assert place.slack.direct(place.ids[LENA]) == first
    place.slack.post_once("note", first, HELLO, OURS)
    assert place.read_by(LENA, first) == ["Hello"]


# The door


def test_the_app_may_do_what_its_manifest_asked_for(place: Place) -> None:
    """The scopes that Slack reports are those of the manifest, so that doctor can compare them."""
    assert place.slack.scopes() == set(manifest(app.LISTENERS)["oauth_config"]["scopes"]["bot"])


def test_a_missing_scope_is_named(tmp_path: Path) -> None:
    """The operator reads which scope to add."""
    poor = manifest(app.LISTENERS)
    poor["oauth_config"]["scopes"]["bot"] = ["chat:write"]
    with serve(Workspace.open(EmulatorSettings(limits=False, manifest=poor))) as other:
        client = connect(other.workspace.secrets.slack_bot_token, f"{other.url}/api/")
        slack = Slack(client, Store(tmp_path), Clock(), QUICK)

        with pytest.raises(SlackFailure, match=r"usergroups\.list: missing_scope \(needs usergroups:read\)"):
            slack.groups()


def test_a_wrong_token_is_refused_at_once(place: Place) -> None:
    """A bot with a wrong token does not start."""
    client = connect("xoxb-wrong", f"{place.running.url}/api/")

    with pytest.raises(SlackFailure, match=r"auth\.test: invalid_auth"):
        Slack(client, place.store, Clock(), QUICK)


def test_the_app_token_is_tried_without_being_used(place: Place) -> None:
    """Doctor sees whether Socket Mode would work, and opens no socket for that."""
    check_app_token(place.running.workspace.secrets.slack_app_token, f"{place.running.url}/api/")

    with pytest.raises(SlackFailure, match=r"apps\.connections\.open"):
        check_app_token("xapp-wrong", f"{place.running.url}/api/")


def test_a_proxy_of_the_machine_does_not_catch_loopback(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded workspace works on machines that reach the world through a proxy."""
    monkeypatch.setenv("no_proxy", "intranet.example")
    for name in ("http_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert place.life("behind a proxy").team_id == place.slack.team_id


def test_an_address_nobody_answers_at_is_told_as_such(place: Place) -> None:
    """Nothing was sent, so the call was tried again until patience ended."""
    client = connect("xoxb-1", "http://127.0.0.1:9/api/")

    with pytest.raises(SlackFailure, match="no_connection") as caught:
        Slack(client, place.store, Clock(), QUICK)
    assert caught.value.kind == "unreachable"
