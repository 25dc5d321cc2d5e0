"""What people do to ask for an implementation: the command opens the form, the form is checked and recorded."""

from dataclasses import asdict

from bot.errors import Refused
from bot.intake import form, messages
from bot.project.words import RequestType
from bot.world import World
from bot.world.listening import Act, Listener, Reply


def open_form(world: World, act: Act) -> Reply | None:
    """`/implementation-request [customer]`: show the form."""
    _check_staff(world, act)
    world.slack.open_form(act.trigger_id, form.view(act.text))
    return None


def submit(world: World, act: Act) -> Reply | None:
    """Answer inside the form when a field is wrong; else start the durable recording and close."""
    _check_staff(world, act)
    asked = form.parse(act.values, world.settings.link_hosts)
    if isinstance(asked, dict):
        return Reply(errors=asked)
    ae = world.slack.person(asked.ae_id)
    if ae is None or not ae.is_staff:
        return Reply(errors={"ae": "Please choose somebody of our own staff."})
    if asked.request_type is RequestType.OTHER:
        return Reply(errors={"request_type": messages.OTHER_HELP.format(channel=world.settings.help_channel)})
    world.engine.start("request", f"request:{act.key}", asked=asdict(asked), ce_id=act.user_id)
    return None


def _check_staff(world: World, act: Act) -> None:
    person = world.slack.person(act.user_id)
    if person is None or not person.is_staff:
        raise Refused(messages.NOT_STAFF)


LISTENERS = (
    Listener("command", "/implementation-request", open_form, "Ask for a customer implementation", "[customer]"),
    Listener("form", form.CALLBACK, submit, "Send an implementation request"),
)
