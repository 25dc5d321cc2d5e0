"""Who should reach what, as a table: colleagues, customers, links, domains, groups, service accounts."""

from __future__ import annotations

import pytest

from bot.project.access import Admission, Grant, gaps, strays, team
from bot.project.wall import FileKind, project_domains

BOT, OURS = "implbot@project.iam.gserviceaccount.com", ("fernhill.example",)
RUTH = Admission(frozenset({"ruth@harborpine.example"}), frozenset({"harborpine.example"}))
MOVED = Admission(frozenset({"ruth@harborpine.example"}), frozenset({"quillstone.example"}))
PLAN, BOOK, FOLDER = FileKind.PLAN, FileKind.PLAYBOOK, FileKind.FOLDER


def user(email: str) -> Grant:
    return Grant("1", "user", "reader", email)


@pytest.mark.parametrize(
    ("kind", "grant", "admission", "is_stray"),
    [
        (BOOK, user("lena@fernhill.example"), Admission(), False),
        (BOOK, user("Lena@FERNHILL.example"), Admission(), False),
        (BOOK, user(BOT), Admission(), False),
        (BOOK, user("other@project.iam.gserviceaccount.com"), Admission(), True),
        (BOOK, user("ruth@harborpine.example"), RUTH, True),
        (FOLDER, user("ruth@harborpine.example"), RUTH, True),
        (PLAN, user("ruth@harborpine.example"), RUTH, False),
        (PLAN, user("Ruth@Harborpine.example"), RUTH, False),
        (PLAN, user("ruth@harborpine.example"), MOVED, True),
        (PLAN, user("sam@harborpine.example"), RUTH, True),
        (PLAN, user(""), RUTH, True),
        (PLAN, user("ruth@harborpine.example.evil.example"), RUTH, True),
        (PLAN, Grant("anyoneWithLink", "anyone", "reader"), RUTH, True),
        (BOOK, Grant("2", "domain", "reader", domain="fernhill.example"), Admission(), False),
        (PLAN, Grant("2", "domain", "reader", domain="harborpine.example"), RUTH, True),
        (BOOK, Grant("3", "group", "reader", "team@fernhill.example"), Admission(), False),
        (PLAN, Grant("3", "group", "reader", "all@harborpine.example"), RUTH, True),
    ],
)
def test_accesses_that_nobody_intended(kind: FileKind, grant: Grant, admission: Admission, is_stray: bool) -> None:
    """Each with its reason; only an opened plan knows people of a customer, one by one."""
    found = strays(kind, [grant], OURS, BOT, admission)

    assert bool(found) is is_stray
    assert all(one.why for one in found)


def test_the_team_s_access_and_what_lacks_of_it() -> None:
    """Who runs the project writes, the others read; more than wanted is nobody's gap."""
    wanted = team(
        [("pm", "p@x.example"), ("ce", "p@x.example"), ("ae", "a@x.example"), ("ta", ""), ("ie", "i@x.example")]
    )
    held = [Grant("1", "user", "reader", "P@x.example"), Grant("2", "user", "organizer", "i@x.example")]

    assert wanted == {"p@x.example": "writer", "a@x.example": "reader", "i@x.example": "writer"}
    assert gaps(wanted, held) == {"p@x.example": "writer", "a@x.example": "reader"}


def test_the_domains_of_a_project() -> None:
    """Ours and other customers' are none, whatever somebody typed."""
    found = project_domains("Harborpine.example, fernhill.example; quillstone.example nonsense", OURS,
                            {"quillstone.example": "Quillstone Bank"})  # fmt: skip

    assert found.allowed == ("harborpine.example",)
    assert found.refused == {
        "fernhill.example": "it is our own",
        "quillstone.example": "it belongs to another customer, Quillstone Bank",
    }
