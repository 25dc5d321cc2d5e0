"""A bot process that carries one set-up out and ends: started again after a kill, it goes on where the other died."""

from __future__ import annotations

import json
import sys

from bot.settings import Settings
from tests.crash.workshop import at_work, forget

PATIENCE = 120


def main(flow: str, arguments: str) -> int:
    """Start the set-up unless it is known, and wait until nothing is left to do."""
    with at_work(Settings(_env_file=None)) as world:
        forget(world)
        world.engine.start("provision", flow, **json.loads(arguments))
        return 0 if world.engine.settle(PATIENCE) and world.engine.status(flow) == "done" else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
