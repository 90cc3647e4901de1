"""`wuji account …`: bringing in the first people, and helping those whom nobody else can help."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import click
from marshmallow import ValidationError
from sqlalchemy import select

from wuji.cli.acting import ActingProgram, pass_acting
from wuji.cli.program import console
from wuji.identity.factors.services.factors import forget_factors
from wuji.identity.schemas import NewcomerIn
from wuji.identity.services.accounts import Link, add_account, find_account_id, make_link, set_state
from wuji.kit.db.doors import by_system
from wuji.kit.db.session import ScopedSession, unit_of_work
from wuji.kit.http.errors import faults
from wuji.kit.problem import Problem, invalid
from wuji.tenancy.models import TenantCode
from wuji.work.services import acting_as_system

LOCALE = "en"  # the language of the command line


@click.group()
def account() -> None:
    """Bring in people, make one-time links, suspend. The journal says who was at the keyboard."""


@account.command()
@click.option("--login", required=True, help="Small letters, digits and . _ @ + -")
@click.option("--name", required=True, help="How colleagues know the person.")
@click.option("--operator", is_flag=True, help="Runs the deployment; sees no rows of tenants.")
@click.option("--tenant", metavar="CODE", help="Where the person gets a role.")
@click.option("--role", help="Which role: head, clerk, member, resident, or one of the root's own.")
@pass_acting
def create(  # each option is one argument
    program: ActingProgram, *, login: str, name: str, operator: bool, tenant: str | None, role: str | None
) -> None:
    """Make an account with its first role and print the one-time link that sets its password."""
    if operator == bool(tenant and role) or bool(tenant) != bool(role):
        raise click.UsageError("Say either --operator, or --tenant and --role.")
    with said(program):
        asked = checked(login=login, name=name, role=role or "operator")
        tenant_id = find_tenant_id(program, tenant) if tenant else None
        with acting(program, tenant_id) as session:
            new = add_account(session, program.deployment, tenant_id=tenant_id, reason=program.reason, **asked)
    show(new.link)


@account.command()
@click.argument("login")
@pass_acting
def link(program: ActingProgram, login: str) -> None:
    """Print a one-time link for somebody who lost their password; older links stop working."""
    with said(program), acting(program) as session:
        made = make_link(session, program.deployment, get_account_id(session, login), reason=program.reason)
    show(made)


@account.command()
@click.argument("login")
@pass_acting
def suspend(program: ActingProgram, login: str) -> None:
    """Suspend an account; its sessions end at once."""
    with said(program), acting(program) as session:
        account_id = get_account_id(session, login)
        set_state(session, program.deployment.seal, account_id, "suspended", reason=program.reason)
    console.print(f"{login} is suspended.", markup=False)


@account.command("forget-factors")
@click.argument("login")
@pass_acting
def forget(program: ActingProgram, login: str) -> None:
    """Clear the second steps of somebody who lost them; their sessions end. Make sure who it is first."""
    with said(program), acting(program) as session:
        account_id = get_account_id(session, login)
        count = forget_factors(session, program.deployment.seal, account_id, reason=program.reason)
    console.print(f"{login} had {count}; logging in asks for the password alone now.", markup=False)


@contextmanager
def acting(program: ActingProgram, tenant_id: int | None = None) -> Iterator[ScopedSession]:
    """As account `system`, through a job that names who asked."""
    with acting_as_system(program.deployment, program.system, program.reason, tenant_id=tenant_id) as session:
        yield session


@contextmanager
def said(program: ActingProgram) -> Iterator[None]:
    """Says a problem in words, as the web would."""
    try:
        yield
    except Problem as problem:
        say = program.deployment.texts.say
        feature, _, name = problem.slug.partition(".")
        lines = [f"{f.pointer.removeprefix('#/')}: {say(LOCALE, f.key, f.params)}" for f in problem.faults]
        detail = say(LOCALE, f"{feature}.problem.{name}.detail", problem.params)
        raise click.ClickException("\n".join(lines or [detail])) from problem


def checked(**fields: str) -> dict[str, Any]:
    """By the same rules as over HTTP."""
    try:
        asked: dict[str, Any] = NewcomerIn().load(fields)
    except ValidationError as error:
        raise invalid(*faults({"json": error.messages_dict})) from error
    return asked


def find_tenant_id(program: ActingProgram, code: str) -> int:
    with unit_of_work(program.system, by_system()) as session:
        found = session.execute(
            select(TenantCode.tenant_id).where(TenantCode.code == code, TenantCode.valid_to.is_(None))
        ).scalar_one_or_none()
    if found is None:
        raise click.BadParameter(f"no tenant has the code {code}", param_hint="--tenant")
    return found


def get_account_id(session: ScopedSession, login: str) -> UUID:
    found = find_account_id(session, login.lower())
    if found is None:
        raise click.BadParameter(f"no account has the login {login}", param_hint="LOGIN")
    return found


def show(made: Link) -> None:
    """The link alone on its line, so that it can be copied; it is shown this once."""
    click.echo(made.url)
    console.print(f"It works once, until {made.expires_at:%Y-%m-%d %H:%M} UTC.")
