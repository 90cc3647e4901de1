"""What a transfer would change, as the side that asks may see it: a tree that joins another, or a part that leaves one.

Of the other tree only what is public is shown, until the other side has put the matter before this one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, func, select, text

from wuji.kit.db.session import ScopedSession
from wuji.kit.problem import Fault, invalid, not_found
from wuji.tenancy.models import Tenant, TenantCode
from wuji.tenancy.services.foreseeing import count_rows, find_places, find_prefix, list_overtaken
from wuji.tenancy.services.showing import list_shown
from wuji.tenancy.services.steps import TERRITORY, Place, Relocation, Step, check_free, check_place
from wuji.tenancy.services.switching import Switched, Switching
from wuji.tenancy.services.tree import check_code

FORESEE = text("select wuji.transfer_foresee(:op, :subject, :parent, :level, :code)")
RULES = text("select * from wuji.transfer_rules(:op, :subject, :parent)")
NOTHING = Switched({}, {})


@dataclass(frozen=True)
class Terms:
    """Who goes where, as which level and code; both sides consent to this."""

    op: str
    subject: Row[Any]
    parent: Row[Any]
    level: int
    code: str

    @property
    def values(self) -> Mapping[str, Any]:
        """As the database takes it."""
        ids = {"subject": self.subject.id, "parent": self.parent.id}
        return {"op": self.op, **ids, "level": self.level, "code": self.code}

    @property
    def step(self) -> Step:
        """The subject with all below it."""
        above = tuple(self.parent.ancestors) if self.op == "adopt" else ()
        return Step(self.subject, _place(self.parent), _place(self.parent), above, self.level, self.code)

    @property
    def recoded(self) -> Mapping[str, int]:
        """The new code, with the tenant that gets it."""
        return {} if self.code == self.subject.code else {self.code: self.subject.id}

    @property
    def relocation(self) -> Relocation:
        return self.step.relocation


@dataclass(frozen=True)
class Wanted:
    """A transfer as the caller put it, by codes: ids of another tree are not known."""

    op: str
    subject: str
    parent: str = ""
    level: int | None = None
    code: str = ""


def read_terms(session: ScopedSession, wanted: Wanted) -> Terms:
    """Raises 404 for a tenant that cannot be seen, 422 for what cannot be."""
    subject = _find(session, Tenant.id == _coded(wanted.subject))
    if wanted.op == "release":
        if subject.parent_id is None:
            raise invalid(Fault("#/subject", "tenancy.invalid.is_root"))
        parent = _find(session, Tenant.id == subject.parent_id)
        return Terms("release", subject, parent, subject.level, subject.code)
    if not wanted.parent:
        raise invalid(Fault("#/parent", "kit.invalid.required"))
    if subject.parent_id is not None:
        raise invalid(Fault("#/subject", "tenancy.invalid.no_root"))
    parent = _find(session, Tenant.id == _coded(wanted.parent))
    usual = subject.level if subject.category == TERRITORY else parent.level + 1
    terms = Terms("adopt", subject, parent, wanted.level or usual, wanted.code or subject.code)
    check_place(session, subject, parent, terms.level, "#/parent")
    if subject.category == TERRITORY and terms.level != subject.level and not wanted.code:
        raise invalid(Fault("#/code", "kit.invalid.required"))
    if terms.code != subject.code:
        check_code(session, terms.code, subject.category, terms.level, parent.ancestors)
        check_free(session, terms.code)
    return terms


def read_kept(session: ScopedSession, kept: Mapping[str, Any]) -> Terms:
    """Of a transfer that was asked for."""
    subject = _find(session, Tenant.id == kept["subject_id"])
    parent = _find(session, Tenant.id == kept["parent_id"])
    return Terms(kept["op"], subject, parent, kept["level"], kept["code"])


def foresee(
    session: ScopedSession, switching: Switching, terms: Terms, locale: str
) -> tuple[Mapping[str, Any], Switched]:
    """The plan, and where plugins switch."""
    found = session.execute(FORESEE, terms.values).scalar_one()
    told = terms.op == "release" or None not in (found["tenants"], found["officials"])
    switched = _switched(session, switching, terms) if told else NOTHING
    named = find_places(session, _ids(found))
    prefix = find_prefix(session, terms.step)
    codes = {"now": terms.subject.code, "then": terms.code, "prefix": prefix}
    mine: str = found["mine"]
    return {
        "op": terms.op,
        "side": mine,
        "complete": told,
        "subject": _shown(terms.subject),
        "parent": _shown(terms.parent),
        "root": {when: _named(named, found["root"][when]) for when in ("now", "then")},
        "zone": found["zone"],
        "level": {"now": terms.subject.level, "then": terms.level},
        "code": {**codes, "fits": terms.code.startswith(prefix or "")},
        "tenants": found["tenants"] or [],
        "rows": count_rows(session, [terms.step]) if _in_range(session, terms) else [],
        "shown": list_shown(session, [terms.step], None) if _in_range(session, terms) else [],
        "overtaken": list_overtaken(session, terms.recoded),
        "above": _above(named, found),
        "people": found["people"] or [],
        "settings": [_said(named, one) for one in found.get("settings", ())],
        "rules": [_said(named, one) for one in found["rules"]],
        "roles": [{**role, "taken": role["name"] in found.get("taken", ())} for role in found.get("roles", ())],
        "namesakes": [_named(named, i) for i in found["namesakes"]],
        "plugins": switching.shown(switched, locale),
        "fingerprint": found["fingerprint"],
    }, switched


def _switched(session: ScopedSession, switching: Switching, terms: Terms) -> Switched:
    asked = {name: terms.values[name] for name in ("op", "subject", "parent")}
    rules = [dict(row) for row in session.execute(RULES, asked).mappings()]
    return switching.foresee(session, [terms.relocation], rules)


def _above(named: Mapping[int, Place], found: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Tenants that come to lie above, or no longer do, and how many of their officials begin or cease to see what goes."""
    people = found["officials"]
    counted = [None if people is None else people.get(str(i), 0) for i in found["above"]]
    return [{"tenant": _named(named, i), "officials": n} for i, n in zip(found["above"], counted, strict=True)]


def _in_range(session: ScopedSession, terms: Terms) -> bool:
    inside = select(Tenant.id).where(Tenant.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi()))
    return session.execute(inside.where(Tenant.id == terms.subject.id)).first() is not None


def _ids(found: Mapping[str, Any]) -> list[int]:
    said = [*found.get("settings", ()), *found["rules"]]
    places = [one[name] for one in said for name in ("at", "by") if name in one]
    return [*found["root"].values(), *found["above"], *found["namesakes"], *places]


def _said(named: Mapping[int, Place], one: Mapping[str, Any]) -> Mapping[str, Any]:
    """A setting or a rule, with the tenant it stands at and whoever made it."""
    told = {name: _named(named, one[at]) for name, at in (("tenant", "at"), ("by", "by")) if at in one}
    return {**{name: value for name, value in one.items() if name not in {"at", "by"}}, **told}


def _named(named: Mapping[int, Place], tenant_id: int) -> Mapping[str, Any] | None:
    place = named.get(tenant_id)
    return _shown(place) if place else None


def _shown(place: Any) -> Mapping[str, Any]:
    return {"code": place.code, "name": place.name, "level": place.level}


def _place(row: Row[Any]) -> Place:
    return Place(row.id, row.code, row.name, row.level)


def _coded(code: str) -> Any:
    return select(TenantCode.tenant_id).where(TenantCode.code == code, TenantCode.valid_to.is_(None)).scalar_subquery()


def _find(session: ScopedSession, which: Any) -> Row[Any]:
    """In the directory or in the range."""
    asked = select(Tenant.__table__, TenantCode.code).join(
        TenantCode, and_(TenantCode.tenant_id == Tenant.id, TenantCode.valid_to.is_(None))
    )
    row = session.execute(asked.where(which)).first()
    if row is None:
        raise not_found()
    return row
