"""The verbs: what an operator types."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import OutsideError, UserError
from bot.settings import Settings, load

if TYPE_CHECKING:
    from bot.world import World

cli = typer.Typer(
    name="implbot",
    help="Runs customer implementations where people already work: Slack, Google Sheets and Google Docs. "
    "With nothing configured, every verb works in an embedded workspace on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the decision and stop; nothing is sent or written.")]
ProjectKey = Annotated[str, typer.Argument(help="The project's key as `implbot projects` prints it.")]


@cli.command()
def run() -> None:
    """Work until stopped: listen to Slack, watch the sheets, remind, report."""
    given = _settings()  # checked before the engine and the clients take their time to load
    from bot import app, embedded

    with embedded.reachable(given) as settings, app.running(settings):
        page = f"the embedded workspace at {settings.google_api_url}/" if settings.clock_url else ""
        where = page or "Slack and Google"
        typer.echo(f"implbot is at work in {where}. Stop it with Ctrl-C.")
        app.until_stopped()


@cli.command()
def demo(
    exit_: Annotated[bool, typer.Option("--exit", help="End after the story; 0 only if everything was found.")] = False,
    output: Annotated[Path, typer.Option(help="Folder for the written files.")] = Path("demo-output"),
) -> None:
    """Play one implementation from request to monthly report, as its people, in a fresh embedded workspace."""
    from bot import demo as story

    sys.exit(story.play(_settings(), output, stay=not exit_))


@cli.command()
def emulator(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 0,
    accept_google_token: Annotated[
        list[str], typer.Option(help="A bearer token to accept from Google's clients.")
    ] = [],  # noqa: B006  # Typer reads the list only
    accept_slack_token: Annotated[list[str], typer.Option(help="A bot token to accept from Slack's clients.")] = [],  # noqa: B006  # Typer reads the list only
    limits: Annotated[str, typer.Option(help="on or off: rate limits and quotas.")] = "on",
    state: Annotated[Path | None, typer.Option(help="Folder that keeps the workspace; none keeps nothing.")] = None,
) -> None:
    """Run the embedded workspace alone: Slack, Drive, Sheets and Docs on one loopback address."""
    from bot import app
    from bot.emulator.__main__ import main as serve
    from bot.manifest import manifest

    with tempfile.TemporaryDirectory(prefix="implbot-") as scratch:
        described = Path(scratch) / "manifest.json"
        described.write_text(json.dumps(manifest(app.LISTENERS)))
        serve(port, state, described, accept_google_token, accept_slack_token, limits, until_stdin_closes=False)


@cli.command()
def sweep(dry_run: DryRun = False) -> None:
    """Read what changed in the sheets now, and say what was found."""
    given = _settings()
    from bot.watch import poll

    _act(given, dry_run, preview=poll.preview, flow="sweep", subject="all")


@cli.command()
def digest(project: ProjectKey, dry_run: DryRun = False) -> None:
    """Post a project's weekly digest now."""
    given = _settings()
    from bot.digests import send

    _act(given, dry_run, preview=lambda world: send.preview(world, project), flow="digest", subject=project)


@cli.command()
def report(project: ProjectKey, dry_run: DryRun = False) -> None:
    """Draft a project's monthly report now."""
    given = _settings()
    from bot.reports import draft

    _act(given, dry_run, preview=lambda world: draft.preview(world, project), flow="report", subject=project)


@cli.command()
def repair(project: ProjectKey, dry_run: DryRun = False) -> None:
    """Look at a project's real files and channel, make only what is missing, and say what became of each."""
    given = _settings()
    from bot.provisioning import repair as room

    told = _act(given, dry_run, preview=lambda world: room.preview(world, project), flow="repair", subject=project)
    if room.failed(told):
        typer.echo(f"implbot: not all of {project} could be repaired; what failed is told above.", err=True)
        raise typer.Exit(1)


@cli.command()
def rebuild() -> None:
    """Restore an empty store from the workspace alone, and say what cannot be restored."""
    given = _settings()
    from bot import app, embedded
    from bot import rebuild as door

    with (
        embedded.reachable(given) as settings,
        app.only_one(settings.state_dir, "lock"),
        app.connected(settings) as world,
    ):
        for line in door.rebuild(world):
            typer.echo(line)


@cli.command()
def audit(project: ProjectKey) -> None:
    """Print who did what in a project, and why, oldest first, in the project's own time."""
    given = _settings()
    from bot import app, embedded, ledger

    with embedded.reachable(given) as settings, app.connected(settings) as world:
        for line in ledger.lines(world, project):
            typer.echo(line)


@cli.command()
def slips(project: ProjectKey) -> None:
    """Print how far a project's dates moved and why, and how long it waited for its customer."""
    given = _settings()
    from bot import app, embedded, ledger

    with embedded.reachable(given) as settings, app.connected(settings) as world:
        for line in ledger.slips(world, project):
            typer.echo(line)


@cli.command()
def check(
    project: ProjectKey,
    only: Annotated[
        str, typer.Option("--id", help="Only this check, or all that begin so: `RISK-STALE`, `RISK`.")
    ] = "",
) -> None:
    """Explain every finding of a project: what and where, why, who hears it when, what ends it, how to silence it."""
    given = _settings()
    from bot import app, embedded, explain

    with embedded.reachable(given) as settings, app.connected(settings) as world:
        for line in explain.lines(world, project, only):
            typer.echo(line)


@cli.command()
def projects() -> None:
    """List the projects the bot knows."""
    settings = _settings()
    from bot.world.store import Store

    store = Store(settings.state_dir, settings.database_url)
    store.migrate()
    rows = store.all_projects()
    store.close()
    if not rows:
        typer.echo("No projects yet. They begin with /implementation-request in Slack.")
    for row in rows:
        typer.echo(f"{row['key']}\t{row['customer']}\t{row['kind']}\t{row['state']}\t{row['pm']}")


@cli.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="The same for a program.")] = False,
) -> None:
    """Say how the bot is: work, files, questions, messages, failed jobs, calls; 1 when somebody should look at once."""
    settings = _settings()
    from bot.health import facts
    from bot.health import status as room
    from bot.world.store import Store

    store = Store(settings.state_dir, settings.database_url)
    if not store.has_tables():
        store.migrate()
    health = facts.gathered(store, settings, facts.here_and_now(store))
    store.close()
    told = room.as_json(health, settings.silent_periods)
    for line in [json.dumps(told, indent=2)] if as_json else room.lines(health, settings.silent_periods):
        typer.echo(line)
    sys.exit(0 if told["ok"] else 1)


@cli.command()
def templates(
    act: Annotated[str, typer.Argument(help="push, check or use.")],
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME] [FILE]",
            help="After check: a template's name, or a file's ID or link; nothing means all templates. "
            "After use: the name, and the ID or link of your own copy.",
        ),
    ] = None,
    dry_run: DryRun = False,
    replace: Annotated[bool, typer.Option("--replace", help="After push: overwrite what people edited.")] = False,
    ours: Annotated[bool, typer.Option("--ours", help="After use: go back to the pushed template.")] = False,
) -> None:
    """Push the templates into the shared drive, check files against the schemas, or use a copy of your own instead."""
    given = tuple(words or ())
    if (act, len(given)) not in {("push", 0), ("check", 0), ("check", 1), ("use", 1 if ours else 2)}:
        raise typer.BadParameter("expected: push, check [NAME or FILE], use NAME FILE, or use NAME --ours")
    if ((dry_run or replace) and act != "push") or (ours and act != "use"):
        raise typer.BadParameter("--dry-run and --replace go with push, --ours goes with use")
    from bot import app, embedded
    from bot.templates import verbs

    with embedded.reachable(_settings()) as settings, app.connected(settings) as world:
        if act == "push":
            lines, is_well = verbs.push(world, dry_run=dry_run, replace=replace)
        else:
            lines, is_well = verbs.check(world, *given) if act == "check" else verbs.use(world, *given)
    for line in lines:
        typer.echo(line)
    sys.exit(0 if is_well else 1)


@cli.command()
def adopt(
    request: Annotated[str, typer.Argument(help="The request's ID in the backlog, before it is selected.")],
    playbook: Annotated[str, typer.Argument(help="ID or link of the internal playbook that you keep already.")],
    plan: Annotated[str, typer.Argument(help="ID or link of its project plan.")],
) -> None:
    """Take sheets that you keep already for a request, instead of copies of the templates."""
    given = _settings()
    from bot import app, embedded
    from bot.templates import adopt as room

    with embedded.reachable(given) as settings, app.connected(settings) as world:
        for line in room.adopt(world, request, playbook, plan):
            typer.echo(line)


@cli.command()
def manifest() -> None:
    """Print the Slack app manifest (JSON) that this bot needs."""
    from bot import app
    from bot.manifest import manifest as made

    typer.echo(json.dumps(made(app.LISTENERS), indent=2))


@cli.command()
def doctor() -> None:
    """Check settings, tokens, scopes, the shared drive, templates and channels; say what to do for each failure."""
    from bot import embedded
    from bot.doctor import checkup

    with embedded.reachable(_settings()) as settings:
        results = checkup(settings)
    for result in results:
        typer.echo(f"{'ok  ' if result.ok else 'FAIL'}  {result.name}: {result.words}")
    sys.exit(0 if all(result.ok for result in results) else 1)


def _settings() -> Settings:
    from bot.logs import configure

    settings = load()
    configure(settings.log_level)
    return settings


def _act(given: Settings, dry_run: bool, preview: PreviewOf, flow: str, subject: str) -> str:
    """Carry one flow out now under a key of this moment, or only print what it would do; what was printed."""
    from bot import app, embedded

    with embedded.reachable(given) as settings:
        if dry_run:
            with app.connected(settings) as world:
                told = preview(world)
            typer.echo(told)
            return told
        with app.working(settings) as world:
            now = world.clock.now().isoformat()
            world.engine.start(flow, f"asked:{flow}:{subject}:{now}", subject=subject, slot=now)
            told = str(world.engine.result(f"asked:{flow}:{subject}:{now}"))
    typer.echo(told)
    return told


def main() -> None:
    """The entry of `implbot`: an error that is no mistake of ours is one line and exit code 1; wrong usage is 2."""
    try:
        cli()
    except (UserError, OutsideError) as error:
        typer.echo(f"implbot: {error}", err=True)
        sys.exit(1)


if TYPE_CHECKING:
    from collections.abc import Callable

    PreviewOf = Callable[[World], str]
