"""What a demo is filled with: two cities, and people along one branch of the first. Demo mode only, never among others."""

import tomllib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import click
from rich.table import Table
from sqlalchemy import func, select, text
from sqlalchemy.orm import aliased

from wuji.cli.acting import ActingProgram
from wuji.cli.demo_map import draw_outlines
from wuji.cli.packs import carry_out, explained, make_plan, open_pack, progress
from wuji.cli.program import console
from wuji.governance.models import PluginRule
from wuji.identity.models import Account
from wuji.identity.services.accounts import add_account, make_link
from wuji.identity.services.links import redeem_link
from wuji.kit.db.doors import by_public, by_system
from wuji.kit.db.session import unit_of_work
from wuji.kit.options import CHECKOUT
from wuji.plugin.plugins import Plugins
from wuji.rollup.following import SWEEP
from wuji.tenancy.geometry import Outline
from wuji.tenancy.models import Tenant, TenantCode
from wuji.tenancy.packs.pack import TENANT
from wuji.tenancy.services.boundaries import Found, find_boundary, import_boundaries
from wuji.work.services import acting_as_system, add_job

PACKS = {"3407": "tongling", "9901": "example"}  # code of the root to its folder in tenants/
DRAWN = 4  # communities and villages have an outline, grids none
PHRASE = "wuji-demo-2026"  # the password of them all; printed, and in the README
PASSWORD_FIND = text("select account_id from wuji.password_find(:login, :seal)")


@dataclass(frozen=True)
class Person:
    """A demo account: one built-in role at one tenant; the operator has none."""

    login: str
    name: str
    role: str
    code: str | None

    @property
    def root(self) -> str | None:
        return self.code and self.code[:4]


PEOPLE = (
    Person("operator", "平台运维", "operator", None),
    Person("city", "铜陵市负责人", "head", "3407"),
    Person("district", "枞阳县负责人", "head", "340722"),
    Person("street", "横埠镇负责人", "head", "340722106"),
    Person("community", "黄山村负责人", "head", "340722106200"),
    Person("grid", "黄山村第一网格负责人", "head", "340722106200001"),
    Person("neighbour", "枞阳镇负责人", "head", "340722118"),
    Person("member", "黄山村成员", "member", "340722106200"),
    Person("resident", "黄山村居民", "resident", "340722106200"),
    Person("other", "示例市负责人", "head", "9901"),
)


def fill(program: ActingProgram) -> None:
    """Makes whatever is missing; quick where nothing is. Refuses outside demo mode, and where people of others have accounts."""
    if program.options.mode != "demo":
        raise click.ClickException("demo data are for demo mode only; `wuji demo` starts one")
    missing = _find_missing(program)
    if missing:
        _refuse_among_others(program)
    _apply_packs(program)
    for code in PACKS:
        _draw_outlines(program, code)
    if missing:
        with progress("Demo accounts", len(missing)) as advance:
            for person in missing:
                _settle(program, person)
                advance(1)
        for code in PACKS:
            _count_now(program, code)


def show_people() -> None:
    """Who can log in, and as what."""
    table = Table("login", "role", "at", title=f"password of all: {PHRASE}", title_justify="left")
    for person in PEOPLE:
        table.add_row(person.login, person.role, f"{person.code} {person.name}" if person.code else person.name)
    console.print(table)


def _find_missing(program: ActingProgram) -> Sequence[Person]:
    """Those who cannot log in yet: without an account, or without a password because a first start was cut off."""
    with program.deployment.work(by_public(None), read_only=True) as session:
        return [
            person
            for person in PEOPLE
            if not session.execute(
                PASSWORD_FIND,
                {"login": person.login, "seal": program.deployment.seal.over("password_find", person.login)},
            ).first()
        ]


def _refuse_among_others(program: ActingProgram) -> None:
    """A password that everybody knows must not open a deployment that is somebody's own."""
    logins: Collection[str] = [person.login for person in PEOPLE]
    with unit_of_work(program.system, by_system(), read_only=True) as session:
        others = session.scalar(
            select(func.count()).select_from(Account).where(Account.type == "person", Account.login.not_in(logins))
        )
    if others:
        raise click.ClickException(
            f"This deployment has people of its own ({others}): no demo accounts here. Set another WUJI_HOME for a demo."
        )


def _apply_packs(program: ActingProgram) -> None:
    with unit_of_work(program.system, by_system(), read_only=True) as session:
        codes = select(TenantCode.code, TenantCode.valid_to.is_(None) & (Tenant.state == "active"))
        rows = session.execute(codes.join(Tenant, Tenant.id == TenantCode.tenant_id).where(TenantCode.code.in_(PACKS)))
        stands = {code: bool(active) for code, active in rows}
    for code, name in PACKS.items():
        folder = CHECKOUT / "tenants" / name
        if stands.get(code) is False:  # somebody gave the city another code, or closed it: it is theirs now
            continue
        if code in stands and _is_ruled(program, code, folder):
            continue
        with explained(folder):
            pack = open_pack(program, folder)
            carry_out(program, pack, make_plan(program, pack))


def _count_now(program: ActingProgram, code: str) -> None:
    """Figures that are counted by the clock: it would come to them within five minutes."""
    if root_id := _find_root(program, code):
        with acting_as_system(program.deployment, program.system, program.reason, tenant_id=root_id) as session:
            add_job(program.deployment, session, SWEEP, {})


def _find_root(program: ActingProgram, code: str) -> int | None:
    with program.deployment.work(by_public(None), read_only=True) as session:
        asked = select(TenantCode.tenant_id).where(TenantCode.code == code, TenantCode.valid_to.is_(None))
        found: int | None = session.scalar(asked)
        return found


def _draw_outlines(program: ActingProgram, code: str) -> None:
    """Of a city's districts, streets and communities; where the city has an outline, that has been done."""
    below: dict[str, list[str]] = defaultdict(list)
    root_id = _find_root(program, code)
    with program.deployment.work(by_public(None), read_only=True) as session:
        above = aliased(TenantCode)
        if root_id is None or find_boundary(session, root_id):
            return
        rows = session.execute(
            select(TenantCode.code, above.code.label("parent"))
            .join(Tenant, Tenant.id == TenantCode.tenant_id)
            .join(above, (above.tenant_id == Tenant.parent_id) & above.valid_to.is_(None))
            .where(Tenant.root_id == root_id, Tenant.category == "territory", Tenant.level <= DRAWN)
            .where(Tenant.state == "active", TenantCode.valid_to.is_(None))
            .order_by(TenantCode.code)
        )
        for row in rows:
            below[row.parent].append(row.code)
    found = [
        Found(index, [place], "", Outline([[ring]], "plan"))
        for index, (place, ring) in enumerate(draw_outlines(code, below))
    ]
    with acting_as_system(program.deployment, program.system, program.reason, tenant_id=root_id) as session:
        import_boundaries(session, found, approved="", replace=False)


def _is_ruled(program: ActingProgram, code: str, folder: Path) -> bool:
    """Whether the root says what the pack has it say about plugins: a first start may have been cut off before that."""
    wanted = tomllib.loads((folder / TENANT).read_text(encoding="utf-8")).get("plugins", {})
    with program.deployment.work(by_public(code), read_only=True) as session:
        said = select(PluginRule.plugin_id).where(PluginRule.tenant_id == session.actor.tenant_id)
        return set(wanted) & set(program.deployment.part(Plugins).by_id) <= set(session.scalars(said))


def _settle(program: ActingProgram, person: Person) -> None:
    """Account, role and password, the last by a one-time link as for everybody else."""
    deployment = program.deployment
    account_id, at, root = _find_places(program, person)
    with acting_as_system(deployment, program.system, program.reason, tenant_id=root) as session:
        if account_id is None:
            link = add_account(
                session,
                deployment,
                login=person.login,
                name=person.name,
                role=person.role,
                tenant_id=at,
                reason=program.reason,
            ).link
        else:
            link = make_link(session, deployment, account_id, reason=program.reason)
    with deployment.work(by_public(None)) as session:
        redeem_link(session, deployment.seal, link.url.rpartition("#")[2], PHRASE)


def _find_places(program: ActingProgram, person: Person) -> tuple[UUID | None, int | None, int | None]:
    """Ids of the account, of the tenant and of its root, as far as they are there."""
    with unit_of_work(program.system, by_system(), read_only=True) as session:
        account_id = session.scalar(select(Account.id).where(Account.login == person.login))
        current = select(TenantCode.code, TenantCode.tenant_id).where(TenantCode.valid_to.is_(None))
        places = session.execute(current.where(TenantCode.code.in_([person.code, person.root]))).all()
        ids = {place.code: place.tenant_id for place in places}
    return account_id, ids[person.code] if person.code else None, ids[person.root] if person.root else None
