"""`implbot templates` as an operator types it: words, exit codes, and nothing asked twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.templates.plan import wanted
from tests.test_cli import implbot


def test_a_morning_with_templates(tmp_path: Path) -> None:
    """What is pushed fits; a wrong name or link is one line and status 1, and so is a file that differs."""
    folder = tmp_path
    done = implbot("templates", "push", folder=folder)
    assert (done.returncode, done.stdout.count("is as it should be")) == (0, len(wanted())), done.stderr

    done = implbot("templates", "check", folder=folder)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "Implementation backlog fits backlog."), done.stderr
    assert len(done.stdout.splitlines()) == len(wanted())

    done = implbot("templates", "use", "standrad_plan", "x", folder=folder)
    assert done.returncode == 1
    assert done.stderr.startswith("implbot: There is no template 'standrad_plan'. There are backlog, playbook,")


@pytest.mark.parametrize(
    "words",
    [
        ["push", "playbook"],
        ["check", "a", "b"],
        ["check", "--dry-run"],
        ["use", "playbook"],
        ["use", "playbook", "x", "--ours"],
        ["check", "--replace"],
        ["push", "--ours"],
    ],
)
def test_what_does_not_go_together_is_wrong_usage(words: list[str], tmp_path: Path) -> None:
    """An argument or option that an act does not take is the typist's: status 2, nothing done."""
    done = implbot("templates", *words, folder=tmp_path)
    assert done.returncode == 2
    assert "Usage:" in done.stderr
    assert not (tmp_path / ".implbot").exists()
