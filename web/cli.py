"""The command line: `opsbook serve`, `worker`, `deploy`, `check`, `user add`, `token add`, `migrate`, `demo`, `case`, `export`, `report`, `manual`, `templates`, `test`, `replay`, `tck`."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import click
import waitress

from engine.clock import SystemClock
from engine.dmn.tck import tck_command
from engine.errors import OpsbookError, Problem
from engine.runtime import deployments
from engine.runtime.engine import Engine
from engine.storage.schema import migration_config
from engine.studio.folder import deploy_folder
from engine.workers import Carrier, Executor
from web import demo as demo_data
from web.app import create_app
from web.auth import api_tokens
from web.auth.accounts import create_user
from web.bootstrap import connect, installation
from web.exports.commands import export
from web.kpis.commands import report
from web.manuals.commands import manual
from web.operations.commands import case
from web.replay.commands import replay
from web.scenarios import test
from web.studio.commands import templates

#: Connections at the same time, besides those of workers that wait; browsers keep a few open each.
_CONNECTIONS = 1000
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


class Commands(click.Group):
    """Says deliberate errors in words instead of a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; an `OpsbookError` ends it with its message in both languages."""
        try:
            return super().invoke(ctx)
        except OpsbookError as error:
            cause = error.details.get("cause")
            raise click.ClickException(f"{error.zh}\n{error.en}" + (f"\n{cause}" if cause else "")) from error


@click.group(cls=Commands)
@click.version_option(package_name="opsbook")
def main() -> None:
    """Opsbook: the operations manual that runs. Settings are OPSBOOK_* environment variables, see docs/settings.md."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for chatty in ("alembic", "spiff", "waitress"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a tick is still at work when the next is due is no news


main.add_command(tck_command)
main.add_command(case)
main.add_command(export)
main.add_command(report)
main.add_command(test)
main.add_command(manual)
main.add_command(replay)
main.add_command(templates)


@main.command()
def serve() -> None:
    """Deploy what changed in the processes folder, then answer requests and work on jobs and timers."""
    with installation() as engine:
        settings = engine.settings
        deploy_folder(engine)
        if settings.demo:
            demo_data.fill(engine, click.echo)
        server = _bind(engine)
        click.echo(f"Opsbook: http://{settings.host}:{settings.port}")
        if settings.demo:
            click.echo(demo_data.sign_in_hint())
        with _executor(engine, settings.worker_threads):
            server.run()


@main.command()
@click.option("--threads", default=4, show_default=True, help="Jobs that run at the same time.")
@click.option("--carrier", type=click.Choice(["celery"]), help="Take the handlers' jobs that the broker brings, and no others.")
def worker(threads: int, carrier: str | None) -> None:
    """Work on jobs and timers without answering requests; any number of workers may share one PostgreSQL database."""
    if carrier:
        with installation() as engine:
            Carrier(engine, partial(connect, engine.settings)).work(threads)
        return
    stopped = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: stopped.set())
    with installation() as engine, _executor(engine, threads):
        signal.signal(signal.SIGTERM, lambda *_: stopped.set())
        click.echo("Opsbook worker: ready")
        stopped.wait()


@main.command()
@click.argument("path", type=FOLDER)
def deploy(path: Path) -> None:
    """Deploy the changed diagrams, forms and decision tables of a folder; all of them or none."""
    with installation() as engine:
        deployed = deployments.deploy_directory(engine, path)
        _show(deployed.warnings)
        for definition in [*deployed.processes, *deployed.decisions, *deployed.forms]:
            click.echo(definition)


@main.command()
@click.argument("path", type=FOLDER)
@click.option("--all", "everything", is_flag=True, help="Also what is only worth knowing.")
def check(path: Path, everything: bool) -> None:
    """Say everything that would refuse or trouble the deployment of a folder, and what is badly drawn, without deploying it."""
    with installation() as engine:
        problems = deployments.check(engine, deployments.read_directory(path))
    _show(problems, everything=everything)
    if any(problem.severity == "error" for problem in problems):
        raise SystemExit(1)


@main.command()
def migrate() -> None:
    """Bring the database to the newest schema; `serve` and `worker` do so by themselves."""
    with installation():
        click.echo("ok")


@main.command()
def demo() -> None:
    """Fill an empty database with the demo's people, master data and cases."""
    with installation() as engine:
        deploy_folder(engine)
        demo_data.fill(engine, click.echo)


@main.group()
def user() -> None:
    """People who sign in."""


@user.command("add")
@click.argument("user_id")
@click.option("--name", prompt=True, help="The name others see.")
@click.option("--group", "groups", multiple=True, help="A group the person belongs to; may be repeated.")
@click.option("--locale", default="zh", type=click.Choice(["zh", "en"]), show_default=True)
@click.password_option()
def add_user(user_id: str, name: str, groups: tuple[str, ...], locale: str, password: str) -> None:
    """Make an account."""
    with installation() as engine:
        create_user(engine.database, user_id=user_id, name=name, password=password, locale=locale, groups=groups, now=engine.clock.now())
        click.echo(user_id)


@main.group()
def token() -> None:
    """Tokens by which programs call the REST interface for a person."""


@token.command("add")
@click.argument("user_id")
@click.option("--name", required=True, help="What the token is for.")
@click.option("--scope", "scopes", multiple=True, default=("read",), show_default=True, type=click.Choice(api_tokens.SCOPES))
@click.option("--topic", "topics", multiple=True, help="Topic of external tasks that it may fetch; may be repeated.")
@click.option("--days", default=90, show_default=True, help="Days until it expires.")
def add_token(user_id: str, name: str, scopes: tuple[str, ...], topics: tuple[str, ...], days: int) -> None:
    """Make a token and print its secret, which is shown this once only."""
    with installation() as engine:
        made = api_tokens.create(
            engine.database, user_id=user_id, name=name, scopes=scopes, topics=topics, valid_for=timedelta(days=days),
            now=SystemClock().now(), by=None,
        )  # fmt: skip
        click.echo(f"{made.id}\n{made.secret}")


@token.command("revoke")
@click.argument("token_id")
def revoke_token(token_id: str) -> None:
    """End a token at once."""
    with installation() as engine:
        api_tokens.revoke(engine.database, token_id, now=SystemClock().now(), by=None)


@main.command()
@click.argument("message")
def revision(message: str) -> None:
    """For developers: write a migration from the difference between the database and the tables."""
    from alembic import command

    with installation() as engine, engine.database.transaction() as session:
        command.revision(migration_config(session.connection()), message=message, autogenerate=True)


def _bind(engine: Engine) -> Any:
    settings = engine.settings
    try:
        return waitress.create_server(
            create_app(engine),
            host=settings.host,
            port=settings.port,
            threads=settings.web_threads + settings.external_waits,
            connection_limit=_CONNECTIONS + settings.external_waits,
            asyncore_use_poll=True,  # more connections than select() can hold
            channel_request_lookahead=1,  # so that a waiting request notices when its worker hangs up
        )
    except OSError as error:
        message = (
            f"不能在 {settings.host}:{settings.port} 上监听（{error.strerror}），请改 OPSBOOK_HOST 或 OPSBOOK_PORT。\n"
            f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}); change OPSBOOK_HOST or OPSBOOK_PORT."
        )
        raise click.ClickException(message) from None


def _show(problems: list[Problem], *, everything: bool = False) -> None:
    for problem in problems:
        if problem.severity == "info" and not everything:
            continue
        click.echo(f"{problem.severity}: {problem.text('zh')}\n  {problem.en}", err=True)


@contextmanager
def _executor(engine: Engine, threads: int) -> Iterator[None]:
    """Work beside the block; the jobs at hand are finished when it ends, also by SIGTERM."""
    signal.signal(signal.SIGTERM, _leave)
    make_engine = partial(connect, engine.settings)
    carrier = Carrier(engine, make_engine) if engine.settings.broker_url else None
    executor = Executor(engine, threads, carrier, make_engine) if threads else None
    if executor:
        executor.start()
    try:
        yield
    finally:
        if executor:
            executor.stop()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
