"""A wrong setting names itself and what was expected; half a connection is refused."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No .env file of the developer's takes part."""
    monkeypatch.chdir(tmp_path)


def test_nothing_configured_is_the_embedded_workspace() -> None:
    """A newcomer needs no setting at all."""
    assert load().is_embedded


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blanks around the parts do not count."""
    monkeypatch.setenv("IMPLBOT_COMPANY_DOMAINS", "a.example, b.example ,")

    assert load().company_domains == ("a.example", "b.example")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ZONE", "Berlin", "expected a time zone such as Europe/Berlin"),
        ("LOG_LEVEL", "LOUD", "expected DEBUG, INFO, WARNING or ERROR"),
        ("TICK_SECONDS", "0", "greater than 0"),
        ("HTTP_PORT", "many", "valid integer"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str) -> None:
    """The sentence holds the setting's name and what was expected."""
    monkeypatch.setenv(f"IMPLBOT_{name}", value)

    with pytest.raises(SettingsError, match=f"IMPLBOT_{name}") as caught:
        load()
    assert expected in str(caught.value)


def test_half_a_connection_is_refused_with_what_is_missing() -> None:
    """A bot that was meant for real never falls back to the embedded workspace."""
    half = Settings(slack_bot_token="xoxb-1")  # type: ignore[arg-type]  # as the environment gives it

    assert not half.is_embedded
    with pytest.raises(SettingsError) as caught:
        half.require_real()
    for name in ("GOOGLE_KEY_FILE", "SHARED_DRIVE", "SLACK_APP_TOKEN"):
        assert f"IMPLBOT_{name}" in str(caught.value)


def test_secrets_do_not_show() -> None:
    """Printing the settings gives no token away."""
    assert "xoxb-secret" not in repr(Settings(slack_bot_token="xoxb-secret"))  # type: ignore[arg-type]  # as the environment gives it
