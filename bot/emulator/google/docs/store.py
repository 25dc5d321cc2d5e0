"""Documents on the shelf, and their revision ids."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from bot.emulator.google.docs import model

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

NAME = "documents"


def load(workspace: Workspace, file_id: str) -> model.Document:
    """The document of a file. It is shared with other readers: copy before editing."""
    return model.from_bytes(workspace.shelf.blobs(NAME)[file_id])


def save(workspace: Workspace, file_id: str, document: model.Document) -> None:
    """Keep a document under a file's id."""
    workspace.shelf.blobs(NAME)[file_id] = model.to_bytes(document)


def revision_id(document: model.Document, file_id: str, email: str) -> str:
    """The opaque id of the document's present revision, good for this person only."""
    return _revision(document.revision, file_id, email)


def is_earlier_revision(wanted: str, document: model.Document, file_id: str, email: str) -> bool:
    """Whether the id names a revision before the present one."""
    return any(_revision(number, file_id, email) == wanted for number in range(document.revision - 1, 0, -1))


def _revision(number: int, file_id: str, email: str) -> str:
    digest = hashlib.sha256(f"{file_id}:{number}:{email}".encode()).digest()
    return "ALm37B" + base64.urlsafe_b64encode(digest[:24]).decode()
