"""Reading, showing and applying a pack at the command line: what `wuji tenant apply` and `wuji demo` have in common."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from wuji.cli.acting import ActingProgram
from wuji.cli.program import console
from wuji.governance.active import ActiveSets
from wuji.governance.packs import import_data, list_changed_rules, put_rules
from wuji.governance.services.changes import Governing
from wuji.identity.services.roles import list_changed_roles, put_role
from wuji.kit.db.doors import by_public
from wuji.plugin.dispatcher import Dispatcher
from wuji.plugin.plugins import Plugins
from wuji.tenancy.packs.apply import apply_pack
from wuji.tenancy.packs.diff import Diff, compare, find_root_id
from wuji.tenancy.packs.finding import Finding, PackError
from wuji.tenancy.packs.pack import TENANT, TENANTS, Advance, Pack, PackRole, PackRule, read_pack
from wuji.work.services import acting_as_system

SHOWN = 10  # of a long list


@dataclass(frozen=True)
class Plan:
    """What applying a pack would change."""

    diff: Diff
    roles: Sequence[PackRole]
    rules: Sequence[PackRule]

    @property
    def empty(self) -> bool:
        return not (any(self.diff.changes) or self.roles or self.rules)


def open_pack(program: ActingProgram, folder: Path) -> Pack:
    """Read and checked; raises PackError."""
    csv = folder / TENANTS
    lines = csv.read_bytes().count(b"\n") if csv.is_file() else 0
    with progress(f"Reading {folder.name}", lines) as advance:
        return read_pack(folder, program.deployment.permissions, advance)


def make_plan(program: ActingProgram, pack: Pack) -> Plan:
    """Reads only; for a root that is there, through a job in its own scope."""
    plugins = program.deployment.part(Plugins)
    with program.deployment.work(by_public(None), read_only=True) as session:
        root_id = find_root_id(session, pack.root.code)
        if root_id is None:
            return Plan(compare(session, pack), pack.roles, list_changed_rules(None, plugins, pack))
    with acting_as_system(program.deployment, program.system, program.reason, tenant_id=root_id) as session:
        rules = list_changed_rules(session, plugins, pack)
        return Plan(compare(session, pack), list_changed_roles(session, root_id, pack.roles), rules)


def carry_out(program: ActingProgram, pack: Pack, plan: Plan) -> None:
    """The tree and its roles in one transaction, then rules and data of plugins in another, which acts at the root that is
    there now. Raises PackError, and changes nothing, where the tree is no longer what the plan saw.
    """
    title = f"Setting up {pack.root.name}"
    args = {"pack": pack.folder.name, "code": pack.root.code}
    job = acting_as_system(program.deployment, program.system, program.reason, tenant_id=plan.diff.root_id, args=args)
    with progress(title, len(plan.diff.added)) as advance, job as session:
        root_id, done = apply_pack(session, pack, program.reason, advance)
        if (done.root_id, done.changes) != (plan.diff.root_id, plan.diff.changes):
            text = "somebody else changed this tree since it was compared; run it again"
            raise PackError([Finding(TENANT, 0, text)])
        for role in plan.roles:
            put_role(session, root_id, role, program.reason)
    fill_plugins(program, pack, plan, root_id)


def fill_plugins(program: ActingProgram, pack: Pack, plan: Plan, root_id: int) -> None:
    """Rules first: data are written where a plugin is on."""
    made = program.deployment
    for one in pack.plugins:
        if one.id not in made.part(Plugins).by_id:
            console.print(f"Note: {TENANT}: no plugin {one.id} is served here", markup=False, soft_wrap=True)
    try:
        _put_plugins(program, pack, plan, root_id)
    except PackError as error:
        raise click.ClickException(f"The tree is as the pack says, but its plugins are as before:\n{error}") from error


def _put_plugins(program: ActingProgram, pack: Pack, plan: Plan, root_id: int) -> None:
    made = program.deployment
    governing = Governing(made.part(Dispatcher), made.part(ActiveSets))
    with acting_as_system(made, program.system, program.reason, tenant_id=root_id) as session:
        put_rules(session, governing, plan.rules, made.clock())
        for title, done in import_data(session, made, pack):
            counted = ", ".join(f"{number:,} {what}" for what, number in done.items())
            console.print(f"{made.texts.say('en', title)}: {counted}", markup=False, soft_wrap=True)


def show(pack: Pack, plan: Plan) -> None:
    """The differences, long lists shortened, and what is left alone."""
    for warning in pack.warnings:
        console.print(f"Note: {warning}", markup=False, soft_wrap=True)
    diff = plan.diff
    for row in diff.added[:SHOWN]:
        console.print(f"+ {row.code}  {row.name}  ({row.level.word})", markup=False, soft_wrap=True, style="green")
    more(len(diff.added), "to add")
    for rename in diff.renamed[:SHOWN]:
        console.print(
            f"~ {rename.row.code}  {rename.was} → {rename.row.name}", markup=False, soft_wrap=True, style="yellow"
        )
    more(len(diff.renamed), "to rename")
    for role in plan.roles:
        console.print(f"~ role {role.name}  {role.labels['zh-CN']}", markup=False, soft_wrap=True, style="yellow")
    for rule in plan.rules[:SHOWN]:
        console.print(f"~ plugin {rule.plugin} at {rule.code}: {rule.rule}", markup=False, style="yellow")
    more(len(plan.rules), "rules")
    for field in diff.profile:
        console.print(f"~ {field} of {pack.root.code}", markup=False, soft_wrap=True, style="yellow")
    if diff.missing:
        console.print(
            f"There but not in the pack, and left alone ({len(diff.missing):,}):",
            markup=False,
            soft_wrap=True,
        )
        console.print(f"  {' '.join(diff.missing[:SHOWN])}", markup=False, soft_wrap=True)
        more(len(diff.missing), "left alone")


def more(number: int, what: str) -> None:
    if number > SHOWN:
        console.print(f"  … {number:,} {what}", markup=False, soft_wrap=True)


def summary(pack: Pack) -> Table:
    """How many tenants of each level a pack holds."""
    table = Table("level", "tenants", title=f"{pack.root.code} {pack.root.name}", title_justify="left")
    levels = [row.level for row in (pack.root, *pack.rows)]
    for level in sorted(set(levels)):
        table.add_row(level.word, f"{levels.count(level):,}")
    return table


@contextmanager
def progress(title: str, total: int) -> Iterator[Advance]:
    """A bar that moves with the rows."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(title, total=max(total, 1))

        def advance(rows: int) -> None:
            bar.advance(task, rows)

        yield advance
        bar.update(task, completed=max(total, 1))


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """A pack that does not fit ends the command with its findings, each with file and line."""
    try:
        yield
    except PackError as error:
        raise click.ClickException(f"{folder} cannot be applied, nothing was changed:\n{error}") from error
