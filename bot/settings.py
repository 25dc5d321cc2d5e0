"""What a deployment can set, read from the environment (IMPLBOT_…) or a .env file, checked before anything starts."""

from __future__ import annotations

import os
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError

Words = Annotated[tuple[str, ...], NoDecode]

REQUIRED_FOR_REAL = ("slack_bot_token", "google_key_file", "shared_drive")


class Settings(BaseSettings):
    """One deployment. With none of the connection settings given, the bot runs in the embedded workspace."""

    model_config = SettingsConfigDict(env_prefix="IMPLBOT_", env_file=".env", extra="ignore", frozen=True)

    slack_bot_token: SecretStr | None = Field(None, description="Bot token of the Slack app, `xoxb-…`.")
    slack_app_token: SecretStr | None = Field(
        None, description="App-level token `xapp-…` with `connections:write`; turns Socket Mode on."
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="Signing secret of the Slack app; used instead of the app token for signed HTTP."
    )
    slack_api_url: str = Field("https://slack.com/api/", description="Base address of Slack's Web API.")
    http_port: int = Field(3000, ge=1, le=65535, description="Port for signed HTTP events when no app token is set.")
    google_key_file: Path | None = Field(None, description="Path of the service account's JSON key file.")
    google_api_url: str | None = Field(
        None, description="One origin for all Google APIs; empty means Google's own hosts."
    )
    google_limits: bool = Field(
        True, description="Keep below Google's quotas a minute; off only for a test workspace without limits."
    )
    shared_drive: str | None = Field(
        None, description="Name or ID of the shared drive that holds templates and customer folders."
    )
    company_name: str = Field("Fernhill Software", description="Your company's name, as documents show it.")
    company_domains: Words = Field(
        ("fernhill.example",), description="E-mail domains of your own people, separated by commas."
    )
    link_hosts: Words = Field(
        ("crm.fernhill.example", "docs.fernhill.example", "docs.google.com", "drive.google.com"),
        description="Hosts that opportunity and design links may point to, separated by commas.",
    )
    triage_channel: str = Field("impl-triage", description="Channel where requests are triaged; the bot is a member.")
    ops_channel: str = Field("impl-ops", description="Channel where the bot speaks about its own health.")
    help_channel: str = Field("impl-help", description="Channel that *Other help* requests are pointed to.")
    ce_lead_group: str = Field("ce-leads", description="Handle of the user group of Customer Engineering leads.")
    sales_lead_group: str = Field("sales-leads", description="Handle of the user group of Sales leads.")
    impl_lead_group: str = Field("impl-leads", description="Handle of the user group of implementation leads.")
    zone: str = Field("Europe/Berlin", description="Time zone of the team: portfolio, heartbeat, new projects.")
    countries: Words = Field(("DE",), description="Countries whose public holidays are yours, ISO codes with commas.")
    state_dir: Path = Field(Path(".implbot"), description="Folder of the bot's own state on one host.")
    database_url: str | None = Field(
        None, description="SQLAlchemy address of the store; empty means SQLite files in the state folder."
    )
    checks: str | None = Field(
        None,
        description="How loud checks are in every project, such as `RISK-STALE=off; ISSUE-OLD=high, 10 days, quiet 7`; "
        "a playbook's Settings tab counts before it.",
    )
    tick_seconds: float = Field(20.0, gt=0, le=3600, description="Seconds between two looks at what is due.")
    silent_periods: int = Field(
        3, ge=2, le=100, description="Sweeps in a row that may fail or stay away before the bot raises the alarm."
    )
    keep_work_days: int = Field(
        30, ge=7, le=3650, description="Days that the record of ended scheduled jobs, and of failed ones, is kept."
    )
    keep_messages_days: int = Field(
        90, ge=14, le=3650, description="Days that the texts of sent daily and weekly messages are kept."
    )
    keep_history_days: int = Field(
        45,
        ge=40,
        le=3650,
        description="Days that every state of a sheet is kept; before that, one a week, then a month.",
    )
    clock_url: str | None = Field(
        None, description="Address of a workspace clock to follow (test workspaces only); empty means the system's."
    )
    clock_token: SecretStr | None = Field(None, description="Token for the workspace clock.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @field_validator("company_domains", "link_hosts", "countries", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"expected a time zone such as Europe/Berlin, found {value!r}") from error
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError(f"expected DEBUG, INFO, WARNING or ERROR, found {value!r}")
        return value.upper()

    @property
    def is_embedded(self) -> bool:
        """True when nothing connects this deployment to the outside, so the embedded workspace serves."""
        named = (*REQUIRED_FOR_REAL, "slack_app_token", "slack_signing_secret")
        return not any(getattr(self, name) for name in named)

    def require_real(self) -> None:
        """Refuse a partly configured deployment: half a real connection is never completed by the embedded one."""
        missing = [name for name in REQUIRED_FOR_REAL if not getattr(self, name)]
        if not (self.slack_app_token or self.slack_signing_secret):
            missing.append("slack_app_token")
        if missing:
            names = ", ".join("IMPLBOT_" + name.upper() for name in missing)
            raise SettingsError(f"Some settings are there, but these are missing: {names}. See the README's table.")
        if self.google_key_file is not None and not self.google_key_file.is_file():
            raise SettingsError(f"IMPLBOT_GOOGLE_KEY_FILE: expected a key file, nothing is at {self.google_key_file}.")


def load(**overrides: object) -> Settings:
    """Read the settings; a wrong or unknown one becomes a SettingsError naming it and what was expected."""
    _refuse_unknown((*os.environ, *dotenv_values(".env")))
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # overrides are checked by pydantic itself
    except ValidationError as error:
        problems = (
            f"{_name(*problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise SettingsError("; ".join(problems)) from error


def _name(*parts: object) -> str:
    """A setting's name as it is set; the place inside a list does not matter."""
    return "IMPLBOT_" + str(parts[0]).upper()


def _refuse_unknown(given: Iterable[str]) -> None:
    """A misspelt setting would otherwise be as if it had not been set."""
    known = [_name(name) for name in Settings.model_fields]
    for name in sorted({name.upper() for name in given if name.upper().startswith("IMPLBOT_")} - set(known)):
        near = get_close_matches(name, known, 1)
        hint = f"Did you mean {near[0]}?" if near else "The README's table lists them."
        raise SettingsError(f"{name} is no setting of implbot. {hint}")
