"""views.* with slack_sdk: triggers, stacks, hashes, external ids, the home tab."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from acting import INES, PRIYA, Control
from slack_asking import error, person, refusal
from slack_sdk import WebClient

from bot.emulator.slack import triggers
from bot.emulator.workspace import Workspace

Act = Callable[..., Any]


def modal(title: str = "Request", **more: Any) -> dict[str, Any]:
    """A small modal."""
    block = {"type": "section", "text": {"type": "plain_text", "text": "Hello"}}
    return {"type": "modal", "title": {"type": "plain_text", "text": title}, "blocks": [block], **more}


HOME = {"type": "home", "blocks": [{"type": "divider"}]}


@pytest.fixture
def trigger(act: Act, workspace: Workspace) -> Act:
    """A fresh trigger of Ines, from a view if one is given."""
    return lambda view_id=None: act(triggers.issue, person(workspace, "ines.duarte"), view_id)


@pytest.fixture
def control(workspace: Workspace) -> Control:
    """The control API."""
    return Control(workspace)


def test_an_opened_view_is_completed(client: WebClient, trigger: Act, workspace: Workspace, control: Control) -> None:
    """The answer is the whole view: ids, hash, root, defaults, the app and its bot."""
    view = client.views_open(trigger_id=trigger(), view=modal(callback_id="c", private_metadata="m"))["view"]
    me = client.auth_test()
    assert (view["type"], view["callback_id"], view["private_metadata"]) == ("modal", "c", "m")
    assert (view["root_view_id"], view["previous_view_id"]) == (view["id"], None)
    assert view["state"] == {"values": {}}
    assert view["title"] == {"type": "plain_text", "text": "Request", "emoji": True}
    assert (view["submit"], view["close"], view["external_id"]) == (None, None, "")
    assert (view["clear_on_close"], view["notify_on_close"]) == (False, False)
    assert (view["team_id"], view["bot_id"]) == (me["team_id"], me["bot_id"])
    assert view["blocks"][0]["block_id"]
    assert view["hash"].count(".") == 1
    assert [shown["id"] for shown in control.sees(INES)["views"]] == [view["id"]]
    assert control.sees(PRIYA)["views"] == []


def test_a_trigger_works_once(client: WebClient, trigger: Act) -> None:
    """A second use is exchanged_trigger_id; a refused view leaves the trigger good."""
    one = trigger()
    assert error(client.views_open, trigger_id=one, view={"type": "modal"}) == "invalid_arguments"
    client.views_open(trigger_id=one, view=modal())
    assert error(client.views_open, trigger_id=one, view=modal()) == "exchanged_trigger_id"
    assert error(client.views_open, trigger_id="1.2.3", view=modal()) == "invalid_trigger_id"


def test_a_trigger_lives_three_seconds(client: WebClient, trigger: Act, control: Control) -> None:
    """A late one is expired_trigger_id."""
    one = trigger()
    control.post("slack/expire")
    assert error(client.views_open, trigger_id=one, view=modal()) == "expired_trigger_id"
    assert triggers.TRIGGER_SECONDS == 3.0


def test_a_stack_holds_three(client: WebClient, trigger: Act, control: Control) -> None:
    """views.push works on the view that the trigger comes from, up to three views."""
    first = client.views_open(trigger_id=trigger(), view=modal("One"))["view"]
    second = client.views_push(trigger_id=trigger(first["id"]), view=modal("Two"))["view"]
    third = client.views_push(trigger_id=trigger(second["id"]), view=modal("Three"))["view"]
    assert (third["root_view_id"], third["previous_view_id"]) == (first["id"], second["id"])
    assert error(client.views_push, trigger_id=trigger(third["id"]), view=modal("Four")) == "push_limit_reached"
    assert error(client.views_push, trigger_id=trigger(), view=modal("Nowhere")) == "not_found"
    left = control.act(INES, "close", view_id=third["id"])["views"]
    assert [view["title"]["text"] for view in left] == ["One", "Two"]
    assert control.act(INES, "close", view_id=second["id"], everything=True)["views"] == []


def test_clear_on_close(client: WebClient, trigger: Act, control: Control) -> None:
    """A view with clear_on_close takes the whole stack with it."""
    first = client.views_open(trigger_id=trigger(), view=modal("One"))["view"]
    second = client.views_push(trigger_id=trigger(first["id"]), view=modal("Two", clear_on_close=True))["view"]
    assert control.act(INES, "close", view_id=second["id"])["views"] == []


def test_a_stale_hash_is_a_conflict(client: WebClient, trigger: Act) -> None:
    """views.update with the hash of an earlier state changes nothing."""
    view = client.views_open(trigger_id=trigger(), view=modal())["view"]
    changed = client.views_update(view_id=view["id"], hash=view["hash"], view=modal("Changed"))["view"]
    assert changed["hash"] != view["hash"]
    assert (changed["id"], changed["title"]["text"]) == (view["id"], "Changed")
    assert error(client.views_update, view_id=view["id"], hash=view["hash"], view=modal()) == "hash_conflict"
    client.views_update(view_id=view["id"], view=modal("Without a hash"))


def test_external_ids(client: WebClient, trigger: Act, control: Control) -> None:
    """A view can be found by its own name, which must be free while it is open."""
    view = client.views_open(trigger_id=trigger(), view=modal(external_id="request-1"))["view"]
    assert client.views_update(external_id="request-1", view=modal(external_id="request-1"))["view"]["id"] == view["id"]
    twice = error(client.views_open, trigger_id=trigger(), view=modal(external_id="request-1"))
    assert twice == "duplicate_external_id"
    control.act(INES, "close", view_id=view["id"])
    assert error(client.views_update, external_id="request-1", view=modal()) == "not_found"


def test_another_apps_view_is_not_found(client: WebClient, other: WebClient, trigger: Act) -> None:
    """An app changes its own views only."""
    view = client.views_open(trigger_id=trigger(), view=modal())["view"]
    assert error(other.views_update, view_id=view["id"], view=modal()) == "not_found"


def test_views_are_checked_like_slack_checks_them(client: WebClient, trigger: Act) -> None:
    """A wrong view is invalid_arguments with the place of the fault; a huge one is view_too_large."""
    wrong = refusal(client.views_open, trigger_id=trigger(), view=modal("x" * 25))
    assert wrong["error"] == "invalid_arguments"
    assert "/view/title/text" in wrong["response_metadata"]["messages"][0]
    assert error(client.views_open, trigger_id=trigger(), view=HOME) == "invalid_arguments"
    section = {"type": "section", "text": {"type": "plain_text", "text": "x" * 2900}}
    assert error(client.views_open, trigger_id=trigger(), view=modal() | {"blocks": [section] * 90}) == "view_too_large"
    assert error(client.views_open, view=modal(), trigger_id="") == "invalid_arguments"


def test_a_button_that_waits_for_input(client: WebClient, trigger: Act) -> None:
    """submit_disabled is kept, and only told of views that have it."""
    assert client.views_open(trigger_id=trigger(), view=modal(submit_disabled=True))["view"]["submit_disabled"]
    assert "submit_disabled" not in client.views_open(trigger_id=trigger(), view=modal())["view"]


def test_publishing_a_home_tab(client: WebClient, workspace: Workspace, control: Control) -> None:
    """views.publish shows a home to one person; a stale hash is a conflict; nobody is invalid_arguments."""
    ines = person(workspace, "ines.duarte")
    view = client.views_publish(user_id=ines, view=HOME)["view"]
    assert (view["type"], control.sees(INES)["home"]["id"]) == ("home", view["id"])
    again = client.views_publish(user_id=ines, view=HOME, hash=view["hash"])["view"]
    assert again["id"] == view["id"]
    assert error(client.views_publish, user_id=ines, view=HOME, hash=view["hash"]) == "hash_conflict"
    assert error(client.views_publish, user_id="U0NOBODY", view=HOME) == "invalid_arguments"
    assert error(client.views_publish, user_id=ines, view=modal()) == "invalid_arguments"


def test_a_home_tab_must_be_enabled(client: WebClient, workspace: Workspace, running: Any) -> None:
    """An app whose manifest has no home tab gets not_enabled."""
    from dataclasses import replace

    from waiting import on_loop

    raw = {**workspace.settings.manifest}
    raw["features"] = {**raw["features"], "app_home": {"home_tab_enabled": False}}
    workspace.settings = replace(workspace.settings, manifest=raw)
    on_loop(running, workspace.install)
    assert error(client.views_publish, user_id=person(workspace, "ines.duarte"), view=HOME) == "not_enabled"
