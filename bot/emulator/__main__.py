"""python -m bot.emulator: serves one workspace as a process of its own and prints where it is, as one JSON line."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn

from bot.emulator.workspace import EmulatorSettings, Workspace, write_private


def main(
    port: Annotated[int, typer.Option(help="Port on loopback; 0 takes any free one.")] = 0,
    state: Annotated[
        Path | None, typer.Option(help="Folder that keeps the workspace; without it, memory only.")
    ] = None,
    manifest: Annotated[Path | None, typer.Option(help="JSON manifest of the app to install.")] = None,
    accept_google_token: Annotated[
        list[str] | None, typer.Option(help="A Google bearer token to accept; may be repeated.")
    ] = None,
    accept_slack_token: Annotated[
        list[str] | None, typer.Option(help="A Slack bot token to accept; may be repeated.")
    ] = None,
    limits: Annotated[str, typer.Option(help="Quotas and rate limits: on or off.")] = "on",
    until_stdin_closes: Annotated[bool, typer.Option(help="End when standard input closes.")] = False,
) -> None:
    """Serve an embedded Slack and Google workspace on 127.0.0.1 until a signal comes."""
    if limits not in ("on", "off"):
        raise typer.BadParameter(f"expected on or off, found {limits!r}", param_hint="--limits")
    settings = EmulatorSettings(
        limits=limits == "on",
        google_tokens=tuple(accept_google_token or ()),
        slack_tokens=tuple(accept_slack_token or ()),
        manifest=_manifest(manifest),
    )
    with contextlib.ExitStack() as stack:
        private = state or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="workspace-")))
        run(Workspace.open(settings, state), private, port=port, until_stdin_closes=until_stdin_closes)


def _manifest(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        raw = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"cannot read a JSON manifest from {path}: {error}", param_hint="--manifest") from None
    if not isinstance(raw, dict):
        raise typer.BadParameter("the manifest must be a JSON object", param_hint="--manifest")
    return raw


def run(workspace: Workspace, private: Path, *, port: int, until_stdin_closes: bool) -> None:
    """Serve in this thread; the key file is written into the folder `private`, readable by its owner only."""
    from bot.emulator.server import listen, server_for

    try:
        listener = listen(port)
    except OSError as error:
        raise typer.BadParameter(f"port {port} cannot be taken: {error.strerror}", param_hint="--port") from None
    server = server_for(workspace, listener)
    key_file = private / "google-key.json"
    _write_key_file(workspace, key_file)
    if until_stdin_closes:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches owner and workspace alike; the owner decides
        threading.Thread(target=_end_with_stdin, args=(server,), daemon=True).start()
    _end_quickly(server, until_stdin_closes)
    listener.listen(128)  # whoever reads the line may connect at once
    print(json.dumps(announcement(workspace, key_file)), flush=True)
    server.run(sockets=[listener])
    workspace.shelf.close()


def announcement(workspace: Workspace, key_file: Path) -> dict[str, Any]:
    """The line that tells where the workspace is and with which keys it opens."""
    keys = workspace.secrets
    return {
        "url": workspace.url,
        "page": f"{workspace.url}/",
        "limits": "on" if workspace.settings.limits else "off",
        "google_key_file": str(key_file.resolve()),
        "slack_bot_token": keys.slack_bot_token,
        "slack_app_token": keys.slack_app_token,
        "signing_secret": keys.signing_secret,
        "control_token": keys.control_token,
    }


def _write_key_file(workspace: Workspace, path: Path) -> None:
    from bot.emulator.google.auth import key_file

    write_private(path, json.dumps(key_file(workspace), indent=2))


def _end_with_stdin(server: uvicorn.Server) -> None:
    """Whoever started this process holds the other end of its standard input; when they are gone, it goes."""
    while sys.stdin.buffer.read(4096):
        continue
    server.should_exit = True


def _end_quickly(server: uvicorn.Server, owned: bool) -> None:
    """The first signal ends the server in about a second and is a normal end; a second one waits for nothing.

    An owned workspace does not hear Ctrl-C, which its owner hears as well.
    """

    def handle(number: int, _frame: Any) -> None:
        if number == signal.SIGINT and owned:
            return
        if server.should_exit:
            os._exit(128 + number)
        server.should_exit = True

    server.handle_exit = handle  # type: ignore[method-assign,assignment]  # uvicorn would raise the signal again afterwards


if __name__ == "__main__":
    typer.run(main)
