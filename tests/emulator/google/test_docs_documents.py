"""documents.create and documents.get: what a document looks like on the wire and who sees what of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import requests
from docs_desk import INES, PRIYA, TOM, Desk, Json, desk, insert, paragraph_style, table
from googleapiclient.errors import HttpError

from bot.emulator.google import auth
from bot.emulator.server import Running, serve
from bot.emulator.workspace import EmulatorSettings, Workspace

__all__ = ["desk"]


def test_create_uses_only_the_title(desk: Desk) -> None:
    """Fact: `documents.create` uses only `title`; a body that is sent along is ignored."""
    body = {"title": "Kick-off", "body": {"content": [{"paragraph": {"elements": [{"textRun": {"content": "x"}}]}}]}}
    made = desk.docs.documents().create(body=body).execute()
    assert made["title"] == "Kick-off"
    assert desk.text(made["documentId"]) == "\n"


def test_create_without_a_title_names_the_document(desk: Desk) -> None:
    """A document needs no title to be made."""
    assert desk.docs.documents().create(body={}).execute()["title"] == "Untitled document"


def test_a_new_document_is_a_section_break_and_an_empty_paragraph(desk: Desk) -> None:
    """Fact: `body.content[0]` is a sectionBreak with `endIndex:1` and no startIndex; text starts at 1."""
    first, second = desk.docs.documents().get(documentId=desk.new()).execute()["body"]["content"]
    style = {"columnSeparatorStyle": "NONE", "contentDirection": "LEFT_TO_RIGHT", "sectionType": "CONTINUOUS"}
    assert first == {"endIndex": 1, "sectionBreak": {"sectionStyle": style}}
    run = {"startIndex": 1, "endIndex": 2, "textRun": {"content": "\n", "textStyle": {}}}
    paragraph = {
        "elements": [run],
        "paragraphStyle": {"namedStyleType": "NORMAL_TEXT", "direction": "LEFT_TO_RIGHT"},
    }
    assert second == {"startIndex": 1, "endIndex": 2, "paragraph": paragraph}


def test_named_styles_and_document_style_are_googles_defaults(desk: Desk) -> None:
    """Recorded: the nine named styles with their sizes and greys, US Letter with inch margins, zeros left out."""
    found = desk.get(desk.new())
    styles = {style["namedStyleType"]: style for style in found["namedStyles"]["styles"]}
    assert list(styles) == ["NORMAL_TEXT", *(f"HEADING_{n}" for n in range(1, 7)), "TITLE", "SUBTITLE"]
    sizes = {name: style["textStyle"]["fontSize"]["magnitude"] for name, style in styles.items()}
    assert sizes["NORMAL_TEXT"] == 11
    assert (sizes["HEADING_1"], sizes["HEADING_2"], sizes["TITLE"], sizes["SUBTITLE"]) == (20, 16, 26, 15)
    assert styles["NORMAL_TEXT"]["paragraphStyle"]["spaceAbove"] == {"unit": "PT"}
    assert styles["HEADING_1"]["paragraphStyle"]["namedStyleType"] == "NORMAL_TEXT"
    page = {"height": {"magnitude": 792, "unit": "PT"}, "width": {"magnitude": 612, "unit": "PT"}}
    assert found["documentStyle"]["pageSize"] == page
    assert found["documentStyle"]["marginTop"] == {"magnitude": 72, "unit": "PT"}
    assert "lists" not in found
    assert "namedRanges" not in found
    assert "headers" not in found


def test_tabs_replace_the_legacy_fields(desk: Desk) -> None:
    """Fact: legacy top-level fields describe the first tab; `includeTabsContent=true` fills `tabs[]` instead."""
    made = desk.new("Hello")
    legacy, tabbed = desk.get(made), desk.get(made, includeTabsContent=True)
    assert "tabs" not in legacy
    assert {"body", "documentStyle", "namedStyles"} & tabbed.keys() == set()
    [tab] = tabbed["tabs"]
    assert tab["tabProperties"] == {"tabId": "t.0", "title": "Tab 1", "index": 0}
    assert tab["documentTab"]["body"] == legacy["body"]
    assert tab["documentTab"]["namedStyles"] == legacy["namedStyles"]


def test_a_mask_naming_tabs_implies_tabs(desk: Desk) -> None:
    """Fact: a field mask naming tabs implies `includeTabsContent=true`."""
    found = desk.get(desk.new("Hello"), fields="documentId,tabs.documentTab.body.content(endIndex)")
    assert found["tabs"][0]["documentTab"]["body"]["content"][-1] == {"endIndex": 7}


def test_masks_pick_from_the_document(desk: Desk) -> None:
    """A nested mask keeps only what it names."""
    found = desk.get(desk.new("Hello"), fields="title,body/content/paragraph/elements/textRun/content")
    assert found.keys() == {"title", "body"}
    assert found["body"]["content"][-1] == {"paragraph": {"elements": [{"textRun": {"content": "Hello\n"}}]}}


def test_a_wrong_mask_is_refused(desk: Desk) -> None:
    """Fact: a bad `fields` mask gives the generic message, the reason is in `details[].fieldViolations[]`."""
    with pytest.raises(HttpError) as caught:
        desk.get(desk.new(), fields="body.nonsense")
    error = json.loads(caught.value.content)["error"]
    assert error["message"] == "Request contains an invalid argument."
    assert "Cannot find matching fields" in error["details"][0]["fieldViolations"][0]["description"]


def test_every_run_is_as_long_as_its_utf16_content(desk: Desk) -> None:
    """Fact: indices count UTF-16 code units: 🙂 = 2, 👍🏽 = 4."""
    made = desk.new("🙂👍🏽é")
    run = desk.content(made)[1]["paragraph"]["elements"][0]
    assert run["textRun"]["content"] == "🙂👍🏽é\n"
    assert (run["startIndex"], run["endIndex"]) == (1, 9)


def test_revision_ids_are_for_editors_only(desk: Desk) -> None:
    """Fact: `revisionId` is returned only to editors; viewers see PREVIEW_WITHOUT_SUGGESTIONS by default."""
    made = desk.new("Hello")
    desk.share(made, PRIYA, "reader")
    desk.share(made, TOM, "writer")
    mine, reader, writer = desk.get(made), desk.of(PRIYA).get(made), desk.of(TOM).get(made)
    assert mine["suggestionsViewMode"] == writer["suggestionsViewMode"] == "SUGGESTIONS_INLINE"
    assert reader["suggestionsViewMode"] == "PREVIEW_WITHOUT_SUGGESTIONS"
    assert "revisionId" not in reader
    assert mine["revisionId"] != writer["revisionId"]
    assert mine["body"] == reader["body"]


def test_a_viewer_may_not_ask_for_suggestions(desk: Desk) -> None:
    """Fact: suggestion modes other than the preview without them are for those who may see suggestions (403)."""
    made = desk.new()
    desk.share(made, PRIYA, "reader")
    with pytest.raises(HttpError) as caught:
        desk.of(PRIYA).get(made, suggestionsViewMode="SUGGESTIONS_INLINE")
    assert caught.value.status_code == 403
    assert desk.get(made, suggestionsViewMode="PREVIEW_WITHOUT_SUGGESTIONS")["suggestionsViewMode"].startswith("PREV")


def test_comments_are_refused_loudly(desk: Desk) -> None:
    """What the workspace does not have is named: comments in a document are a 501, not an empty list."""
    with pytest.raises(HttpError) as caught:
        desk.get(
            desk.new(),
            includeTabsContent=True,
            suggestionsViewMode="SUGGESTIONS_INLINE",
            commentsViewMode="COMMENTS_VIEW_MODE_INCLUDED",
        )
    assert caught.value.status_code == 501


def test_unknown_and_foreign_ids(desk: Desk) -> None:
    """Facts: an unknown id (such as a published-to-web one) is 404; a known one without access is 403."""
    with pytest.raises(HttpError) as caught:
        desk.get("2PACX-1vTnotADocument")
    assert (caught.value.status_code, caught.value.reason) == (404, "Requested entity was not found.")
    with pytest.raises(HttpError) as caught:
        desk.of(PRIYA).get(desk.new())
    assert (caught.value.status_code, caught.value.reason) == (403, "The caller does not have permission")


def test_a_reader_cannot_write(desk: Desk) -> None:
    """A writer's role is needed for batchUpdate."""
    made = desk.new()
    desk.share(made, PRIYA, "commenter")
    with pytest.raises(HttpError) as caught:
        desk.of(PRIYA).batch(made, insert(1, "x"))
    assert caught.value.status_code == 403


def test_ids_of_other_types(desk: Desk) -> None:
    """Facts: another native type is 404, an Office file 400 FAILED_PRECONDITION, a folder 400 INVALID_ARGUMENT."""
    create = desk.drive.files().create

    def refusal(mime: str) -> tuple[int, str, str]:
        made = create(body={"name": "x", "mimeType": mime}, fields="id").execute()["id"]
        with pytest.raises(HttpError) as caught:
            desk.get(made)
        error = json.loads(caught.value.content)["error"]
        return error["code"], error["status"], error["message"]

    assert refusal("application/vnd.google-apps.spreadsheet")[:2] == (404, "NOT_FOUND")
    assert refusal("application/vnd.google-apps.folder")[:2] == (400, "INVALID_ARGUMENT")
    word = refusal("application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    assert word[:2] == (400, "FAILED_PRECONDITION")
    assert word[2].endswith("The document must not be an Office file.")


def test_without_a_token_docs_answers_401(running: Running) -> None:
    """Fact: no Authorization header at all: Docs answers 401 `UNAUTHENTICATED`."""
    response = requests.get(f"{running.url}/v1/documents/abc", timeout=20)
    assert response.status_code == 401
    assert response.json()["error"]["status"] == "UNAUTHENTICATED"


def test_a_readonly_scope_cannot_write(desk: Desk, running: Running) -> None:
    """A token with documents.readonly opens get, not batchUpdate."""
    made = desk.new("Hello")
    claims = {"sub": INES, "scopes": ["https://www.googleapis.com/auth/documents.readonly"], "project": "p"}
    headers = {"Authorization": f"Bearer {auth.sign(running.workspace, claims)}"}
    url = f"{running.url}/v1/documents/{made}"
    assert requests.get(url, headers=headers, timeout=20).status_code == 200
    body = {"requests": [insert(1, "x")]}
    assert requests.post(url + ":batchUpdate", json=body, headers=headers, timeout=20).status_code == 403


def test_the_answer_is_pretty_printed_with_defaults_left_out(desk: Desk) -> None:
    """Recorded: two-space JSON; false, zero and empty values of plain fields are absent."""
    made = desk.new("One\n")
    response = desk.session.get(f"https://docs.googleapis.com/v1/documents/{made}", timeout=20)
    assert response.headers["content-type"] == "application/json; charset=UTF-8"
    assert response.text.startswith('{\n  "title": "Notes",\n  "body": {\n    "content": [\n')
    assert '"startIndex": 0' not in response.text
    assert '"nestingLevel": 0' not in response.text


def test_edits_show_in_drive(desk: Desk) -> None:
    """A write touches the file: its modified time and version grow; its name is the document's title."""
    made = desk.new()
    before = desk.drive.files().get(fileId=made, fields="version,modifiedTime,name,mimeType").execute()
    desk.batch(made, insert(1, "x"))
    after = desk.drive.files().get(fileId=made, fields="version,modifiedTime").execute()
    assert int(after["version"]) > int(before["version"])
    assert after["modifiedTime"] >= before["modifiedTime"]
    assert (before["name"], before["mimeType"]) == ("Notes", "application/vnd.google-apps.document")
    desk.drive.files().update(fileId=made, body={"name": "Minutes"}).execute()
    assert desk.get(made)["title"] == "Minutes"


def test_elements_tile_the_body(desk: Desk) -> None:
    """Fact: every paragraph includes its newline; runs split on style and newline; nothing is left between them."""
    made = desk.new("One\nTwo\nThree")
    desk.batch(made, table(4, 2, 3), paragraph_style(1, 2, namedStyleType="HEADING_1"))
    content = desk.content(made)
    assert [element["endIndex"] for element in content[:-1]] == [element["startIndex"] for element in content[1:]]


def test_quotas() -> None:
    """Facts: 300 reads and 60 writes a minute and user, 429 above; one batchUpdate is one write whatever it holds.

    The minute may turn over while the calls run, so up to twice as many may pass.
    """
    with serve(Workspace.open(EmulatorSettings(limits=True))) as limited, requests.Session() as session:
        claims = {"sub": INES, "scopes": ["https://www.googleapis.com/auth/documents"], "project": "p"}
        session.headers["Authorization"] = f"Bearer {auth.sign(limited.workspace, claims)}"
        made = session.post(f"{limited.url}/v1/documents", json={"title": "x"}, timeout=20).json()["documentId"]
        url = f"{limited.url}/v1/documents/{made}"
        body = {"requests": [insert(1, "a"), insert(1, "b")]}
        writes, error = until_refused(lambda: session.post(url + ":batchUpdate", json=body, timeout=20))
        reads, _ = until_refused(lambda: session.get(url, params={"fields": "documentId"}, timeout=20))
    assert 59 <= writes <= 119
    assert 300 <= reads <= 600
    assert (error["code"], error["status"]) == (429, "RESOURCE_EXHAUSTED")


def until_refused(call: Callable[[], requests.Response]) -> tuple[int, Json]:
    """How often a call passes before it is refused, and the error then."""
    for passed in range(700):
        response = call()
        if response.status_code != 200:
            return passed, response.json()["error"]
    raise AssertionError("never refused")
