"""`wuji journal …`: sealing by hand, and the proof that nothing was changed."""

import click
from rich.table import Table

from wuji.cli.program import Program, console, pass_program
from wuji.journal.tasks import seal as seal_journal
from wuji.journal.verification import Chain, NoSuchTenantError
from wuji.journal.verification import verify as verify_journal


@click.group()
def journal() -> None:
    """Seal and verify the journal."""


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
