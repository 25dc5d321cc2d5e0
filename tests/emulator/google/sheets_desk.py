"""The official Sheets and Drive clients of one person with a fresh spreadsheet, in short words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from googleapiclient.errors import HttpError

INES, PRIYA, TOM = (f"{name}@fernhill.example" for name in ("ines.duarte", "priya.nair", "tom.brandt"))
Json = dict[str, Any]


class Desk:
    """One person's clients and one spreadsheet; the helpers raise what the clients raise."""

    def __init__(self, as_person: Callable[[str], Any], email: str = INES, file_id: str = "") -> None:
        self.as_person, self.email = as_person, email
        clients = as_person(email)
        self.clients = clients
        self.sheets: Any = clients.sheets.spreadsheets()
        self.drive: Any = clients.drive
        self.id: str = file_id or self.sheets.create(body={"properties": {"title": "Plan"}}).execute()["spreadsheetId"]

    def of(self, email: str, role: str = "writer") -> Desk:
        """The desk of somebody else, who gets that role."""
        body = {"type": "user", "role": role, "emailAddress": email}
        self.drive.permissions().create(fileId=self.id, body=body, sendNotificationEmail=False).execute()
        return Desk(self.as_person, email, self.id)

    # -- values ------------------------------------------------------------------------------------------------

    def put(self, where: str, values: list[list[Any]], option: str | None = "RAW", **more: Any) -> Json:
        """values.update."""
        given = {"spreadsheetId": self.id, "range": where, "body": {"values": values}, **more}
        if option:
            given["valueInputOption"] = option
        found: Json = self.sheets.values().update(**given).execute()
        return found

    def type(self, where: str, *texts: Any) -> Json:
        """USER_ENTERED, downwards from a cell."""
        return self.put(where, [[text] for text in texts], "USER_ENTERED")

    def got(self, where: str, **more: Any) -> Json:
        """values.get."""
        found: Json = self.sheets.values().get(spreadsheetId=self.id, range=where, **more).execute()
        return found

    def values(self, where: str, **more: Any) -> list[list[Any]]:
        """The values alone, [] when there are none."""
        found: list[list[Any]] = self.got(where, **more).get("values", [])
        return found

    def cell(self, where: str, **more: Any) -> Any:
        """One value, None when empty."""
        found = self.values(where, **more)
        return found[0][0] if found else None

    def raw(self, where: str) -> Any:
        """One unformatted value."""
        return self.cell(where, valueRenderOption="UNFORMATTED_VALUE")

    def formula(self, where: str) -> Any:
        """One cell's formula or literal."""
        return self.cell(where, valueRenderOption="FORMULA")

    def append(self, where: str, values: list[list[Any]], option: str = "RAW", **more: Any) -> Json:
        """values.append."""
        call = self.sheets.values().append
        found: Json = call(
            spreadsheetId=self.id, range=where, valueInputOption=option, body={"values": values}, **more
        ).execute()
        return found

    # -- the spreadsheet ---------------------------------------------------------------------------------------

    def get(self, **more: Any) -> Json:
        """spreadsheets.get."""
        found: Json = self.sheets.get(spreadsheetId=self.id, **more).execute()
        return found

    def tab(self, index: int = 0) -> Json:
        """One Sheet resource without cells."""
        found: Json = self.get()["sheets"][index]
        return found

    def titles(self) -> list[str]:
        """The tabs in their order."""
        return [one["properties"]["title"] for one in self.get()["sheets"]]

    def data(self, where: str, **more: Any) -> Json:
        """GridData of one range."""
        found: Json = self.get(ranges=[where], includeGridData=True, **more)["sheets"][0]["data"][0]
        return found

    def cell_data(self, where: str) -> Json:
        """CellData of one cell."""
        rows = self.data(where).get("rowData", [])
        found: Json = rows[0].get("values", [{}])[0] if rows else {}
        return found

    def batch(self, *requests: Json, **more: Any) -> Json:
        """batchUpdate."""
        found: Json = self.sheets.batchUpdate(
            spreadsheetId=self.id, body={"requests": list(requests), **more}
        ).execute()
        return found

    def reply(self, request: Json) -> Json:
        """The content of the reply to one request."""
        [reply] = self.batch(request)["replies"]
        content: Json = reply.get(next(iter(request)), {})
        return content

    def refused(self, *requests: Json) -> str:
        """The message of a refused batch; the spreadsheet is the same before and after."""
        before = self.get(includeGridData=True, ranges=self.titles_quoted())
        message = refusal(lambda: self.batch(*requests))
        assert self.get(includeGridData=True, ranges=self.titles_quoted()) == before
        return message

    def titles_quoted(self) -> list[str]:
        """The first rows of every tab, as ranges."""
        return ["'" + title.replace("'", "''") + "'!A1:J30" for title in self.titles()]

    def new_tab(self, title: str, rows: int = 20, columns: int = 8) -> int:
        """The id of a new tab."""
        grid = {"rowCount": rows, "columnCount": columns}
        found: int = self.reply({"addSheet": {"properties": {"title": title, "gridProperties": grid}}})["properties"][
            "sheetId"
        ]
        return found


def refusal(act: Callable[[], Any], status: int = 400) -> str:
    """The message of the error that `act` raises."""
    with pytest.raises(HttpError) as caught:
        act()
    assert caught.value.resp.status == status, caught.value
    found: str = caught.value.reason
    return found


def grid(rows: tuple[int, int] | None = None, columns: tuple[int, int] | None = None, sheet: int = 0) -> Json:
    """A GridRange."""
    found: Json = {"sheetId": sheet}
    if rows:
        found |= {"startRowIndex": rows[0], "endRowIndex": rows[1]}
    if columns:
        found |= {"startColumnIndex": columns[0], "endColumnIndex": columns[1]}
    return found


def span(axis: str, start: int, end: int, sheet: int = 0) -> Json:
    """A DimensionRange."""
    return {"sheetId": sheet, "dimension": axis, "startIndex": start, "endIndex": end}


@pytest.fixture
def desk(as_person: Callable[[str], Any]) -> Desk:
    """Ines with a fresh spreadsheet."""
    return Desk(as_person)


def listed(*values: str) -> dict[str, object]:
    return {
        "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": value} for value in values]},
        "strict": True,
        "showCustomUi": True,
    }
