"""drive.about: the caller, limits and formats."""

from __future__ import annotations

from bot.emulator.google import access
from bot.emulator.google.access import Row
from bot.emulator.google.drive.content import imports
from bot.emulator.google.drive.resource import user
from bot.emulator.google.gateway import Call, method


@method("drive.about.get", notes="importFormats lists what the workspace converts, which is less than the real list.")
def get(call: Call) -> Row:
    """Needs `fields`, as the real method does."""
    used = sum(
        int(row.get("size", 0)) for row in access.files(call.workspace).values() if row.get("owner") == call.caller
    )
    limit = "0" if access.is_service_account(call.caller) else str(30 * 2**30)
    exports = {mime: sorted(held.export_formats) for mime, held in access.CONTENT.items()}
    return {
        "kind": "drive#about",
        "user": user(call.workspace, call.caller, call.caller),
        "storageQuota": {"limit": limit, "usage": str(used), "usageInDrive": str(used), "usageInDriveTrash": "0"},
        "importFormats": {mime: [target] for mime, target in imports().items()},
        "exportFormats": exports,
        "maxImportSizes": {mime: str(10 * 2**20) for mime in access.CONTENT},
        "maxUploadSize": "5242880000000",
        "appInstalled": False,
        "folderColorPalette": ["#ac725e", "#d06b64", "#f83a22", "#fa573c", "#ff7537", "#ffad46", "#8f8f8f"],
        "canCreateDrives": not access.is_service_account(call.caller),
        "canCreateTeamDrives": not access.is_service_account(call.caller),
    }
