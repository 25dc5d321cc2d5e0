"""The Slack door: Bolt over Socket Mode or signed HTTP, each listener bound, acked once, its trouble told kindly."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, cast

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.errors import Refused, UserError
from bot.world import World, web_api
from bot.world.blocks import escape
from bot.world.listening import Act, Listener, Reply, act_of

log = structlog.get_logger(__name__)

LISTENER_THREADS = 20


@contextmanager
def listening(world: World, listeners: Iterable[Listener]) -> Iterator[None]:
    """Socket Mode when an app token is set, else signed HTTP."""
    threads = ThreadPoolExecutor(LISTENER_THREADS, thread_name_prefix="listener")
    app = bolt(world, listeners, threads)
    try:
        if world.settings.slack_app_token:
            with _socket(app, world.settings.slack_app_token.get_secret_value()) as socket_:
                world.slack.is_heard = socket_.client.is_connected
                yield
        else:
            from bot.http import serving  # only this way of listening needs a web server

            with serving(app, world.settings.http_port):
                yield
    finally:
        world.slack.is_heard = lambda: True
        threads.shutdown(wait=True)


@contextmanager
def _socket(app: App, app_token: str) -> Iterator[SocketModeHandler]:
    handler = SocketModeHandler(app, app_token, ping_interval=2)
    handler.client.proxy = None if app.client.base_url.startswith("http://127.0.0.1") else handler.client.proxy
    handler.connect()  # type: ignore[no-untyped-call]  # ships no types
    try:
        yield handler
    finally:
        _hang_up(handler)


def _hang_up(handler: SocketModeHandler) -> None:
    """Close at once: the client would otherwise wait seconds for a frame and a message that may never come."""
    client = cast(Any, handler.client)
    client.auto_reconnect_enabled = False
    client.closed = True
    client.message_queue.put(None)
    connection = client.current_session
    if connection is not None and connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError as error:
            log.debug("the socket was closed already", cause=type(error).__name__)
    try:
        handler.close()  # type: ignore[no-untyped-call]  # ships no types
    except AttributeError:  # its own thread dropped the socket between its look and its close: now there is none
        handler.close()  # type: ignore[no-untyped-call]


def bolt(world: World, listeners: Iterable[Listener], threads: ThreadPoolExecutor) -> App:
    """The Bolt app with every listener bound to it."""
    secret, token = world.settings.slack_signing_secret, world.settings.slack_bot_token
    app = App(
        name="implbot",  # else Bolt looks through every source file of the stack for one
        client=web_api.connect(token.get_secret_value() if token else "", world.settings.slack_api_url),
        signing_secret=secret.get_secret_value() if secret else None,
        listener_executor=threads,
        request_verification_enabled=secret is not None,
    )
    bind = {
        "command": app.command, "action": app.action, "form": app.view, "event": app.event,
        "shortcut": app.message_shortcut,
    }  # fmt: skip
    for listener in listeners:
        bind[listener.kind](listener.name)(_bound(listener, world))
    return app


def _bound(listener: Listener, world: World) -> Callable[..., None]:
    """Bolt hands its arguments over by name."""
    answer = _answer_form if listener.kind == "form" else _answer_act

    def listen(ack: Any, body: dict[str, Any], respond: Any) -> None:
        answer(listener, world, body, ack, respond)

    return listen


def _answer_form(listener: Listener, world: World, body: dict[str, Any], ack: Any, _respond: Any) -> None:
    """One ack, after the decision: with errors, with another view, or to close the form."""
    reply = _handled(listener, world, act_of(body))
    if reply.errors:
        ack(response_action="errors", errors=dict(reply.errors))
    elif reply.view:
        ack(response_action="update", view=reply.view)
    else:
        ack()


def _answer_act(listener: Listener, world: World, body: dict[str, Any], ack: Any, respond: Any) -> None:
    """Ack at once: the handler may open a form or look something up."""
    ack()
    reply = _handled(listener, world, act_of(body))
    if reply.text:
        respond(text=escape(reply.text), response_type="ephemeral", replace_original=False)


def _handled(listener: Listener, world: World, act: Act) -> Reply:
    """The listener's reply; a refusal becomes its sentence, anything unforeseen an apology with an ID from the log."""
    try:
        if act.team_id != world.slack.team_id:
            raise Refused("Only people of our own organisation can do this. Please ask your contact there.")
        return listener.handle(world, act) or Reply()
    except UserError as refusal:
        return _told(listener, act, str(refusal))
    except Exception:
        case = act.key[-12:]
        log.exception("a listener failed", listener=listener.name, case=case)
        return _told(listener, act, f"Something went wrong on my side; nothing you typed is lost. Case {case}.")


def _told(listener: Listener, act: Act, sentence: str) -> Reply:
    """Inside a form the sentence stands beside its first field, so that nothing typed is lost."""
    if listener.kind == "form" and act.values:
        return Reply(errors={next(iter(act.values)): sentence})
    return Reply(text=sentence)
