"""What a push of the templates says."""

from __future__ import annotations

from bot.templates.plan import Action

DEEDS = {
    "create": "create {title} (version {version})",
    "finish": "finish {title} (version {version}), which an earlier push left half made",
    "retire": "take an old version of {title} out of use",
    "keep": "{title} is as it should be",
}


def report(actions: list[Action]) -> list[str]:
    """One line an action, in the imperative: what a push does, or with `--dry-run` would do."""
    return [
        DEEDS[action.deed].format(title=action.template.title, version=action.template.version) for action in actions
    ]
