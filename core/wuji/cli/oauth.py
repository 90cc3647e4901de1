"""`wuji oauth …`: keys that tokens are signed with, and programs of others."""

import json
from datetime import timedelta
from pathlib import Path

import click
import msgspec
from rich.table import Table

from wuji.cli.account import acting, find_tenant_id, said
from wuji.cli.acting import ActingProgram, pass_acting
from wuji.cli.program import console
from wuji.identity.oauth.metadata import Metadata, MetadataError, read_metadata
from wuji.identity.oauth.services.clients import add_client, list_clients, remove_client, rotate_secret
from wuji.identity.oauth.services.keys import Key, get_keys, rotate_keys
from wuji.identity.oauth.services.registering import invite
from wuji.identity.oauth.services.sectors import check_sector
from wuji.kit.calling import Caller

MOST = 100_000  # bytes of a file that describes a program


@click.group()
def oauth() -> None:
    """Look after signing keys, and register programs of others."""


@oauth.group()
def keys() -> None:
    """Keys that tokens are signed with: published 24 hours before they sign."""


@keys.command("list")
@pass_acting
def list_keys(program: ActingProgram) -> None:
    """List the keys and their states."""
    show_keys(program, get_keys(program.deployment))


@keys.command()
@pass_acting
def rotate(program: ActingProgram) -> None:
    """Publish the next keys; they sign in 24 hours, and those of today stay published two days longer."""
    with said(program), acting(program) as session:
        made = rotate_keys(session, program.deployment)
    show_keys(program, made)


@oauth.group()
def client() -> None:
    """Programs of others, each registered by a tenant."""


@client.command()
@click.option("--tenant", metavar="CODE", required=True, help="Whose it is; it sees nothing outside that subtree.")
@click.option(
    "--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
    help="What it says of itself: JSON as in RFC 7591.",
)  # fmt: skip
@pass_acting
def add(program: ActingProgram, *, tenant: str, path: Path) -> None:
    """Register a program and print the answer of the registration as JSON, with the secret, this once."""
    try:
        with path.open("rb") as file:
            metadata = read_metadata(json.loads(file.read(MOST)))
        check_sector(program.deployment.part(Caller), metadata)
    except MetadataError as error:
        raise click.ClickException(f"{error.error}: {error}") from error
    except (ValueError, RecursionError) as error:
        raise click.ClickException(f"{path} is no JSON of {MOST} bytes at most: {error}") from error
    with said(program), acting(program, find_tenant_id(program, tenant)) as session:
        answer = add_client(session, program.deployment, metadata, reason=program.reason)
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


@client.command("invite")
@click.option("--tenant", metavar="CODE", required=True, help="Whose the programs will be.")
@click.option("--uses", type=click.IntRange(1, 1000), default=100, show_default=True, help="For how many programs.")
@click.option("--days", type=click.IntRange(1, 365), default=7, show_default=True, help="For how long.")
@pass_acting
def invite_clients(program: ActingProgram, *, tenant: str, uses: int, days: int) -> None:
    """Print an initial access token, this once: programs register themselves with it at /oauth/register (RFC 7591)."""
    with said(program), acting(program, find_tenant_id(program, tenant)) as session:
        valid = timedelta(days=days)
        token = invite(session, program.deployment, uses=uses, valid=valid, reason=program.reason)
    click.echo(token)


@client.command("list")
@click.option("--tenant", metavar="CODE", required=True, help="Whose, and those of everybody below.")
@pass_acting
def list_(program: ActingProgram, *, tenant: str) -> None:
    """List programs."""
    with said(program), acting(program, find_tenant_id(program, tenant)) as session:
        found = [
            (one.client_id, one.name, msgspec.convert(one.metadata_, Metadata).token_endpoint_auth_method)
            for one in list_clients(session)
        ]
    table = Table("client_id", "name", "proves itself by", box=None)
    for row in found:
        table.add_row(*row)
    console.print(table)


@client.command("rotate")
@click.option("--tenant", metavar="CODE", required=True, help="Whose it is, or who stands above.")
@click.argument("client_id")
@pass_acting
def rotate_client(program: ActingProgram, *, tenant: str, client_id: str) -> None:
    """Print another secret, this once; the present one works 24 hours longer."""
    with said(program), acting(program, find_tenant_id(program, tenant)) as session:
        secret = rotate_secret(session, program.deployment, client_id, reason=program.reason)
    click.echo(secret)


@client.command()
@click.option("--tenant", metavar="CODE", required=True, help="Whose it is, or who stands above.")
@click.argument("client_id")
@pass_acting
def remove(program: ActingProgram, *, tenant: str, client_id: str) -> None:
    """Remove a program for good; its tokens end at once."""
    with said(program), acting(program, find_tenant_id(program, tenant)) as session:
        remove_client(session, program.deployment.seal, client_id, reason=program.reason)
    console.print(f"{client_id} is removed.", markup=False)


def show_keys(program: ActingProgram, found: list[Key]) -> None:
    moment = program.deployment.clock()
    table = Table("kid", "algorithm", "state", "signs from (UTC)", box=None)
    for key in found:
        table.add_row(key.kid, key.alg, key.state(moment), f"{key.signs_from:%Y-%m-%d %H:%M}")
    console.print(table)
