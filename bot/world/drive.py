"""Files and folders on the shared drive: found by their keys, made once, shared on purpose, watched for changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.errors import SettingsError
from bot.project.wall import Audience
from bot.world.google import Google, GoogleError
from bot.world.retry import Mark

FOLDER = "application/vnd.google-apps.folder"
SPREADSHEET = "application/vnd.google-apps.spreadsheet"
DOCUMENT = "application/vnd.google-apps.document"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

KEY, OWN = "key", "own"
MARKS = ("implbot", "template", "version", "pushed", "use", KEY, "project", "file", OWN)
"""Every appProperties key the bot uses: a copy sets or clears each of them, for copies inherit their source's."""

FIELDS = (
    "id,name,mimeType,webViewLink,appProperties,createdTime,modifiedTime,trashed,trashingUser(displayName),parents,"
    "lastModifyingUser(me),capabilities(canEdit)"
)
ATTEMPTS = 3  # at making one file whose making had an unknown outcome


@dataclass(frozen=True)
class File:
    """One file or folder; times are aware, UTC."""

    id: str
    name: str
    mime_type: str
    url: str
    properties: Mapping[str, str]
    created: datetime
    modified: datetime
    trashed: bool = False
    parents: tuple[str, ...] = ()
    touched_by_us: bool = False
    editable: bool = True
    trashed_by: str = ""

    @property
    def key(self) -> str:
        """The natural key the file was made under, "" for a file that is not ours."""
        return self.properties.get(KEY, "")


@dataclass(frozen=True)
class Change:
    """One entry of the change log: the file as it is now, or None when it is gone from our sight."""

    file_id: str
    time: datetime
    file: File | None


@dataclass(frozen=True)
class Permission:
    """Who may do what; `inherited` when it comes from a folder or the drive's members."""

    id: str
    type: str
    role: str
    email: str = ""
    inherited: bool = False
    domain: str = ""


@dataclass(frozen=True)
class Reach:
    """How far a file reaches: *people* are the ids of everyone with access, inherited access included.

    *has_own* is false when all of it is inherited; both are None where Drive does not tell.
    """

    file: File
    people: frozenset[str] | None
    has_own: bool | None


@dataclass(frozen=True)
class Comment:
    """One thread of comments on a file: who began it, when, and all that was written in it."""

    author: str
    text: str
    created: datetime


@dataclass
class Drive:
    """The shared drive. `pause` is the real time given to a lagging listing before a second look."""

    google: Google
    shared_drive: str  # name or id
    pause: float = 3.0
    sleep: Callable[[float], None] = time.sleep
    _root: File | None = field(default=None, init=False, repr=False)

    # ------------------------------------------------------------------ reading

    def identity(self) -> str:
        """The address the bot acts as; Google itself is asked, so that a bad key shows."""
        request = self.google.drive.about().get(fields="user(emailAddress)")
        return str(self.google.call("drive.about.get", request.execute)["user"]["emailAddress"])

    def root(self) -> File:
        """The shared drive's top folder; a SettingsError when the bot is no member of such a drive."""
        if self._root is None:
            drives = [row for row in self._drives() if self.shared_drive in (row["id"], row["name"])]
            if len(drives) != 1:
                found = "none" if not drives else f"{len(drives)} of that name; use its ID"
                raise SettingsError(
                    f"IMPLBOT_SHARED_DRIVE: expected one shared drive {self.shared_drive!r} "
                    f"with {self.google.account} as a member, found {found}."
                )
            self._root = _drive_root(drives[0])
        return self._root

    def get(self, file_id: str) -> File:
        """One file by its id, trashed ones too."""
        request = self.google.drive.files().get(fileId=file_id, supportsAllDrives=True, fields=FIELDS)
        return _file(self.google.call("drive.files.get", request.execute))

    def living(self, file_id: str) -> File | None:
        """One file by its id; None when it is in the trash, or gone from our sight."""
        try:
            file = self.get(file_id)
        except GoogleError as error:
            if error.kind != "missing":
                raise
            return None
        return None if file.trashed else file

    def find(self, properties: Mapping[str, str], mime: str | None = None) -> list[File]:
        """Every file with all these appProperties, trashed ones too, oldest first. Listings may lag by seconds."""
        parts = [
            f"appProperties has {{ key='{_quoted(k)}' and value='{_quoted(v)}' }}"
            for k, v in sorted(properties.items())
        ]
        return self._list(" and ".join(parts + ([f"mimeType = '{mime}'"] if mime else [])))

    def standing(self, key: str) -> File | None:
        """The oldest living file of a key, by one look: for what has long been there, or was never made."""
        return next((file for file in self.find({KEY: key}) if not file.trashed), None)

    def children(self, folder_id: str) -> list[File]:
        """What lies in a folder, oldest first, without the trash."""
        return self._list(f"'{_quoted(folder_id)}' in parents and trashed = false")

    def everything(self) -> dict[str, File]:
        """Every file of the drive by its id, trashed ones too, in one listing. Listings may lag by seconds."""
        return {row["id"]: _file(row) for row in self._listed(None, FIELDS)}

    def managers(self) -> list[str]:
        """The addresses of the people and groups who manage the drive: they can put right what others cannot."""
        ranks = {"organizer": 0, "fileOrganizer": 1}
        found = [one for one in self.permissions(self.root().id) if one.role in ranks and one.email]
        others = [one for one in found if one.email != self.google.account]
        return [one.email for one in sorted(others, key=lambda one: (ranks[one.role], one.email))]

    def start_token(self) -> str:
        """Where the drive's change log stands now."""
        request = self.google.drive.changes().getStartPageToken(driveId=self.root().id, supportsAllDrives=True)
        return str(self.google.call("drive.changes.getStartPageToken", request.execute)["startPageToken"])

    def changes(self, page_token: str) -> tuple[list[Change], str]:
        """What changed since a token, each file once, and the token for next time."""
        changes: list[Change] = []
        while True:
            page = self._change_page(page_token)
            changes += [_change(row) for row in page.get("changes", ()) if row.get("fileId")]
            if "newStartPageToken" in page:
                return changes, str(page["newStartPageToken"])
            page_token = str(page["nextPageToken"])

    def permissions(self, file_id: str) -> list[Permission]:
        """Everyone who has access, inherited access included."""
        rows = self._pages(
            "drive.permissions.list",
            lambda token: self.google.drive.permissions().list(
                fileId=file_id,
                supportsAllDrives=True,
                pageSize=100,
                pageToken=token,
                fields="nextPageToken,permissions(id,type,role,emailAddress,domain,permissionDetails)",
            ),
            "permissions",
        )
        return [_permission(row) for row in rows]

    def reaches(self) -> list[Reach]:
        """Every living file of the drive with how far it reaches, in one listing whatever the number of files."""
        rows = self._listed("trashed = false", f"{FIELDS},permissionIds,hasAugmentedPermissions")
        return [
            Reach(
                _file(row),
                frozenset(row["permissionIds"]) if "permissionIds" in row else None,
                row.get("hasAugmentedPermissions"),
            )
            for row in rows
        ]

    def comments(self, file_id: str) -> list[Comment]:
        """The comments on a file, resolved ones too: whoever may comment reads them."""
        rows = self._pages(
            "drive.comments.list",
            lambda token: self.google.drive.comments().list(
                fileId=file_id,
                pageSize=100,
                pageToken=token,
                fields="nextPageToken,comments(author(displayName),content,createdTime,replies(content))",
            ),
            "comments",
        )
        return [_comment(row) for row in rows]

    def export(self, file_id: str, mime: str) -> bytes:
        """The file in another format, at most 10 MB."""
        request = self.google.drive.files().export(fileId=file_id, mimeType=mime)
        content: bytes = self.google.call("drive.files.export", request.execute)
        return content

    # ------------------------------------------------------------------ making

    def ensure_folder(
        self, name: str, parent: str, key: str, properties: Mapping[str, str] | None = None, *, look_first: bool = False
    ) -> File:
        """The folder of this key, made if needed."""
        return self.ensure_file(name, FOLDER, parent, key, properties, look_first=look_first)

    def ensure_file(
        self,
        name: str,
        mime: str,
        parent: str,
        key: str,
        properties: Mapping[str, str] | None = None,
        *,
        look_first: bool = False,
    ) -> File:
        """The empty file of this key and type, made if needed. `look_first` after a crash: an intent had no result."""
        marks = {name: value for name, value in _marks(properties, key).items() if value is not None}
        body = {"name": name, "mimeType": mime, "parents": [parent], "appProperties": marks}
        request = self.google.drive.files().create(body=body, supportsAllDrives=True, fields=FIELDS)
        return self._ensure("drive.files.create", request, key, look_first)

    def ensure_copy(
        self,
        source_id: str,
        name: str,
        parent: str,
        key: str,
        properties: Mapping[str, str] | None = None,
        *,
        look_first: bool = False,
    ) -> File:
        """The copy of this key, made if needed; it carries exactly our properties, none of its source's."""
        body = {"name": name, "parents": [parent], "appProperties": _marks(properties, key)}
        request = self.google.drive.files().copy(fileId=source_id, body=body, supportsAllDrives=True, fields=FIELDS)
        return self._ensure("drive.files.copy", request, key, look_first)

    def settle(self, properties: Mapping[str, str]) -> dict[str, File]:
        """Verify at the end, by one listing: the living file of each key. Of twins the oldest stays.

        A younger twin is trashed only if it bears the same name and nobody but us has touched it: a person's own
        copy of a file carries its key too, and stays.
        """
        kept: dict[str, File] = {}
        for file in self.find(properties):
            if file.trashed or not file.key:
                continue
            oldest = kept.setdefault(file.key, file)
            if file is not oldest and file.touched_by_us and file.name == oldest.name:
                self.update(file.id, trashed=True)
        return kept

    def update(
        self,
        file_id: str,
        *,
        name: str | None = None,
        properties: Mapping[str, str | None] | None = None,
        trashed: bool | None = None,
        move: tuple[str, str] | None = None,
    ) -> File:
        """Rename, mark, trash, or *move* from one folder into another; what is None stays as it is."""
        wanted = {"name": name, "appProperties": dict(properties) if properties else None, "trashed": trashed}
        body = {field: value for field, value in wanted.items() if value is not None}
        parents = {"removeParents": move[0] or None, "addParents": move[1]} if move else {}
        request = self.google.drive.files().update(
            fileId=file_id, body=body, supportsAllDrives=True, fields=FIELDS, **parents
        )
        return _file(self.google.call("drive.files.update", request.execute))

    def share(
        self, file_id: str, email: str, role: str, audience: Audience, *, notify: bool = False, check: bool = False
    ) -> Permission:
        """Give one person access, who must belong to the audience. With `check`, existing access is left as it is."""
        audience.admit(email)
        request = self.google.drive.permissions().create(
            fileId=file_id,
            body={"type": "user", "role": role, "emailAddress": email},
            sendNotificationEmail=notify,
            supportsAllDrives=True,
            fields="id,type,role,emailAddress",
        )
        for left in reversed(range(ATTEMPTS)):
            existing = self._access_of(file_id, email) if check else None
            if existing is not None:
                return existing
            try:
                return _permission(self.google.call("drive.permissions.create", request.execute, Mark.LOOK_FIRST))
            except GoogleError as error:
                if error.kind != "ambiguous" or not left:
                    raise
                check = True
        raise AssertionError("returns or raises")  # pragma: no cover

    def unshare(self, file_id: str, permission_id: str) -> None:
        """Take a direct access away; one that is gone already is as good. Inherited access is refused by Google."""
        request = self.google.drive.permissions().delete(
            fileId=file_id, permissionId=permission_id, supportsAllDrives=True
        )
        try:
            self.google.call("drive.permissions.delete", request.execute)
        except GoogleError as error:
            if error.kind != "missing":
                raise

    def change_role(self, file_id: str, permission_id: str, role: str) -> None:
        """Let somebody who has access do more or less with a file."""
        request = self.google.drive.permissions().update(
            fileId=file_id, permissionId=permission_id, body={"role": role}, supportsAllDrives=True, fields="id"
        )
        self.google.call("drive.permissions.update", request.execute)

    # ------------------------------------------------------------------ inside

    def _ensure(self, method: str, request: Any, key: str, look_first: bool) -> File:
        """Act; look only when it is unknown whether it has happened."""
        failure: GoogleError | None = None
        for _ in range(ATTEMPTS):
            found = self._look(key) if look_first else None
            if found is not None:
                return found
            try:
                return _file(self.google.call(method, request.execute, Mark.LOOK_FIRST))
            except GoogleError as error:
                if error.kind != "ambiguous":
                    raise
                failure, look_first = error, True
        raise failure or AssertionError("the loop runs at least once")

    def _look(self, key: str) -> File | None:
        """The oldest living file of a key; looks twice, for listings lag."""
        for wait in (0.0, self.pause):
            if wait:
                self.sleep(wait)
            if found := self.standing(key):
                return found
        return None

    def _access_of(self, file_id: str, email: str) -> Permission | None:
        return next((p for p in self.permissions(file_id) if p.email.casefold() == email.casefold()), None)

    def _list(self, query: str) -> list[File]:
        return sorted((_file(row) for row in self._listed(query, FIELDS)), key=lambda file: (file.created, file.id))

    def _listed(self, query: str | None, fields: str) -> Iterator[dict[str, Any]]:
        return self._pages(
            "drive.files.list",
            lambda token: self.google.drive.files().list(
                q=query,
                corpora="drive",
                driveId=self.root().id,
                supportsAllDrives=True,
                includeItemsFromAllDrives=True,
                pageSize=1000,
                pageToken=token,
                fields=f"nextPageToken,files({fields})",
            ),
            "files",
        )

    def _drives(self) -> Iterable[dict[str, Any]]:
        return self._pages(
            "drive.drives.list",
            lambda token: self.google.drive.drives().list(
                pageSize=100, pageToken=token, fields="nextPageToken,drives(id,name,createdTime)"
            ),
            "drives",
        )

    def _change_page(self, page_token: str) -> dict[str, Any]:
        request = self.google.drive.changes().list(
            pageToken=page_token,
            driveId=self.root().id,
            supportsAllDrives=True,
            includeItemsFromAllDrives=True,
            pageSize=1000,
            fields=f"nextPageToken,newStartPageToken,changes(fileId,time,removed,file({FIELDS}))",
        )
        page: dict[str, Any] = self.google.call("drive.changes.list", request.execute)
        return page

    def _pages(self, method: str, request: Callable[[str | None], Any], name: str) -> Iterator[dict[str, Any]]:
        token: str | None = None
        while True:
            page = self.google.call(method, request(token).execute)
            yield from page.get(name, ())
            token = page.get("nextPageToken")
            if not token:
                return


def _marks(properties: Mapping[str, str] | None, key: str) -> dict[str, str | None]:
    """All of the bot's properties, None for those to clear; Google allows 124 bytes for a key with its value."""
    marks: dict[str, str | None] = {**dict.fromkeys(MARKS), "implbot": "project", **(properties or {}), KEY: key}
    for name, value in marks.items():
        if len(f"{name}{value or ''}".encode()) > 124:
            raise ValueError(f"appProperties {name}: at most 124 bytes with its value, found {value!r}")
    return marks


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _file(row: Mapping[str, Any]) -> File:
    return File(
        id=row["id"],
        name=row["name"],
        mime_type=row["mimeType"],
        url=row.get("webViewLink", ""),
        properties=row.get("appProperties", {}),
        created=datetime.fromisoformat(row["createdTime"]),
        modified=datetime.fromisoformat(row["modifiedTime"]),
        trashed=row.get("trashed", False),
        parents=tuple(row.get("parents", ())),
        touched_by_us=row.get("lastModifyingUser", {}).get("me", False),
        editable=row.get("capabilities", {}).get("canEdit", True),
        trashed_by=row.get("trashingUser", {}).get("displayName", ""),
    )


def _drive_root(row: Mapping[str, Any]) -> File:
    created = datetime.fromisoformat(row["createdTime"])
    url = f"https://drive.google.com/drive/folders/{row['id']}"
    return File(row["id"], row["name"], FOLDER, url, {}, created, created)


def _change(row: Mapping[str, Any]) -> Change:
    gone = row.get("removed", False) or "file" not in row
    return Change(row["fileId"], datetime.fromisoformat(row["time"]), None if gone else _file(row["file"]))


def _permission(row: Mapping[str, Any]) -> Permission:
    details = row.get("permissionDetails", ())
    inherited = bool(details) and all(detail.get("inherited", False) for detail in details)
    return Permission(
        row["id"], row["type"], row["role"], row.get("emailAddress", ""), inherited, row.get("domain", "")
    )


def _comment(row: Mapping[str, Any]) -> Comment:
    said = [row.get("content", ""), *(reply.get("content", "") for reply in row.get("replies", ()))]
    author = row.get("author", {}).get("displayName", "")
    return Comment(author, "\n".join(part for part in said if part), datetime.fromisoformat(row["createdTime"]))
