"""What Drive does with documents: create, copy, export, import and delete their content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.emulator.google import access, errors
from bot.emulator.google.docs import model, pictures, store

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

FORMATS = {
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/zip": ".zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/rtf": ".rtf",
    "application/epub+zip": ".epub",
}


@access.content(access.DOC)
class DocumentContent:
    """The content of files of the type `application/vnd.google-apps.document`."""

    export_formats = FORMATS
    import_formats = ("text/plain", "text/html", "text/markdown")

    def create(self, workspace: Workspace, file_id: str, title: str) -> None:  # noqa: ARG002 - Drive knows the name
        """An empty document."""
        store.save(workspace, file_id, model.blank())

    def copy(self, workspace: Workspace, source_id: str, target_id: str) -> None:
        """A copy without named ranges: that the real service keeps them is not confirmed, so none may count on it."""
        document = store.load(workspace, source_id).copy()
        document.named_ranges = {}
        document.revision = 1
        store.save(workspace, target_id, document)

    def export(self, workspace: Workspace, file_id: str, mime: str) -> bytes:
        """The document as PDF, text, Markdown or a zipped web page; 501 for the other formats of the real service."""
        from bot.emulator.google.docs import exports

        document = store.load(workspace, file_id)
        title: str = access.files(workspace)[file_id]["name"]
        made = exports.export(document, title, mime, pictures.reader(workspace))
        if made is None:
            raise errors.unimplemented("drive.files.export", f"document as {mime}")
        return made

    def import_(
        self,
        workspace: Workspace,
        file_id: str,
        title: str,  # noqa: ARG002 - Drive knows the name
        media: bytes,
        media_type: str,
    ) -> None:
        """The content of an uploaded text, HTML page or Markdown text; 501 for other types."""
        from bot.emulator.google.docs import imports

        document = imports.import_(media, media_type)
        if document is None:
            raise errors.unimplemented("drive.files.create", f"{media_type} to a document")
        blobs = workspace.shelf.blobs(store.NAME)
        if file_id in blobs:  # an upload over a document is its next revision
            document.revision = store.load(workspace, file_id).revision + 1
        store.save(workspace, file_id, document)

    def delete(self, workspace: Workspace, file_id: str) -> None:
        """Forget the content."""
        workspace.shelf.blobs(store.NAME).pop(file_id, None)
