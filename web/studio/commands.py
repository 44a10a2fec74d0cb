"""`opsbook templates`: element templates for the desktop Camunda Modeler."""

import json
from pathlib import Path

import click

from engine.studio.templates import element_templates
from engine.studio.together import live_package
from web.bootstrap import installation


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write opsbook.json to; default is the terminal.")
@click.option("--locale", default="zh", type=click.Choice(["zh", "en"]), show_default=True)
def templates(out: Path | None, locale: str) -> None:
    """Write element templates of all handlers; put them into the Modeler's `resources/element-templates` folder."""
    with installation() as engine, engine.database.session() as session:
        found = element_templates(engine, live_package(engine, session), locale)
    text = json.dumps(found, ensure_ascii=False, indent=2)
    if out is None:
        click.echo(text)
        return
    out.mkdir(parents=True, exist_ok=True)
    path = out / "opsbook.json"
    path.write_text(text + "\n", "utf-8")
    click.echo(str(path))
