"""A document in the formats that Drive exports."""

from __future__ import annotations

from collections.abc import Callable

from bot.emulator.google.docs.model import Document


def export(document: Document, title: str, mime: str, read: Callable[[str], bytes | None]) -> bytes | None:
    """The document as bytes of that type, None for a type we do not make. `read` gives the image behind a URI."""
    if mime == "application/pdf":
        from bot.emulator.google.docs.exports.pdf import to_pdf

        return to_pdf(document, title, read)
    if mime == "text/plain":
        from bot.emulator.google.docs.exports.text import to_text

        return to_text(document)
    if mime == "text/markdown":
        from bot.emulator.google.docs.exports.markdown import to_markdown

        return to_markdown(document).encode()
    if mime == "application/zip":
        from bot.emulator.google.docs.exports.html import to_zip

        return to_zip(document, title)
    return None
