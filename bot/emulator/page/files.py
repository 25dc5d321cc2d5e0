"""What one person sees of Drive, and of a document on paper; writing goes through the APIs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.emulator.google import access
from bot.emulator.google.access import DOC, FOLDER, SHEET
from bot.emulator.google.docs import hands
from bot.emulator.google.errors import GoogleError
from bot.emulator.google.gateway import invoke
from bot.emulator.google.sheets import hands as typing
from bot.emulator.page import grid
from bot.emulator.page.links import address
from bot.emulator.page.reader import Gone, Reader, Row

KINDS = {FOLDER: ("folder", "drive", "folder"), SHEET: ("sheet", "sheet", "file"), DOC: ("doc", "doc", "file")}
ROLES = {"owner": "owner", "organizer": "manager", "fileOrganizer": "content manager", "writer": "editor"}


def _role(reader: Reader, row: Row) -> str:
    return access.role(reader.workspace, reader.me["email"], row)


def _there(reader: Reader, file_id: str) -> Row:
    """The row of a file this person may see; raises Gone."""
    row = access.files(reader.workspace).get(file_id)
    if row is None or not _role(reader, row):
        raise Gone("There is no such file, or it is not shared with you.", reader.me)
    return dict(row)


def drive(reader: Reader, query: Mapping[str, str]) -> dict[str, Any]:
    """The values of drive.html: a folder, or the top with My Drive, shared drives and what others shared."""
    wanted = query.get("folder", "")
    values = {"pen": reader.pen, "crumbs": [], "sharing": []}
    if not wanted:
        return values | {"title": "Drive", "sections": _top(reader)}
    row = _there(reader, wanted)
    if row["mimeType"] != FOLDER:
        sections = [("This file", [_line(reader, row)])]
    else:
        sections = [("", _sorted(reader, _children(reader, row["id"])))]
    crumbs = list(_crumbs(reader, row))
    return values | {"title": row["name"], "sections": sections, "crumbs": crumbs, "sharing": sharing(reader, row)}


def _top(reader: Reader) -> list[tuple[str, list[Row]]]:
    rows = access.files(reader.workspace)
    drives = [row for row in rows.values() if row["id"] == row.get("driveId") and _role(reader, row)]
    mine = _children(reader, access.root_id(reader.workspace, reader.me["email"]))
    return [
        ("Shared drives", _sorted(reader, drives)),
        ("My Drive", _sorted(reader, mine)),
        ("Shared with me", _sorted(reader, [row for row in rows.values() if _shared_with(reader, row)])),
    ]


def _shared_with(reader: Reader, row: Row) -> bool:
    """Whether somebody else shared this very file with the person by name."""
    email = reader.me["email"]
    if row["trashed"] or row.get("root") or row.get("owner") == email or row["id"] == row.get("driveId"):
        return False
    return any(one.get("emailAddress", "").lower() == email for one in row.get("permissions", ()))


def _children(reader: Reader, folder_id: str) -> list[Row]:
    rows = access.files(reader.workspace).values()
    inside = [row for row in rows if folder_id in row.get("parents", ()) and not row["trashed"]]
    return [row for row in inside if _role(reader, row)]


def _sorted(reader: Reader, rows: list[Row]) -> list[Row]:
    lines = [_line(reader, row) for row in rows]
    return sorted(lines, key=lambda line: (line["icon"] != "folder", line["name"].lower()))


def _line(reader: Reader, row: Row) -> Row:
    icon, screen, name = KINDS.get(row["mimeType"], ("file", "drive", "folder"))
    return {
        "icon": icon,
        "name": row["name"],
        "href": address(screen, reader.id, **{name: row["id"]}),
        "modified": reader.pen.moment(row["modifiedTime"]),
        "by": reader.name_of(row.get("lastModifyingUser", "")),
        "outside": [one["who"] for one in sharing(reader, row) if one["outside"]],
        "role": ROLES.get(role := _role(reader, row), role),
    }


def _crumbs(reader: Reader, row: Row) -> Iterator[tuple[str, str]]:
    """The folders above, as far as the person may see them, the topmost first."""
    rows = access.files(reader.workspace)
    above: list[Row] = []
    parents = row.get("parents") or []
    while parents and (parent := rows.get(parents[0])) and _role(reader, parent) and parent not in above:
        above.append(parent)
        parents = parent.get("parents") or []
    yield "Drive", address("drive", reader.id)
    yield from ((one["name"], address("drive", reader.id, folder=one["id"])) for one in reversed(above))


def sharing(reader: Reader, row: Row) -> list[Row]:
    """Who has access, people of other companies marked."""
    return [_share(reader, one) for one in access.effective(reader.workspace, row)]


def _share(reader: Reader, one: Row) -> Row:
    who = str(one.get("emailAddress") or one.get("domain") or "anyone with the link")
    domain = reader.workspace.settings.domain
    inside = who.endswith(f"@{domain}") or who == domain or access.is_service_account(who)
    name = reader.name_of(who) if "@" in who else who
    return {"who": name, "role": ROLES.get(one["role"], one["role"]), "outside": not inside}


# ---------------------------------------------------------------------------------------------- spreadsheets, documents


def sheet(reader: Reader, query: Mapping[str, str]) -> dict[str, Any]:
    """The values of sheet.html."""
    row = _there(reader, query.get("file", ""))
    try:
        return _about(reader, row) | grid.gather(reader, row, query.get("tab", ""))
    except GoogleError as problem:
        raise Gone(problem.message, reader.me) from None


def document(reader: Reader, query: Mapping[str, str]) -> dict[str, Any]:
    """The values of doc.html."""
    row = _there(reader, query.get("file", ""))
    try:
        html = hands.html(reader.workspace, reader.me["email"], row["id"])
    except GoogleError as problem:
        raise Gone(problem.message, reader.me) from None
    return _about(reader, row) | {"html": reader.pen.led_home(html)}


def _about(reader: Reader, row: Row) -> dict[str, Any]:
    return {
        "title": row["name"],
        "pen": reader.pen,
        "file": row,
        "readonly": not access.has(_role(reader, row), "writer"),
        "crumbs": list(_crumbs(reader, row)),
        "sharing": sharing(reader, row),
        "by": reader.name_of(row.get("lastModifyingUser", "")),
        "modified": reader.pen.moment(row["modifiedTime"]),
    }


def type_into(reader: Reader, file_id: str, tab: str, cell: str, value: str) -> None:
    """Type a text into a cell ("B7") of a tab (its sheet id). Raises GoogleError or Gone."""
    row = _there(reader, file_id)
    title = grid.title_of(reader, row, tab)
    typing.type_into(reader.workspace, reader.me["email"], row["id"], title, cell, value)


def row_act(reader: Reader, file_id: str, tab: str, number: int, insert: bool) -> None:
    """Insert an empty row so that it becomes row `number`, or delete that row. Raises GoogleError or Gone."""
    row = _there(reader, file_id)
    where = (reader.workspace, reader.me["email"], row["id"], grid.title_of(reader, row, tab), number)
    if insert:
        typing.insert_row(*where, [])
    else:
        typing.delete_row(*where)


def write(reader: Reader, file_id: str, text: str, before: str | None, nth: int) -> None:
    """Give the `nth` paragraph that reads `before` another text; without `before`, write at the document's end."""
    row = _there(reader, file_id)
    email = reader.me["email"]
    if before is None:
        hands.append_text(reader.workspace, email, row["id"], text)
        return
    body = invoke(reader.workspace, email, "docs.documents.get", {"documentId": row["id"]})["body"]
    same = [one for one in _paragraphs(body["content"]) if one[2] == before.rstrip("\n")]
    if not 0 <= nth < len(same):
        raise Gone("The document has changed meanwhile; look at it again.", reader.me)
    start, end, _ = same[nth]
    requests = [{"insertText": {"location": {"index": start}, "text": text}}] if text else []
    if end > start:
        gone = {"startIndex": start + _units(text), "endIndex": end + _units(text)}
        requests.append({"deleteContentRange": {"range": gone}})
    invoke(reader.workspace, email, "docs.documents.batchUpdate", {"documentId": row["id"]}, {"requests": requests})


def _units(text: str) -> int:
    """Length as Docs counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _paragraphs(content: list[Row]) -> Iterator[tuple[int, int, str]]:
    """Start, end (before the newline) and text of every paragraph, those in tables included."""
    for part in content:
        if "paragraph" in part:
            runs = part["paragraph"].get("elements", ())
            text = "".join(run.get("textRun", {}).get("content", "") for run in runs)
            yield part.get("startIndex", 0), part["endIndex"] - 1, text.removesuffix("\n").replace("\x0b", "\n")
        for row in part.get("table", {}).get("tableRows", ()):
            for cell in row.get("tableCells", ()):
                yield from _paragraphs(cell["content"])
