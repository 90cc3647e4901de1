"""`wuji journal …`: sealing by hand, the proof that nothing was changed, and those that follow the journal."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

import click
from rich.table import Table

from wuji.cli.program import Program, console, pass_program
from wuji.journal.operating import list_consumers, pause_consumer, replay_consumer, retry_all_poison
from wuji.journal.tasks import seal as seal_journal
from wuji.journal.verification import Chain, NoSuchTenantError
from wuji.journal.verification import verify as verify_journal
from wuji.kit.db.doors import by_system
from wuji.kit.db.session import unit_of_work
from wuji.kit.problem import Problem

Result = TypeVar("Result")


@click.group()
def journal() -> None:
    """Seal and verify the journal, and look after its consumers."""


@journal.command()
@pass_program
def seal(program: Program) -> None:
    """Chain the records that have no seal yet; the relay does it every few seconds."""
    console.print(f"{seal_journal(program.system)} records sealed.")


@journal.command()
@click.option("--tenant", metavar="CODE", help="Only the chain of the root that this tenant belongs to.")
@pass_program
def verify(program: Program, tenant: str | None) -> None:
    """Recompute every chain of hashes from its first record; exit code 1 where one does not hold.

    Below the table stands the last sound hash of each chain: kept elsewhere, it also proves that nothing was cut off.
    """
    try:
        chains = verify_journal(program.system, tenant)
    except NoSuchTenantError:
        raise click.BadParameter(f"no tenant has the code {tenant}", param_hint="--tenant") from None
    table = Table("chain", "sound", "not sealed yet", "result")
    for chain in chains:
        table.add_row(title(chain), str(chain.sealed), str(chain.waiting), result(chain))
    console.print(table)
    for chain in chains:
        console.print(f"{chain.last.hex()}  {title(chain)}", markup=False, soft_wrap=True)
    if any(chain.finding for chain in chains):
        raise click.exceptions.Exit(1)


def title(chain: Chain) -> str:
    return f"{chain.name} ({chain.code})" if chain.chain else "the deployment"


def result(chain: Chain) -> str:
    """Sound, or what is wrong and where."""
    if chain.finding is None:
        return "[green]sound[/]"
    return f"[red]{chain.finding.wrong} at {chain.finding.seq}[/]: record {chain.finding.record_id}"


@journal.command()
@pass_program
def consumers(program: Program) -> None:
    """List what follows the journal, how far behind each is, and what it has set aside."""
    table = Table("consumer", "runs as", "unread", "oldest", "set aside", "state")
    with unit_of_work(program.system, by_system(), read_only=True) as session:
        found = list_consumers(session)
    for one in found:
        unread = f"{one['unread']['value']:,}{'+' if one['unread']['capped'] else ''}"
        oldest = "" if one["lag_seconds"] is None else f"{one['lag_seconds']:,.1f} s"
        state = "paused" if one["paused"] else one["fault"] or "[green]follows[/]"
        table.add_row(one["name"], one["runs"], unread, oldest, f"{one['set_aside']:,}", state)
    console.print(table)


@journal.command()
@click.argument("consumer")
@click.option("--from", "start", metavar="TIME|ID", help="A time (2026-03-01T08:00+08:00) or the id of a record.")
@pass_program
def replay(program: Program, consumer: str, start: str | None) -> None:
    """Tell a consumer everything again: from a time or a record on, without one from the very first."""
    since, record_id = beginning(start)
    begin = partial(replay_consumer, since=since, record_id=record_id)
    change(program, consumer, begin)
    console.print(f"{consumer} begins again with {start or 'the first record'}.", markup=False)


@journal.command()
@click.argument("consumer")
@pass_program
def pause(program: Program, consumer: str) -> None:
    """Have a consumer stand still; it loses nothing."""
    change(program, consumer, partial(pause_consumer, paused=True))
    console.print(f"{consumer} stands still.", markup=False)


@journal.command()
@click.argument("consumer")
@pass_program
def resume(program: Program, consumer: str) -> None:
    """Have a consumer read on from where it stood still."""
    change(program, consumer, partial(pause_consumer, paused=False))
    console.print(f"{consumer} reads on.", markup=False)


@journal.command()
@click.argument("consumer")
@pass_program
def retry(program: Program, consumer: str) -> None:
    """Tell a consumer again what it has set aside."""
    asked = change(program, consumer, retry_all_poison)
    console.print(f"{asked:,} records of {consumer} will be told again.", markup=False)


def change(program: Program, consumer: str, act: Callable[..., Result]) -> Result:
    """One unit of work of the system login; the journal keeps who sat at the keyboard."""
    try:
        with unit_of_work(program.system, by_system()) as session:
            return act(session, consumer, reason=program.reason)
    except Problem:
        raise click.BadParameter(
            f"there is no consumer {consumer}, or none that this is for, or no such record", param_hint="CONSUMER"
        ) from None


def beginning(start: str | None) -> tuple[datetime | None, UUID | None]:
    """A time, or a record."""
    if start is None:
        return None, None
    try:
        return None, UUID(start)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(start)
    except ValueError:
        raise click.BadParameter("neither a time nor the id of a record", param_hint="--from") from None
    return (moment if moment.tzinfo else moment.astimezone(UTC)), None
