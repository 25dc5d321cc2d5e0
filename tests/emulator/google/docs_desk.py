"""The official Docs and Drive clients of one person, with short words for the requests that tests of documents make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from googleapiclient.errors import HttpError

INES, PRIYA, TOM = (f"{name}@fernhill.example" for name in ("ines.duarte", "priya.nair", "tom.brandt"))
Json = dict[str, Any]


class Desk:
    """One person's clients; the helpers raise what the clients raise."""

    def __init__(self, as_person: Callable[[str], Any], email: str) -> None:
        self._as_person, self.email = as_person, email
        clients = as_person(email)
        self.docs: Any = clients.docs
        self.drive: Any = clients.drive
        self.session: Any = clients.session

    def of(self, email: str) -> Desk:
        """The desk of somebody else."""
        return desk_of(self._as_person, email)

    def new(self, text: str = "", title: str = "Notes") -> str:
        """The id of a new document with that text."""
        made: str = self.docs.documents().create(body={"title": title}).execute()["documentId"]
        if text:
            self.batch(made, insert(1, text))
        return made

    def batch(self, file_id: str, *requests: Json, **control: str) -> Json:
        """batchUpdate; keywords are the writeControl."""
        body: Json = {"requests": list(requests)} | ({"writeControl": control} if control else {})
        answer: Json = self.docs.documents().batchUpdate(documentId=file_id, body=body).execute()
        return answer

    def reply(self, file_id: str, request: Json) -> Json:
        """The content of the reply to one request."""
        [reply] = self.batch(file_id, request)["replies"]
        [kind] = request
        content: Json = reply.get(kind, {})
        return content

    def get(self, file_id: str, **params: Any) -> Json:
        found: Json = self.docs.documents().get(documentId=file_id, **params).execute()
        return found

    def content(self, file_id: str) -> list[Json]:
        """The structural elements of the body."""
        found: list[Json] = self.get(file_id)["body"]["content"]
        return found

    def text(self, file_id: str) -> str:
        """The text of the body's own paragraphs and of its tables' cells, in order."""
        return "".join(texts(self.content(file_id)))

    def end(self, file_id: str) -> int:
        """The end index of the body."""
        found: int = self.content(file_id)[-1]["endIndex"]
        return found

    def share(self, file_id: str, email: str, role: str) -> None:
        grant = {"type": "user", "role": role, "emailAddress": email}
        self.drive.permissions().create(fileId=file_id, body=grant, sendNotificationEmail=False).execute()

    def refused(self, file_id: str, *requests: Json, status: int = 400, **control: str) -> str:
        """The message of the refusal of a batch; the document must be untouched."""
        before = self.get(file_id)
        with pytest.raises(HttpError) as caught:
            self.batch(file_id, *requests, **control)
        assert caught.value.status_code == status
        assert self.get(file_id) == before
        return str(caught.value.reason)


def texts(content: list[Json]) -> Iterator[str]:
    """The text of every run, depth first."""
    for element in content:
        for piece in element.get("paragraph", {}).get("elements", []):
            yield piece.get("textRun", {}).get("content", "")
        for row in element.get("table", {}).get("tableRows", []):
            for cell in row["tableCells"]:
                yield from texts(cell["content"])


def insert(index: int, text: str, **place: str) -> Json:
    """insertText at an index."""
    return {"insertText": {"location": {"index": index} | place, "text": text}}


def delete(start: int, end: int, **place: str) -> Json:
    """deleteContentRange."""
    return {"deleteContentRange": {"range": area(start, end) | place}}


def area(start: int, end: int) -> Json:
    """A Range."""
    return {"startIndex": start, "endIndex": end}


def text_style(start: int, end: int, fields: str = "", **style: Any) -> Json:
    """updateTextStyle of the given fields (all that are set unless `fields` says)."""
    return {"updateTextStyle": {"range": area(start, end), "textStyle": style, "fields": fields or ",".join(style)}}


def paragraph_style(start: int, end: int, fields: str = "", **style: Any) -> Json:
    """updateParagraphStyle of the given fields."""
    names = fields or ",".join(style)
    return {"updateParagraphStyle": {"range": area(start, end), "paragraphStyle": style, "fields": names}}


def bullets(start: int, end: int, preset: str = "BULLET_DISC_CIRCLE_SQUARE") -> Json:
    """createParagraphBullets."""
    return {"createParagraphBullets": {"range": area(start, end), "bulletPreset": preset}}


def table(index: int, rows: int, columns: int) -> Json:
    """insertTable."""
    return {"insertTable": {"location": {"index": index}, "rows": rows, "columns": columns}}


def cell_at(start: int, row: int, column: int) -> Json:
    """A TableCellLocation."""
    return {"tableStartLocation": {"index": start}, "rowIndex": row, "columnIndex": column}


def name_range(name: str, start: int, end: int) -> Json:
    """createNamedRange."""
    return {"createNamedRange": {"name": name, "range": area(start, end)}}


def replace_all(find: str, text: str, match_case: bool = True) -> Json:
    """replaceAllText."""
    return {"replaceAllText": {"containsText": {"text": find, "matchCase": match_case}, "replaceText": text}}


def points(magnitude: float) -> Json:
    """A Dimension."""
    return {"magnitude": magnitude, "unit": "PT"}


def color(**parts: float) -> Json:
    """An OptionalColor."""
    return {"color": {"rgbColor": parts}}


@cache
def desk_of(as_person: Callable[[str], Any], email: str) -> Desk:
    """A person's desk, made once: building the clients takes longer than most tests."""
    return Desk(as_person, email)


@pytest.fixture
def desk(as_person: Callable[[str], Any]) -> Desk:
    """Ines Duarte's clients."""
    return desk_of(as_person, INES)
