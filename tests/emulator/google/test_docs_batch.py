"""batchUpdate as a whole: atomic, ordered, one reply each, guarded by revisions, loud about what it does not do."""

from __future__ import annotations

import json

import pytest
from docs_desk import TOM, Desk, delete, desk, insert, name_range, replace_all, text_style
from googleapiclient.errors import HttpError

from bot.emulator.google.docs.edit import KINDS
from bot.emulator.google.documents import document

__all__ = ["desk"]
WRONG = [insert(1, "good"), insert(900, "bad")]


def test_one_bad_request_changes_nothing(desk: Desk) -> None:
    """Fact: a batch is atomic; `refused` compares the whole document, revision included, before and after."""
    message = desk.refused(desk.new("abc"), *WRONG)
    assert message.startswith("Invalid requests[1].insertText: ")


def test_requests_run_in_order(desk: Desk) -> None:
    """Fact: requests are ordered; each sees the indexes that the ones before it left."""
    made = desk.new()
    requests = [insert(1, "world"), insert(1, "Hello "), delete(1, 2), insert(1, "J")]
    desk.docs.documents().batchUpdate(documentId=made, body={"requests": requests}).execute()
    assert desk.text(made) == "Jello world\n"


def test_replies_map_one_to_one(desk: Desk) -> None:
    """Fact: replies are 1:1 with the requests, empty where there is nothing to say."""
    made = desk.new("one two one")
    answer = desk.batch(made, replace_all("one", "1"), insert(1, "x"), name_range("r", 1, 3), replace_all("zzz", "y"))
    first, second, third, fourth = answer["replies"]
    assert first == {"replaceAllText": {"occurrencesChanged": 2}}
    assert second == {}
    assert third["createNamedRange"]["namedRangeId"].startswith("kix.")
    assert fourth in ({"replaceAllText": {}}, {})
    assert answer["documentId"] == made


def test_an_empty_batch_is_refused(desk: Desk) -> None:
    """Fact: an empty request list is 400."""
    assert desk.refused(desk.new()) == "Must specify at least one request."


def test_the_error_is_of_the_docs_family(desk: Desk) -> None:
    """Fact: Docs errors are `{"error":{"code","message","status"}}`, never `errors[]`."""
    with pytest.raises(HttpError) as caught:
        desk.batch(desk.new(), insert(5, "x"))
    text = "Invalid requests[0].insertText: Index 5 must be less than the end index of the referenced segment, 2."
    assert json.loads(caught.value.content) == {"error": {"code": 400, "message": text, "status": "INVALID_ARGUMENT"}}


def test_the_reply_names_the_new_revision(desk: Desk) -> None:
    """Fact: the reply's `writeControl.requiredRevisionId` is the new revision."""
    made = desk.new()
    old = desk.get(made)["revisionId"]
    answer = desk.batch(made, insert(1, "x"), requiredRevisionId=old)
    new = answer["writeControl"]["requiredRevisionId"]
    assert new == desk.get(made)["revisionId"] != old
    desk.batch(made, insert(1, "y"), requiredRevisionId=new)


def test_a_stale_required_revision_is_refused(desk: Desk) -> None:
    """Fact: a stale `requiredRevisionId` → 400 containing "does not match the latest revision" (status UNCONFIRMED)."""
    made = desk.new()
    old = desk.get(made)["revisionId"]
    desk.batch(made, insert(1, "somebody else"))
    message = desk.refused(made, insert(1, "x"), requiredRevisionId=old)
    assert "does not match the latest revision" in message


def test_revisions_are_not_shareable_between_users(desk: Desk) -> None:
    """Fact: a revision id is opaque and cannot be shared between users."""
    made = desk.new()
    desk.share(made, TOM, "writer")
    theirs = desk.of(TOM).get(made)["revisionId"]
    assert "does not match" in desk.refused(made, insert(1, "x"), requiredRevisionId=theirs)


def test_reading_does_not_change_the_revision(desk: Desk) -> None:
    """Fact: if the revision id is unchanged between calls, the document has not changed."""
    made = desk.new("x")
    assert desk.get(made)["revisionId"] == desk.get(made, includeTabsContent=True)["revisionId"]


def test_target_revisions(desk: Desk) -> None:
    """Fact: `targetRevisionId` of the present revision writes, one out of reach is 400; merging is refused by name."""
    made = desk.new()
    first = desk.get(made)["revisionId"]
    desk.batch(made, insert(1, "a"), targetRevisionId=first)
    desk.refused(made, insert(1, "b"), targetRevisionId="ALm37Bnonsense")
    assert "targetRevisionId" in desk.refused(made, insert(1, "b"), targetRevisionId=first, status=501)


def test_suggestions_are_refused(desk: Desk) -> None:
    """Fact: `writeMode: SUGGEST` got "Unsupported WriteControl mode" on some surfaces (UNCONFIRMED): so here."""
    message = desk.refused(desk.new(), insert(1, "x"), writeMode="SUGGEST")
    assert message == "Unsupported WriteControl mode."


def test_an_unknown_request_kind_is_refused_by_the_schema(desk: Desk) -> None:
    """Fact: an unknown JSON key in a batchUpdate is 400 `Unknown name "x" at 'requests[0]'`."""
    made = desk.new()
    assert "Unknown name \"insertComet\" at 'requests[0]'" in desk.refused(made, {"insertComet": {}})
    assert "Unknown name" in desk.refused(made, {"insertText": {"location": {"index": 1}, "txt": "x"}})


def test_a_request_of_two_kinds_is_refused(desk: Desk) -> None:
    """A request is one of its kinds."""
    both = insert(1, "x") | delete(1, 2)
    assert "oneof" in desk.refused(desk.new("ab"), both)


def test_an_empty_request_is_refused(desk: Desk) -> None:
    """A request without a kind is refused."""
    assert desk.refused(desk.new(), {}).startswith("Invalid requests[0]")


def test_kinds_that_are_not_supported_are_named(desk: Desk) -> None:
    """Every request kind of the discovery document either works or answers 501 with its own name."""
    made = desk.new("x")
    kinds = set(document("docs").schemas["Request"]["properties"])
    assert set(KINDS) <= kinds
    for kind in sorted(kinds - set(KINDS)):
        assert kind in desk.refused(made, {kind: {}}, status=501)


@pytest.mark.parametrize("part", ["location", "range"])
def test_another_tab_is_refused(desk: Desk, part: str) -> None:
    """Fact: `tabId` omitted means the first tab; in a document of one tab a given one must be that tab's."""
    made = desk.new("hello")
    desk.batch(made, insert(1, "x", tabId="t.0"))
    request = insert(1, "x", tabId="t.9") if part == "location" else delete(1, 2, tabId="t.9")
    assert "t.9" in desk.refused(made, request)


def test_tabs_criteria_default_to_all_tabs(desk: Desk) -> None:
    """Fact: replaceAllText and the named range requests apply to all tabs unless told; a wrong tab fails."""
    made = desk.new("hello")
    request = replace_all("hello", "bye")
    desk.batch(made, request)
    request["replaceAllText"]["tabsCriteria"] = {"tabIds": ["t.7"]}
    assert "t.7" in desk.refused(made, request)


def test_many_requests_in_one_batch_are_quick(desk: Desk) -> None:
    """A report of some hundred requests takes well under a second."""
    made = desk.new()
    desk.batch(made, *(insert(1, f"line {number}\n") for number in range(300)), text_style(1, 5, bold=True))
    assert desk.text(made).count("\n") == 301
