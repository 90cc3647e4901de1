"""`wuji plugin …`: which plugins there are, whether they are sound, and their schemas in the database."""

from collections.abc import Iterator

import click
from rich.table import Table

from wuji.cli.program import Program, console, pass_program
from wuji.governance.installing import is_there, list_unready
from wuji.installation import install_one, remove_one
from wuji.kit.db.engine import make_engine
from wuji.kit.texts import Texts
from wuji.plugin.plugins import Plugin, Quarantined


@click.group()
def plugin() -> None:
    """Look at plugins, check them, bring them into the database or take them out."""


@plugin.command("list")
@pass_program
def list_(program: Program) -> None:
    """Every plugin that is found, and why one is not served."""
    unready = {one.id: one for one in _unready(program)}
    table = Table("plugin", "version", "state", "why")
    for one in program.plugins:
        out = unready.get(one.id)
        table.add_row(one.id, one.manifest.version, "not ready" if out else "served", out.detail if out else "")
    for lost in program.plugins.quarantined:
        version = lost.manifest.version if lost.manifest else "?"
        table.add_row(lost.id, version, "quarantined", f"{lost.cause}: {lost.detail}")
    console.print(table)


@plugin.command()
@click.argument("plugin_id", metavar="ID")
@pass_program
def check(program: Program, plugin_id: str) -> None:
    """Say what is wrong with a plugin; exit code 1 if anything is. Needs no database."""
    found = list(_faults(program, plugin_id))
    for line in found:
        console.print(line, markup=False, soft_wrap=True)
    if found:
        raise click.exceptions.Exit(1)
    console.print(f"{plugin_id} is sound.", markup=False)


@plugin.command()
@click.argument("plugin_id", metavar="ID")
@pass_program
def install(program: Program, plugin_id: str) -> None:
    """Bring a plugin's schema, functions and permissions into the database; restart web afterwards."""
    install_one(program.owner, program.plugins, _find(program, plugin_id))
    console.print(f"{plugin_id} is in the database. Restart web, then switch it on in the console.", markup=False)


@plugin.command()
@click.argument("plugin_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_program
def remove(program: Program, *, plugin_id: str, yes: bool) -> None:
    """Drop a plugin's schema with everything in it, its rules and its permissions. What it recorded stays in the journal."""
    needing = [one.id for one in program.plugins if plugin_id in one.manifest.needs]
    if needing:
        raise click.ClickException(f"{', '.join(needing)} needs it; remove that first.")
    if not is_there(program.owner, plugin_id):
        raise click.ClickException(f"the database has nothing of a plugin {plugin_id}; nothing was changed")
    if not (yes or click.confirm(f"Delete all data of {plugin_id}?")):
        console.print("Nothing was changed.")
        return
    remove_one(program.owner, program.plugins, plugin_id)
    console.print(f"{plugin_id} has left the database. Take its folder away too, then restart web.", markup=False)


def _find(program: Program, plugin_id: str) -> Plugin:
    if plugin_id not in program.plugins.by_id:
        raise click.ClickException("\n".join(_faults(program, plugin_id)))
    return program.plugins.by_id[plugin_id]


def _faults(program: Program, plugin_id: str) -> Iterator[str]:
    for lost in program.plugins.quarantined:
        if lost.id == plugin_id:
            yield f"{lost.cause}: {lost.detail}"
            return
    if plugin_id not in program.plugins.by_id:
        yield f"no plugin {plugin_id} is installed, nor in {program.options.plugins_dir}"
        return
    found = program.plugins.by_id[plugin_id]
    texts = Texts([(plugin_id, found.locales)]).catalogue("en")
    for key in labels(found):
        if key not in texts:
            yield f"texts: {key} is missing"


def labels(one: Plugin) -> Iterator[str]:
    """Texts that the core shows of a plugin."""
    for permission in one.permissions:
        yield f"{one.id}.permission.{permission.name.partition('.')[2]}"
    for setting in one.settings:
        yield from (f"{setting.texts}.{part}" for part in ("label", "help", "rule"))
    for kind in one.search_kinds:
        yield from (kind.title, *(facet.title for facet in kind.facets))
    for ui in one.ui:
        yield from (page.title for page in ui.pages)
        yield from (menu.label for menu in ui.menus)


def _unready(program: Program) -> list[Quarantined]:
    """Nothing where no database is named or reached: `wuji doctor` says that."""
    if not program.logins.app:
        return []
    with make_engine(program.logins.app, pooled=False).connect() as connection:
        return list_unready(connection, program.plugins)
