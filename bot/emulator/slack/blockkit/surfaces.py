"""What Slack accepts as a view: a modal or a home tab, with all the blocks there are."""

from bot.emulator.slack.blockkit import recent as recent  # adds its blocks to BLOCKS
from bot.emulator.slack.blockkit.shapes import Bool, ListOf, Shape, Str, Text, Typed
from bot.emulator.slack.blockkit.spec import BLOCKS, Fields

VIEW: Fields = {
    "blocks!": ListOf(Typed(BLOCKS, tuple(BLOCKS)), max=100, min=0),
    "private_metadata": Str(3000, min=0),
    "callback_id": Str(255, min=0),
    "external_id": Str(255, min=0),
}
VIEWS: dict[str, Shape] = {
    "modal": Shape(
        VIEW
        | {
            "title!": Text(24),
            "close": Text(24),
            "submit": Text(24),
            "clear_on_close": Bool(),
            "notify_on_close": Bool(),
            "submit_disabled": Bool(),
        },
        surfaces=("modal",),
    ),
    "home": Shape(VIEW, surfaces=("home",)),
}
