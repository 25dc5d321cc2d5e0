"""Who may talk to the page: a browser on this machine that was not sent here by another site.

The page asks for no token, so it only answers under a loopback name (a foreign name that resolves to this machine does
not reach it) and only takes POSTs that its own pages made.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

LOOPBACK = ("127.0.0.1", "localhost", "::1")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def refusal(request: Request) -> Response | None:
    """The answer to a request that must not be served, or None."""
    if not _is_loopback(request.headers.get("host", "")):
        return PlainTextResponse("This page is only served on this machine's own address.", status_code=403)
    if request.method not in ("GET", "HEAD") and not _same_origin(request):
        return PlainTextResponse("This request came from another site.", status_code=403)
    return None


def _is_loopback(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in LOOPBACK
    except ValueError:
        return False


def _same_origin(request: Request) -> bool:
    """Browsers send Origin with every POST; JSON also keeps out plain forms of other sites."""
    origin = request.headers.get("origin", "")
    is_json = request.headers.get("content-type", "").split(";")[0].strip() == "application/json"
    return is_json and urlsplit(origin).netloc == request.headers.get("host", "")
