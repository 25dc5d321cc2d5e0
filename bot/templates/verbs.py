"""The acts of `implbot templates`: each gives the lines to print, and whether all is well."""

from __future__ import annotations

from bot.templates import messages, register
from bot.templates import push as pushing
from bot.world import World

Told = tuple[list[str], bool]


def push(world: World, *, dry_run: bool, replace: bool) -> Told:
    """Build or update the templates; not all is well when one was left alone because people have edited it."""
    actions = pushing.plan(world, replace=replace)
    if not dry_run:
        pushing.carry_out(world, actions)
    return messages.report(actions, in_full=dry_run), all(action.deed != "hold" for action in actions)


def check(world: World, place: str = "") -> Told:
    """Compare every template, the one of a name, or a file; all is well when nothing differs."""
    is_name = not place or place in register.names()
    found = register.check_all(world, place) if is_name else [register.check_file(world, place)]
    return [line for one in found for line in one.lines()], not any(one.differences for one in found)


def use(world: World, name: str, place: str = "") -> Told:
    """Make a team's own copy the template; without a place go back to the pushed one."""
    return (register.use(world, name, place) if place else register.use_ours(world, name)), True
