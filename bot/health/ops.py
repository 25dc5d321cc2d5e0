"""The one way to speak of the bot's own health: once per key, in the ops channel, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.errors import OutsideError, UserError
from bot.project import wall

if TYPE_CHECKING:
    from bot.world import World
    from bot.world.blocks import Message

log = structlog.get_logger(__name__)

PREFIX = "health:"
NO_CHANNEL = "I am not in #{name}, where I speak of my own health. Create the channel if needed, and invite me there."


def say(world: World, key: str, message: Message) -> None:
    """Say it once; UserError when the bot is not in the channel, SlackFailure when Slack does not take it."""
    name = world.settings.ops_channel
    channel = world.slack.channel_id(name)
    if channel is None:
        raise UserError(NO_CHANNEL.format(name=name))
    world.slack.post_once(PREFIX + key, channel, message, wall.internal())


def is_said(world: World, key: str, message: Message) -> bool:
    """The same where nobody waits for it: a failure is logged, and it is for the caller to try again."""
    try:
        say(world, key, message)
    except (OutsideError, UserError) as failure:
        log.warning("the ops channel could not be told", what=key, cause=str(failure))
        return False
    return True
