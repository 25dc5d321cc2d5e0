"""The composition root: builds the world from the settings, binds listeners and flows, and runs the bot."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from filelock import FileLock, Timeout
from pydantic import SecretStr

from bot import schedule
from bot.errors import Refused, SettingsError
from bot.health import failures, marks, watchdog
from bot.intake import answers, record
from bot.intake import listeners as intake
from bot.lifecycle import listeners as lifecycle
from bot.opening import listeners as opening
from bot.planning import listeners as planning
from bot.project.checks.tuning import mistakes
from bot.provisioning import apply, repair
from bot.provisioning import listeners as provisioning
from bot.reminders import listeners as reminders
from bot.reviews import listeners as reviews
from bot.settings import Settings
from bot.slack_door import listening
from bot.triage import decide
from bot.triage import listeners as triage
from bot.watch import listeners as watch
from bot.world import World, docs, drive, google, sheets, slack, web_api
from bot.world.clock import Clock, Follower
from bot.world.engine import Engine, Flow, Run
from bot.world.limits import Quotas
from bot.world.listening import Listener, by_word
from bot.world.store import Store

log = structlog.get_logger(__name__)

LISTENERS: tuple[Listener, ...] = by_word(
    (
        *intake.LISTENERS,
        *triage.LISTENERS,
        *provisioning.LISTENERS,
        *reminders.LISTENERS,
        *watch.LISTENERS,
        *planning.LISTENERS,
        *lifecycle.LISTENERS,
        *opening.LISTENERS,
        *reviews.LISTENERS,
    )
)

FLOWS: dict[str, Callable[..., Any]] = {
    **schedule.FLOWS,
    "request": record.request,
    "question": answers.question,
    "answered": answers.answered,
    "triage-card": decide.show,
    "score": decide.score,
    "decision": decide.decision,
    "put-back": decide.put_back,
    "provision": apply.provision,
    "provision-step": apply.step,
    "repair": repair.repair,
    **reminders.FLOWS,
    **watch.FLOWS,
    **planning.FLOWS,
    **lifecycle.FLOWS,
    **opening.FLOWS,
    **reviews.FLOWS,
}

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
    if wrong := mistakes(settings.checks or ""):
        raise SettingsError(f"IMPLBOT_CHECKS: {' '.join(wrong)}")
    if settings.clock_url:
        _follow(settings, clock, lambda: None).read_once()
    key_file, shared_drive = settings.google_key_file, settings.shared_drive
    assert key_file is not None  # require_real() saw to both
    assert shared_drive is not None
    quotas = Quotas() if settings.google_limits else None
    google_ = google.connect(key_file, settings.google_api_url, quotas, clock=clock)
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


def _token(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


def _follow(settings: Settings, clock: Clock, on_move: Callable[[], None]) -> Follower:
    assert settings.clock_url is not None
    return Follower(clock, settings.clock_url, _token(settings.clock_token), on_move)


@contextmanager
def working(settings: Settings) -> Iterator[World]:
    """A world whose engine works; one per state folder, because two engines with one name repeat steps."""
    with only_one(settings.state_dir, "lock"), connected(settings) as world:
        for kind, flow in FLOWS.items():
            world.engine.register(kind, _with_world(kind, flow, world))
        world.engine.launch()
        try:
            yield world
        finally:
            world.engine.stop()


@contextmanager
def only_one(folder: Path, name: str) -> Iterator[None]:
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


def _with_world(kind: str, flow: Callable[..., Any], world: World) -> Flow:
    """The flow as the engine calls it; a failure is kept, so that its keeper reads of it."""

    def act(run: Run, **args: Any) -> Any:
        subject = next((str(args[name]) for name in ("subject", "project", "request_id") if args.get(name)), "")
        return failures.watched(
            world,
            kind,
            run.key,
            subject,
            lambda: flow(world, run, **args),
            lambda: schedule.again_at(run.key, str(args.get("slot", "")), world.clock.now()),
        )

    return act


# The bot


@contextmanager
def running(settings: Settings) -> Iterator[World]:
    """The whole bot: listening to Slack, ticking, following the workspace clock where there is one."""
    with working(settings) as world, listening(world, LISTENERS), _ticking(world):
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
    watch = watchdog.Watch(world)
    scheduler.add_job(watch.look, "interval", seconds=watchdog.LOOK_SECONDS, max_instances=1, coalesce=True)
    watchdog.begin(world)
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
        marks.stopped(world)


def until_stopped() -> None:
    """Block until Ctrl-C or a request to end."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()
