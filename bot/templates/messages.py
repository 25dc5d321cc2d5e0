"""What push, check and use say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.templates.plan import Action

DEEDS = {
    "create": "create {title} (version {version})",
    "finish": "finish {title} (version {version}), which an earlier push left half made",
    "update": "update {title} in place, from version {old} to {version}",
    "stamp": "register {title} as version {version}; its contents are there already",
    "hold": "leave {title} alone: people have edited it since the last push, and a newer version is waiting. "
    "See `implbot templates check {name}`. Keep yours with `implbot templates use {name} FILE` on a copy, "
    "or overwrite it with `implbot templates push --replace`",
    "retire": "take an old file of {title} out of use",
    "keep": "{title} is as it should be",
    "edited": "{title} is in its newest version, and people have edited it since: see `implbot templates check {name}`",
}
IN_USE = "; your own copy is in use instead"


def report(actions: Sequence[Action], *, in_full: bool = False) -> list[str]:
    """One line an action, in the imperative: what a push does, or with `--dry-run` would do; then what differs."""
    return [line for action in actions for line in _told(action, in_full)]


def _told(action: Action, in_full: bool) -> Iterator[str]:
    template, marks = action.template, action.file.properties if action.file else {}
    line = DEEDS[action.deed].format(
        title=template.title, name=template.name, version=template.version, old=marks.get("version", "none")
    )
    yield line + (IN_USE if marks.get("use") and action.deed != "retire" else "")
    if in_full:
        yield from bullets(action.differences)


def checked(title: str, name: str, differences: Sequence[str]) -> list[str]:
    """A file's heading with its differences below."""
    if not differences:
        return [f"{title} fits {name}."]
    count = "one thing" if len(differences) == 1 else f"{len(differences)} things"
    return [f"{title} differs from {name} in {count}:", *bullets(differences)]


def bullets(sentences: Sequence[str]) -> list[str]:
    return [f"  - {sentence}" for sentence in sentences]
