"""What people do on a set-up's card: *Retry* what is missing."""

from bot.errors import Refused, UserError
from bot.project.names import selection_key
from bot.provisioning import messages
from bot.world import World
from bot.world.listening import Act, Listener, Reply


def retry(world: World, act: Act) -> Reply | None:
    """Start one more attempt, for the project's PM or a lead; a double press starts one."""
    kept = world.store.recall(selection_key(act.value))
    if kept is None:
        raise UserError("I know of no set-up for this request. Please select it on its triage card.")
    if act.user_id != kept["selection"]["pm"] and not world.lead_groups(act.user_id):
        raise Refused("Only the project manager or a lead can retry a set-up. Please ask one of them.")
    attempt = 2
    while (status := world.engine.status(f"provision:{act.value}:{attempt}")) != "absent":
        if status == "running":
            return Reply(text="I am at it already; the card shows how far I am.")
        attempt += 1
    key = f"provision:{act.value}:{attempt}"
    world.engine.start("provision", key, request_id=act.value, attempt=attempt, **kept)
    return None


LISTENERS = (Listener("action", messages.RETRY, retry, "Try the missing steps of a set-up again"),)
