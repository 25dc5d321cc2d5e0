"""Service-account keys, the JWT-bearer exchange at /token, and what a bearer token is worth.

Tokens are signed, not stored: a reset or a restore of the workspace leaves them good until they expire (real time).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.crypt import RSAVerifier

from bot.emulator import people
from bot.emulator.google.documents import known_scopes
from bot.emulator.google.errors import GoogleError

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

AUDIENCE = "https://oauth2.googleapis.com/token"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SERVICE_ACCOUNT = "implbot@fernhill-implbot.iam.gserviceaccount.com"
LIFETIME = 3599
OTHER_SCOPES = frozenset(
    {
        "openid",
        "https://www.googleapis.com/auth/userinfo.email",
        "https://www.googleapis.com/auth/userinfo.profile",
        "https://www.googleapis.com/auth/cloud-platform",
        "https://spreadsheets.google.com/feeds",
    }
)
EVERY_SCOPE = "*"
REFUSED_SENTENCE = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
    "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
)
NO_CREDENTIAL = REFUSED_SENTENCE.replace(
    "had invalid authentication credentials", "is missing required authentication credential"
)
UNREGISTERED = (
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other "
    "form of API consumer identity to call this API."
)


class TokenRefusedError(Exception):
    """The token endpoint's refusal: an OAuth error word and its description."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status


@dataclass(frozen=True)
class Identity:
    """Whom a token stands for. `project` is a project number as text; `exempt` callers have no limits."""

    email: str
    scopes: frozenset[str]
    project: str
    exempt: bool = False

    def may(self, wanted: frozenset[str]) -> bool:
        """Whether one of the scopes that a method accepts was granted."""
        return EVERY_SCOPE in self.scopes or bool(self.scopes & wanted)


def new_key() -> str:
    """A fresh RSA private key as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kinds = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, *kinds).decode()


def key_file(workspace: Workspace, email: str = SERVICE_ACCOUNT) -> dict[str, Any]:
    """The JSON of a service-account key file for `email`; an unknown account is made. `token_uri` is ours."""
    account = service_account(workspace, email) or add_service_account(workspace, email)
    return {
        "type": "service_account",
        "project_id": account["project_id"],
        "private_key_id": account["key_id"],
        "private_key": account["private_key"],
        "client_email": email,
        "client_id": account["client_id"],
        "auth_uri": f"{workspace.url}/o/oauth2/auth",
        "token_uri": f"{workspace.url}/token",
        "auth_provider_x509_cert_url": f"{workspace.url}/oauth2/v1/certs",
        "client_x509_cert_url": f"{workspace.url}/robot/v1/metadata/x509/{email}",
        "universe_domain": "googleapis.com",
    }


def service_account(workspace: Workspace, email: str) -> dict[str, Any] | None:
    """What is known of a service account: private key, ids, project. None for an unknown e-mail."""
    if email == SERVICE_ACCOUNT:
        return _account(email, workspace.secrets.google_key)
    found = workspace.shelf.collection("service_accounts").get(email)
    return dict(found) if found else None


def add_service_account(workspace: Workspace, email: str) -> dict[str, Any]:
    """A further service account with a key of its own."""
    account = _account(email, new_key())
    workspace.shelf.collection("service_accounts")[email] = account
    return account


def _account(email: str, private_key: str) -> dict[str, Any]:
    digest = hashlib.sha256(email.encode()).hexdigest()
    project_id = email.split("@", 1)[1].split(".", 1)[0]
    return {
        "email": email,
        "private_key": private_key,
        "key_id": hashlib.sha1(private_key.encode(), usedforsecurity=False).hexdigest(),
        "client_id": str(int(digest[:17], 16)).zfill(21)[:21],
        "project_id": project_id,
        "project": _project_number(project_id),
    }


def _project_number(project_id: str) -> str:
    return str(10**11 + int(hashlib.sha256(project_id.encode()).hexdigest()[:10], 16) % (9 * 10**11))


def company_project() -> str:
    """The project number of the company's own app."""
    return _project_number(SERVICE_ACCOUNT.split("@", 1)[1].split(".", 1)[0])


def person_token(workspace: Workspace, email: str) -> str:
    """A bearer token of a person with every scope, exempt from limits. Lasts a day of real time."""
    project = _project_number("people")
    return sign(workspace, {"sub": email, "scopes": [EVERY_SCOPE], "project": project, "exempt": True}, 86400)


def sign(workspace: Workspace, claims: dict[str, Any], lifetime: float = LIFETIME) -> str:
    """An access token that carries `claims` (sub, scopes, project, exempt)."""
    issued = time.time()
    body = claims | {"iat": issued, "exp": issued + lifetime, "n": secrets.token_hex(4)}
    text = _b64(json.dumps(body, separators=(",", ":")).encode())
    return f"ya29.{text}.{_b64(_mac(workspace, text))}"


def expire_tokens(workspace: Workspace, email: str) -> None:
    """Makes every token issued to `email` so far worthless, as if its hour were over."""
    workspace.shelf.collection("google_expired")[email] = {"before": time.time()}


def identify(workspace: Workspace, authorization: str, verb: str, family: str) -> Identity:
    """The identity behind an Authorization header. Raises the family's 401 or 403."""
    if not authorization:
        raise no_credential(verb, family)
    scheme, _, token = authorization.partition(" ")
    found = read_token(workspace, token.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise GoogleError(
            401,
            REFUSED_SENTENCE,
            "authError",
            "Authorization",
            location_type="header",
            short="Invalid Credentials",
            show_state=True,
            headers={"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"'},
        )
    return found


def no_credential(verb: str, family: str) -> GoogleError:
    """No credential at all: 403 for GETs of Drive and Sheets, 401 otherwise, as measured."""
    if verb == "GET" and family != "docs":
        return GoogleError(403, UNREGISTERED, "forbidden", show_state=True)
    return GoogleError(
        401,
        NO_CREDENTIAL,
        "required",
        "Authorization",
        location_type="header",
        short="Login Required.",
        show_state=True,
        headers={"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/"'},
    )


def read_token(workspace: Workspace, token: str) -> Identity | None:
    """The identity of a token, None when it is unknown, forged, expired or of a deleted person."""
    if token in workspace.settings.google_tokens:
        place = list(workspace.settings.google_tokens).index(token)
        return Identity(guest(workspace, place), frozenset({EVERY_SCOPE}), _project_number("accepted"), exempt=True)
    claims = _claims(workspace, token)
    if claims is None or claims["exp"] <= time.time():
        return None
    expired = workspace.shelf.collection("google_expired").get(claims["sub"])
    if expired and claims["iat"] <= expired["before"]:
        return None
    person = people.find(workspace, claims["sub"])
    if person and person["deleted"]:
        return None
    return Identity(claims["sub"], frozenset(claims["scopes"]), claims["project"], bool(claims.get("exempt")))


def guest(workspace: Workspace, place: int) -> str:
    """The e-mail of the person behind the accepted token at `place` in the settings."""
    return f"guest{place + 1}@{workspace.settings.domain}"


def _claims(workspace: Workspace, token: str) -> dict[str, Any] | None:
    parts = token.split(".")
    if len(parts) != 3 or parts[0] != "ya29":
        return None
    try:
        given = _unb64(parts[2])
        if not hmac.compare_digest(given, _mac(workspace, parts[1])):
            return None
        claims = json.loads(_unb64(parts[1]))
    except ValueError:
        return None
    return claims if isinstance(claims, dict) else None


def exchange(workspace: Workspace, form: dict[str, str]) -> dict[str, Any]:
    """The JWT-bearer grant: a signed assertion for an access token. Raises TokenRefusedError."""
    if form.get("grant_type") != GRANT:
        raise TokenRefusedError("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")
    claims = _assertion(workspace, form.get("assertion", ""))
    account = service_account(workspace, claims["iss"])
    assert account is not None  # _assertion has checked the signature with it
    scopes = claims.get("scope", "")
    subject = claims.get("sub") or claims["iss"]
    granted = _granted(scopes)
    if subject != claims["iss"]:
        _delegated(workspace, account, granted)
    token = sign(workspace, {"sub": subject, "scopes": sorted(granted), "project": account["project"]})
    return {"access_token": token, "expires_in": LIFETIME, "token_type": "Bearer"}


def _granted(scope: Any) -> frozenset[str]:
    asked = frozenset(str(scope).split())
    if not asked:
        raise TokenRefusedError("invalid_scope", "Empty or missing scope not allowed.")
    if not asked <= known_scopes() | OTHER_SCOPES:
        raise TokenRefusedError("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    return asked


def _delegated(workspace: Workspace, account: dict[str, Any], scopes: frozenset[str]) -> None:
    """Domain-wide delegation: an administrator listed the client id with at least these scopes."""
    row = workspace.shelf.collection("delegations").get(account["client_id"])
    if row is None or not scopes <= set(row["scopes"]):
        raise TokenRefusedError(
            "unauthorized_client",
            "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of "
            "the scopes requested.",
            401,
        )


def _assertion(workspace: Workspace, assertion: str) -> dict[str, Any]:
    parts = assertion.split(".")
    try:
        header, claims, signature = json.loads(_unb64(parts[0])), json.loads(_unb64(parts[1])), _unb64(parts[2])
        issuer = claims["iss"]
    except (ValueError, IndexError, KeyError, TypeError) as error:
        raise TokenRefusedError("invalid_grant", "Invalid JWT: Failed to parse the assertion.") from error
    account = service_account(workspace, str(issuer))
    if account is None:
        raise TokenRefusedError("invalid_grant", "Invalid grant: account not found")
    signed = f"{parts[0]}.{parts[1]}".encode()
    if header.get("alg") != "RS256" or not _verifier(account["private_key"]).verify(signed, signature):
        raise TokenRefusedError("invalid_grant", "Invalid JWT Signature.")
    _times(claims)
    if claims.get("aud") != AUDIENCE:
        raise TokenRefusedError("invalid_grant", "Invalid JWT: Failed audience check.")
    return dict(claims)


def _times(claims: dict[str, Any]) -> None:
    moment = time.time()
    try:
        issued, expires = float(claims["iat"]), float(claims["exp"])
    except (KeyError, TypeError, ValueError) as error:
        raise TokenRefusedError("invalid_grant", "Invalid JWT: iat and exp are required.") from error
    if issued > moment + 300 or expires < moment or expires - issued > 3660:
        raise TokenRefusedError(
            "invalid_grant",
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat "
            "and exp values in the JWT claim.",
        )


_VERIFIERS: dict[str, RSAVerifier] = {}


def _verifier(private_key: str) -> RSAVerifier:
    if private_key not in _VERIFIERS:
        loaded = serialization.load_pem_private_key(private_key.encode(), password=None)
        _VERIFIERS[private_key] = RSAVerifier(loaded.public_key())  # type: ignore[no-untyped-call]
    return _VERIFIERS[private_key]


def _mac(workspace: Workspace, text: str) -> bytes:
    key = hashlib.sha256(workspace.secrets.google_key.encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
