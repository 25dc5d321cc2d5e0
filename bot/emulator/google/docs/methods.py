"""documents.create, documents.get and documents.batchUpdate."""

from __future__ import annotations

from typing import Any

from bot.emulator.google import access, errors
from bot.emulator.google.docs import batch, pictures, printing, store
from bot.emulator.google.docs.edit import KINDS
from bot.emulator.google.docs.model import Document, blank
from bot.emulator.google.gateway import Call, method

INLINE, WITHOUT = "SUGGESTIONS_INLINE", "PREVIEW_WITHOUT_SUGGESTIONS"


@method(
    "docs.documents.create",
    notes="Only the title is used.",
    test="test_docs_documents.py::test_create_uses_only_the_title",
)
def create(call: Call) -> dict[str, Any]:
    """An empty document in the caller's My Drive root."""
    title = call.body.get("title") or "Untitled document"
    row = access.create_native(call, title, access.DOC)
    document = blank()
    store.save(call.workspace, row["id"], document)
    return _resource(call, row, document, writer=True, tabs=False)


@method(
    "docs.documents.get",
    notes="One tab; no suggestions; comments are refused.",
    test="test_docs_documents.py::test_tabs_replace_the_legacy_fields",
)
def get(call: Call) -> dict[str, Any]:
    """The document, as `tabs` or in the top-level fields."""
    row = access.open_file(call, call.params["documentId"], access.DOC)
    writer = access.has(access.role(call.workspace, call.caller, row), "writer")
    tabs = bool(call.params.get("includeTabsContent") or "tabs" in call.mask)
    _check_views(call, tabs, writer)
    return _resource(call, row, store.load(call.workspace, row["id"]), writer, tabs)


def _check_views(call: Call, tabs: bool, writer: bool) -> None:
    suggestions = call.params.get("suggestionsViewMode", "")
    if suggestions in (INLINE, "PREVIEW_SUGGESTIONS_ACCEPTED") and not writer:
        raise errors.permission_denied()
    comments = call.params.get("commentsViewMode")
    if comments and not tabs:
        raise errors.bad_request("The comments view mode requires that tabs content is included.")
    if comments == "COMMENTS_VIEW_MODE_INCLUDED" and suggestions != INLINE:
        raise errors.bad_request("The comments view mode requires the suggestions view mode SUGGESTIONS_INLINE.")
    if comments not in (None, "COMMENTS_VIEW_MODE_UNSPECIFIED", "COMMENTS_VIEW_MODE_OMITTED"):
        raise errors.unimplemented(call.method, f"commentsViewMode {comments}")


def _resource(call: Call, row: dict[str, Any], document: Document, writer: bool, tabs: bool) -> dict[str, Any]:
    content = {"tabs": printing.tabs(document)} if tabs else printing.legacy(document)
    revision = {"revisionId": store.revision_id(document, row["id"], call.caller)} if writer else {}
    view = call.params.get("suggestionsViewMode", "DEFAULT_FOR_CURRENT_ACCESS")
    if view == "DEFAULT_FOR_CURRENT_ACCESS":
        view = INLINE if writer else WITHOUT
    return {"title": row["name"], **content, **revision, "suggestionsViewMode": view, "documentId": row["id"]}


@method(
    "docs.documents.batchUpdate",
    partial=True,
    notes=f"Kinds: {', '.join(sorted(KINDS))}. Other kinds, regular expressions and merging by targetRevisionId answer "
    "501 by name. UNCONFIRMED, so the cautious way: writeMode SUGGEST is refused, a stale revision is "
    "FAILED_PRECONDITION, an insertion inside an emoji is refused, copies keep no named ranges. "
    "Images: only public files of this workspace.",
    test="test_docs_batch.py::test_one_bad_request_changes_nothing",
)
def batch_update(call: Call) -> dict[str, Any]:
    """All requests or none."""
    file_id = call.params["documentId"]
    access.open_file(call, file_id, access.DOC, role="writer")
    document = store.load(call.workspace, file_id)
    _check_revision(call, file_id, document)
    edited, replies = batch.apply(document, call.body.get("requests", []), pictures.finder(call.workspace))
    store.save(call.workspace, file_id, edited)
    access.touch(call, file_id)
    control = {"requiredRevisionId": store.revision_id(edited, file_id, call.caller)}
    return {"replies": replies, "writeControl": control, "documentId": file_id}


def _check_revision(call: Call, file_id: str, document: Document) -> None:
    """Refuse a write against another revision than the present one, and ways of writing that are not supported."""
    control = call.body.get("writeControl", {})
    if control.get("writeMode") == "SUGGEST":
        raise errors.bad_request("Unsupported WriteControl mode.")
    required, target = control.get("requiredRevisionId"), control.get("targetRevisionId")
    if required and target:
        raise errors.bad_request("Only one of requiredRevisionId and targetRevisionId may be specified.")
    present = store.revision_id(document, file_id, call.caller)
    if required and required != present:
        raise errors.failed_precondition(
            f"The required revision ID '{required}' does not match the latest revision of the document."
        )
    if target and target != present:
        if store.is_earlier_revision(target, document, file_id, call.caller):
            raise errors.unimplemented(call.method, "merging a write into later edits (targetRevisionId)")
        raise errors.bad_request(f"The target revision ID '{target}' is invalid or too far behind the latest revision.")
