"""The errors of the three Google families and the envelopes they travel in."""

from __future__ import annotations

from typing import Any

STATES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    412: "FAILED_PRECONDITION",
    416: "OUT_OF_RANGE",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
REASONS = {
    400: "badRequest",
    401: "authError",
    403: "forbidden",
    404: "notFound",
    409: "conflict",
    412: "conditionNotMet",
    429: "rateLimitExceeded",
    500: "backendError",
    501: "notImplemented",
    503: "backendError",
}


class GoogleError(Exception):
    """A refusal that a handler raises and the gateway prints.

    `reason`, `location` and `domain` are printed by Drive only; `state` (the canonical status word) by Sheets and Docs,
    and by Drive when `show_state` is set (auth failures, unreadable values). `short` is the message inside Drive's
    `errors[0]` where it differs from the envelope's.
    """

    def __init__(
        self,
        status: int,
        message: str,
        reason: str = "",
        location: str = "",
        details: list[dict[str, Any]] | None = None,
        *,
        state: str = "",
        location_type: str = "",
        domain: str = "global",
        short: str = "",
        show_state: bool = False,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.reason = reason or REASONS.get(status, "badRequest")
        self.location = location
        self.location_type = location_type or ("parameter" if location else "")
        self.details = details or []
        self.state = state or STATES.get(status, "UNKNOWN")
        self.domain = domain
        self.short = short or message
        self.show_state = show_state
        self.headers = headers or {}


def envelope(error: GoogleError, family: str) -> dict[str, Any]:
    """The JSON body of an error as `family` ("drive", "sheets", "docs") prints it."""
    inner: dict[str, Any] = {"code": error.status, "message": error.message}
    drive = family.startswith("drive")
    if drive:
        inner["errors"] = [_drive_item(error)]
    if not drive or error.show_state:
        inner["status"] = error.state
        if error.details:
            inner["details"] = error.details
    return {"error": inner}


def _drive_item(error: GoogleError) -> dict[str, str]:
    item = {"message": error.short} | ({"domain": error.domain} if error.domain else {}) | {"reason": error.reason}
    if error.location:
        item |= {"location": error.location, "locationType": error.location_type}
    return item


def violations(found: list[tuple[str, str]]) -> GoogleError:
    """400 for values that the protocol layer cannot read: (field, message) pairs, the messages joined by line ends.

    Every family prints `status` and `details` for these, and Drive's `errors[0]` has no domain, as measured.
    """
    text = "\n".join(message for _, message in found)
    entries = [({"field": field} if field else {}) | {"description": message} for field, message in found]
    return GoogleError(400, text, "invalid", details=[_bad_request(entries)], domain="", show_state=True)


def violation(message: str, field: str = "", description: str = "") -> GoogleError:
    """400 INVALID_ARGUMENT with one `google.rpc.BadRequest` violation that says more than the message."""
    entry = ({"field": field} if field else {}) | {"description": description or message}
    return GoogleError(400, message, details=[_bad_request([entry])])


def _bad_request(entries: list[dict[str, str]]) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": entries}


def bad_request(message: str = "Request contains an invalid argument.") -> GoogleError:
    """400 INVALID_ARGUMENT, the Sheets and Docs refusal of a wrong argument."""
    return GoogleError(400, message)


def failed_precondition(message: str) -> GoogleError:
    """400 FAILED_PRECONDITION."""
    return GoogleError(400, message, "failedPrecondition", state="FAILED_PRECONDITION")


def not_found(message: str = "Requested entity was not found.") -> GoogleError:
    """404 NOT_FOUND as Sheets and Docs print it."""
    return GoogleError(404, message)


def permission_denied(message: str = "The caller does not have permission") -> GoogleError:
    """403 PERMISSION_DENIED as Sheets and Docs print it."""
    return GoogleError(403, message)


def unimplemented(method: str, what: str = "") -> GoogleError:
    """501: the emulator names what it does not do instead of answering an empty success."""
    subject = f"{method} ({what})" if what else method
    return GoogleError(501, f"The embedded workspace does not implement {subject}.", "notImplemented", show_state=True)


def drive_file_not_found(file_id: str) -> GoogleError:
    """Drive's 404, also given for a file the caller may not see."""
    return GoogleError(404, f"File not found: {file_id}.", "notFound", "fileId")


def drive_invalid(message: str, location: str, reason: str = "invalid") -> GoogleError:
    """Drive's 400 about one parameter."""
    return GoogleError(400, message, reason, location)


def drive_required(name: str) -> GoogleError:
    """Drive's 400 about a missing parameter."""
    return GoogleError(400, f"Required parameter: {name}", "required", name)


def drive_forbidden(reason: str, message: str, location: str = "") -> GoogleError:
    """Drive's 403 with one of its recorded reasons."""
    return GoogleError(403, message, reason, location)
