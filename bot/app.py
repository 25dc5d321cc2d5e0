"""The composition root: builds the world from the settings, binds listeners and flows, and runs the bot."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import requests
import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from filelock import FileLock, Timeout
from pydantic import SecretStr
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot import schedule
from bot.errors import Refused, SettingsError, UserError
from bot.intake import listeners as intake
from bot.intake import record
from bot.manifest import manifest
from bot.provisioning import apply
from bot.provisioning import listeners as provisioning
from bot.reminders import listeners as reminders
from bot.settings import Settings
from bot.templates import push
from bot.triage import decide
from bot.triage import listeners as triage
from bot.world import World, docs, drive, google, sheets, slack, web_api
from bot.world.blocks import escape
from bot.world.clock import Clock, Follower
from bot.world.engine import Engine, Flow
from bot.world.listening import Act, Listener, Reply, act_of
from bot.world.store import Store

log = structlog.get_logger(__name__)

LISTENERS: tuple[Listener, ...] = (
    *intake.LISTENERS,
    *triage.LISTENERS,
    *provisioning.LISTENERS,
    *reminders.LISTENERS,
)

FLOWS: dict[str, Callable[..., Any]] = {
    **schedule.FLOWS,
    "request": record.request,
    "triage-card": decide.show,
    "decision": decide.decision,
    "provision": apply.provision,
    "provision-step": apply.step,
    "answer": reminders.answer,
}

ANNOUNCEMENT = "announcement.json"
LISTENER_THREADS = 20
PATIENCE_SECONDS = 120.0


class AlreadyAtWork(Refused):
    """Another process of ours works on this state folder."""


# The world


@contextmanager
def connected(settings: Settings) -> Iterator[World]:
    """A world of real connections, without an engine at work: what the reading verbs need."""
    settings.require_real()
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    store = Store(settings.state_dir, settings.database_url)
    store.migrate()
    try:
        yield _world(settings, store, Clock())
    finally:
        store.close()


def _world(settings: Settings, store: Store, clock: Clock) -> World:
    if settings.clock_url:
        _follow(settings, clock, lambda: None).read_once()
    key_file, shared_drive = settings.google_key_file, settings.shared_drive
    assert key_file is not None  # require_real() saw to both
    assert shared_drive is not None
    google_ = google.connect(key_file, settings.google_api_url)
    return World(
        settings=settings,
        clock=clock,
        store=store,
        engine=Engine(settings.state_dir, settings.database_url),
        slack=slack.Slack(web_api.connect(_token(settings.slack_bot_token), settings.slack_api_url), store, clock),
        drive=drive.Drive(google_, shared_drive),
        sheets=sheets.Sheets(google_),
        docs=docs.Docs(google_),
    )


def _follow(settings: Settings, clock: Clock, on_move: Callable[[], None]) -> Follower:
    assert settings.clock_url is not None
    return Follower(clock, settings.clock_url, _token(settings.clock_token), on_move)


@contextmanager
def working(settings: Settings) -> Iterator[World]:
    """A world whose engine works; one per state folder, because two engines with one name repeat steps."""
    with _only_one(settings.state_dir, "lock"), connected(settings) as world:
        for kind, flow in FLOWS.items():
            world.engine.register(kind, _with_world(flow, world))
        world.engine.launch()
        try:
            yield world
        finally:
            world.engine.stop()


@contextmanager
def _only_one(folder: Path, name: str) -> Iterator[None]:
    """Keep a second process off a state folder, or refuse when we are the second."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / name)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise AlreadyAtWork(
            f"implbot is already at work on {folder}: it does this by itself when it is due. "
            "Stop it first, or give IMPLBOT_STATE_DIR another folder."
        ) from None
    try:
        yield
    finally:
        lock.release()


def _with_world(flow: Callable[..., Any], world: World) -> Flow:
    return lambda run, **args: flow(world, run, **args)


# The bot


@contextmanager
def running(settings: Settings) -> Iterator[World]:
    """The whole bot: listening to Slack, ticking, following the workspace clock where there is one."""
    with working(settings) as world, _listening(world), _ticking(world):
        yield world


@contextmanager
def _ticking(world: World) -> Iterator[None]:
    """Look at what is due every few seconds, and at once when the workspace clock moves."""
    turn = threading.Lock()

    def tick() -> None:
        with turn:
            schedule.tick(world)

    def tick_and_finish() -> None:
        tick()
        if not world.engine.settle(PATIENCE_SECONDS):
            log.warning("work is still going on while the clock moves", seconds=PATIENCE_SECONDS)

    scheduler = BackgroundScheduler()
    scheduler.add_job(tick, "interval", seconds=world.settings.tick_seconds, max_instances=1, coalesce=True)
    scheduler.start()
    follower = _follow(world.settings, world.clock, tick_and_finish) if world.settings.clock_url else None
    if follower:
        follower.start()
    try:
        yield
    finally:
        if follower:
            follower.stop()
        scheduler.shutdown(wait=False)


@contextmanager
def _listening(world: World) -> Iterator[None]:
    """Socket Mode when an app token is set, else signed HTTP."""
    threads = ThreadPoolExecutor(LISTENER_THREADS, thread_name_prefix="listener")
    app = bolt(world, threads)
    try:
        if world.settings.slack_app_token:
            with _socket(app, world.settings.slack_app_token.get_secret_value()):
                yield
        else:
            from bot.http import serving  # only this way of listening needs a web server

            with serving(app, world.settings.http_port):
                yield
    finally:
        threads.shutdown(wait=True)


@contextmanager
def _socket(app: App, app_token: str) -> Iterator[None]:
    handler = SocketModeHandler(app, app_token, ping_interval=2)
    handler.client.proxy = None if app.client.base_url.startswith("http://127.0.0.1") else handler.client.proxy
    handler.connect()  # type: ignore[no-untyped-call]  # ships no types
    try:
        yield
    finally:
        _hang_up(handler)


def _hang_up(handler: SocketModeHandler) -> None:
    """Close at once: the client would otherwise wait seconds for a frame that may never come."""
    client = cast(Any, handler.client)
    client.auto_reconnect_enabled = False
    connection = client.current_session
    if connection is not None and connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError as error:
            log.debug("the socket was closed already", cause=type(error).__name__)
    handler.close()  # type: ignore[no-untyped-call]  # ships no types


def bolt(world: World, threads: ThreadPoolExecutor) -> App:
    """The Bolt app with every listener of the list bound to it."""
    secret = world.settings.slack_signing_secret
    app = App(
        client=web_api.connect(_token(world.settings.slack_bot_token), world.settings.slack_api_url),
        signing_secret=secret.get_secret_value() if secret else None,
        listener_executor=threads,
        request_verification_enabled=secret is not None,
    )
    bind = {"command": app.command, "action": app.action, "form": app.view, "event": app.event}
    for listener in LISTENERS:
        bind[listener.kind](listener.name)(_bound(listener, world))
    return app


def _token(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


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


def until_stopped() -> None:
    """Block until Ctrl-C or a request to end."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()


# The embedded workspace


@dataclass(frozen=True)
class Workspace:
    """An embedded workspace: the line it announced itself with, and the control API to act as its people."""

    line: dict[str, str]

    @property
    def url(self) -> str:
        """The one origin of all its APIs."""
        return self.line["url"]

    @property
    def page(self) -> str:
        """Where people look at it."""
        return self.line["page"]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the control API; a refusal becomes a UserError with its sentence."""
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(
                method,
                f"{self.url}/_control/{path}",
                json=body,
                headers={"Authorization": f"Bearer {self.line['control_token']}"},
                timeout=180,
            )
        if not answer.ok:
            raise UserError(f"The embedded workspace refused {path}: {answer.text[:300]}")
        return answer.json()


LEADS = ("grace.liu@fernhill.example", "daniel.reyes@fernhill.example", "sofia.rossi@fernhill.example")
COMPANY = {  # what a company prepares before its bot starts; people and groups are the workspace's own
    "drives": [
        {
            "name": "Implementations",
            "members": [
                {"email": "service_account", "role": "organizer"},
                *({"email": lead, "role": "fileOrganizer"} for lead in LEADS),
            ],
        }
    ],
    "channels": [
        {
            "name": "impl-triage",
            "private": True,
            "topic": "Implementation requests, decided by leads",
            "members": ["app", *LEADS],
        },
        {
            "name": "impl-ops",
            "private": True,
            "topic": "How the implementation bot is doing",
            "members": ["app", "sofia.rossi@fernhill.example"],
        },
        {"name": "impl-help", "private": False, "topic": "Questions about implementations", "members": ["app"]},
    ],
}


@contextmanager
def embedded(settings: Settings, state: Path | None = None, port: int = 0) -> Iterator[tuple[Settings, Workspace]]:
    """Start the embedded workspace and point the settings at it; it ends with this process."""
    with tempfile.TemporaryDirectory(prefix="implbot-") as scratch:
        if state is not None:
            (state / ANNOUNCEMENT).unlink(missing_ok=True)  # one of an earlier life leads nowhere
        described = Path(scratch) / "manifest.json"
        described.write_text(json.dumps(manifest(LISTENERS)))
        command = [sys.executable, "-m", "bot.emulator", "--port", str(port), "--manifest", str(described)]
        command += ["--state", str(state or Path(scratch) / "workspace"), "--until-stdin-closes"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own module
            try:
                workspace = _announced(process)
                if state is not None:
                    _keep_line(state / ANNOUNCEMENT, workspace.line)
                yield prepared(settings, workspace), workspace
            finally:
                process.terminate()


def _announced(process: subprocess.Popen[str]) -> Workspace:
    assert process.stdout is not None
    first = process.stdout.readline()
    if not first:
        raise SettingsError("The embedded workspace did not start; its own message is above.")
    return Workspace(json.loads(first))


def prepared(settings: Settings, workspace: Workspace) -> Settings:
    """What a company prepares once: drive, channels, templates. Returns the settings that lead there."""
    workspace.control("POST", "seed", COMPANY)
    pointed = pointed_at(settings, workspace.line)
    with connected(pointed) as world:
        push.push(world)
    return pointed


def pointed_at(settings: Settings, line: dict[str, str]) -> Settings:
    """The settings that lead into the workspace which announced itself with this line."""
    return settings.model_copy(
        update={
            "slack_bot_token": SecretStr(line["slack_bot_token"]),
            "slack_app_token": SecretStr(line["slack_app_token"]),
            "slack_api_url": f"{line['url']}/api/",
            "google_key_file": Path(line["google_key_file"]),
            "google_api_url": line["url"],
            "shared_drive": "Implementations",
            "clock_url": f"{line['url']}/_control/clock",
            "clock_token": SecretStr(line["control_token"]),
        }
    )


@contextmanager
def reachable(settings: Settings) -> Iterator[Settings]:
    """Settings that lead somewhere: as they are when something is configured, else into the embedded workspace."""
    if not settings.is_embedded:
        yield settings
        return
    state = settings.state_dir / "workspace"
    with ExitStack() as stack:
        try:  # two embedded workspaces over one file would undo each other's work
            stack.enter_context(_only_one(settings.state_dir, "workspace.lock"))
        except AlreadyAtWork:
            pointed = _pointed_at_running(settings, state / ANNOUNCEMENT)
        else:
            pointed = stack.enter_context(embedded(settings, state))[0]
        yield pointed


def _pointed_at_running(settings: Settings, announcement: Path) -> Settings:
    """Into the workspace that another process of ours has started."""
    try:
        return pointed_at(settings, json.loads(announcement.read_text()))
    except FileNotFoundError:
        raise AlreadyAtWork("implbot is just starting here. Please try again in a few seconds.") from None


def _keep_line(path: Path, line: dict[str, str]) -> None:
    """Let this owner's other commands find the workspace while it runs; the line holds keys."""
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(line))
    draft.replace(path)
