"""What a person does with a document on the page: look at it, type at its end, replace words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.emulator.google import gateway

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace


def append_text(workspace: Workspace, email: str, file_id: str, text: str) -> None:
    """Type text at the end of the body as that person; a new paragraph unless the last one is empty.

    Raises GoogleError when the person may not edit the document.
    """
    from bot.emulator.google.docs import store

    _needs_access(workspace, email, file_id)
    body = store.load(workspace, file_id).body
    lead = "" if body.paragraph_start(body.end - 1) == body.end - 1 else "\n"
    _edit(workspace, email, file_id, {"insertText": {"endOfSegmentLocation": {}, "text": lead + text}})


def replace_text(workspace: Workspace, email: str, file_id: str, find: str, text: str) -> int:
    """Replace every occurrence of `find` (case counts) as that person; gives how many there were."""
    wanted = {"text": find, "matchCase": True}
    request = {"replaceAllText": {"containsText": wanted, "replaceText": text}}
    replies = _edit(workspace, email, file_id, request)["replies"]
    return int(replies[0].get("replaceAllText", {}).get("occurrencesChanged", 0))


def html(workspace: Workspace, email: str, file_id: str) -> str:
    """The document as that person sees it, a `<div>` with everything escaped. Raises GoogleError without access."""
    from bot.emulator.google.docs import store
    from bot.emulator.google.docs.exports.html import to_html

    _needs_access(workspace, email, file_id)
    return to_html(store.load(workspace, file_id))


def _needs_access(workspace: Workspace, email: str, file_id: str) -> None:
    gateway.invoke(workspace, email, "docs.documents.get", {"documentId": file_id})


def _edit(workspace: Workspace, email: str, file_id: str, request: dict[str, Any]) -> dict[str, Any]:
    name = "docs.documents.batchUpdate"
    answer: dict[str, Any] = gateway.invoke(workspace, email, name, {"documentId": file_id}, {"requests": [request]})
    return answer
