"""A project is opened to its customer: the plan only, to those who were shown, when nothing leaks, once."""

from __future__ import annotations

from tests.desk import PM
from tests.opening.conftest import RUTH, STRANGER, Opening


def test_the_form_shows_who_gets_what_and_the_press_shares_the_plan_alone(project: Opening) -> None:
    """Ruth may comment on the plan; no other file or folder knows her, no mail was written, and Priya has a draft."""
    view = project.ask("Who gets the plan now")
    assert "Ruth Osei · ruth.osei@harborpine.example" in str(view["blocks"])
    assert "Contract close has no date" in str(view["blocks"])

    answer = project.submit(view, people=RUTH, role="Comment", reason="Kickoff is next week")

    plan = project.desk.files["plan"]
    assert answer["response"] == "closed"
    assert project.readers(plan)[RUTH] == "commenter"
    assert project.outsiders() == {plan: {RUTH}}
    assert project.rooms.stage.raw()["mail"] == []
    draft = project.rooms.told(PM)[-1]
    assert "Hello Ruth" in draft
    assert "I sent nothing to them" in draft
    assert any(line["Object"] == RUTH and "Kickoff is next week" in line["Reason"] for line in project.desk.log())


def test_a_second_press_shows_only_what_is_new(project: Opening) -> None:
    """Who has the plan already is named, and cannot be chosen again."""
    project.open()
    view = project.ask("nothing to do")
    assert not view.get("submit")
    project.name("Sam Quill", "sam@harborpine.example")

    view = project.ask("Who gets the plan now")

    chooser = next(block for block in view["blocks"] if block.get("block_id") == "people")
    assert [option["value"] for option in chooser["element"]["options"]] == ["sam@harborpine.example"]
    assert "They have it already: Ruth Osei" in str(view["blocks"])
    assert "reason" not in {block.get("block_id") for block in view["blocks"]}


def test_whoever_is_of_no_listed_domain_gets_nothing(project: Opening) -> None:
    """A person of another domain, and one of a domain that is another customer's, are named with the reason."""
    project.name("Sam Quill", STRANGER)
    project.name("Nobody", "not an address")

    view = project.ask("They get nothing")

    assert "quillstone.example is not among the project's domains" in str(view["blocks"])
    assert "no plain e-mail address" in str(view["blocks"])
    project.rooms.run("opening", "opening:forged", project="R1", by=project.rooms.ids[PM], people=[RUTH, STRANGER],
                      role="commenter", reason="", seen=[], why="")  # fmt: skip
    assert project.outsiders() == {project.desk.files["plan"]: {RUTH}}


def test_another_customer_s_domain_is_never_this_one_s(project: Opening) -> None:
    """Even where somebody typed it into the Overview."""
    other = project.rooms.project("R2")
    project.answer(other["playbook"], "Overview", "Customer domains", "quillstone.example")
    project.fill("Overview", Customer_domains="harborpine.example, quillstone.example")
    project.name("Sam Quill", STRANGER)
    project.desk.settled()

    view = project.ask("They get nothing")

    assert "it belongs to another customer, Quillstone Bank" in str(view["blocks"])


def test_words_that_leak_need_a_reason_and_tabs_are_mended_first(project: Opening) -> None:
    """Another customer's name and a word about revenue are shown; a reason passes them, and is kept."""
    project.rooms.project("R2")  # of Quillstone Bank
    project.desk.type("plan", "Milestones", "M1", {"Comment": "Same as at Quillstone Bank, and there is a discount"})

    view = project.ask("Is the customer meant to see this?")
    shown = str(view["blocks"])
    assert "another customer's name “Quillstone Bank”" in shown
    assert "word about revenue “discount”" in shown
    refused = project.submit(view, people=RUTH, role="Comment", reason="Kickoff", **{"pass": " "})
    assert refused["errors"]
    project.submit(view, people=RUTH, role="Comment", reason="Kickoff", **{"pass": "They asked for it"})

    assert project.outsiders() == {project.desk.files["plan"]: {RUTH}}
    passed = [entry for entry in project.rooms.world.store.audit("R1") if entry.act == "passed a leak"]
    assert {entry.reason for entry in passed} == {"They asked for it"}
    assert len(passed) == 2


def test_what_came_up_after_the_look_stops_the_press(project: Opening) -> None:
    """The form showed a clean plan; a word written before the press keeps everything inside."""
    view = project.ask("Who gets the plan now")
    project.desk.type("plan", "Milestones", "M1", {"Comment": "Upsell in spring"})

    project.submit(view, people=RUTH, role="Comment", reason="Kickoff")

    assert project.outsiders() == {}
    assert "Something changed since you looked" in project.rooms.told(PM)[-1]


def test_a_domain_that_drive_does_not_allow_waits_for_it_and_is_tried_again(project: Opening) -> None:
    """Priya gets words for IT; once the domain is allowed, the next sweep shares and says so."""
    project.rooms.fault("drive.permissions.create", do="status", status=403, reason="domainPolicy", times=2)
    project.open()

    assert project.outsiders() == {}
    assert "Please add harborpine.example to the trusted domains" in project.rooms.told(PM)[-1]
    project.sweep()
    assert project.outsiders() == {}
    project.sweep()

    assert project.outsiders() == {project.desk.files["plan"]: {RUTH}}
    assert "harborpine.example is allowed now" in project.rooms.told(PM)[-1]


def test_a_domain_that_nobody_ever_allowed_is_asked_for(project: Opening) -> None:
    """As the real drive refuses it; the next form says so before anybody presses."""
    project.fill("Overview", Customer_domains="harborpine.example, newport.example")
    project.name("Nia Port", "nia@newport.example")

    project.open("nia@newport.example")

    assert project.outsiders() == {}
    assert "Please add newport.example to the trusted domains" in project.rooms.told(PM)[-1]
    assert "does not allow sharing with newport.example yet" in str(project.ask("Who gets the plan now")["blocks"])


def test_access_is_taken_back_and_verified(project: Opening) -> None:
    """Take access back: chosen people lose the plan, with a reason in the log; a cancelled project opens to nobody."""
    project.open()

    project.rooms.run(
        "closing", "closing:1", project="R1", by=project.rooms.ids[PM], people=[RUTH], reason="Trial over"
    )

    assert project.outsiders() == {}
    assert any(line["Reason"] == "Trial over" for line in project.desk.log())
    assert "No access to the plan any more" in project.rooms.told(PM)[-1]


def test_the_customer_channel_is_made_and_followed_until_accepted(project: Opening) -> None:
    """Ruth is invited by Slack Connect to ext-harborpine-logistics; Priya hears when she joins; the sweep is calm."""
    project.open()
    posted = next(m for m in project.desk.questions(PM) if "opening_channel" in str(m["blocks"]))
    block = next(b for b in posted["blocks"] if b["type"] == "actions")
    project.rooms.stage.act(PM, "press", channel=posted["channel"], ts=posted["ts"], action_id="opening_channel",
                            block_id=block["block_id"])  # fmt: skip
    project.submit(project.form("#ext-harborpine-logistics"), people=RUTH)
    assert "Slack invited ruth.osei@harborpine.example" in project.rooms.told(PM)[-1]
    before = len(project.rooms.told(PM))
    project.sweep()
    assert len(project.rooms.told(PM)) == before

    project.rooms.stage.act(RUTH, "accept_invitation")

    def heard() -> list[str]:
        project.sweep()
        return project.rooms.told(PM)[before:]

    project.rooms.stage.wait_for("word of who joined", heard)
    assert heard() == ["Harborpine Logistics: ruth.osei@harborpine.example has joined #ext-harborpine-logistics."]
