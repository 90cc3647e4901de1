"""One factory per walled table: columns that make a valid row at a tenant. A table without one fails the suite."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from secrets import token_bytes, token_hex
from typing import Any
from uuid import uuid4

from psycopg.types.json import Jsonb

from wuji.files.store import FolderStore
from wuji.kit.db.model import Model
from wuji.testing.world import World

Columns = dict[str, object]


@dataclass(frozen=True)
class Factory:
    """Makes rows of one table through the stage. `once`: columns of which one row may exist (a tenant's profile). `shown`: what
    a row also needs that has an audience.
    """

    table: str
    fields: Callable[[World, str], Columns]
    once: tuple[str, ...] = ()
    shown: Columns = field(default_factory=dict)

    def columns(self, world: World, tenant: str) -> Columns:
        """A valid row at the tenant; where the table has people, of the world's resident."""
        wall = Model.metadata.tables[self.table].info["wall"]
        place: Columns = {"tenant_id": world.tenant[tenant]} if wall.key else {}
        return place | self.fields(world, tenant)

    def __call__(self, world: World, tenant: str, **given: object) -> Any:
        """Inserts a row and returns its key."""
        return world.insert(self.table, self.columns(world, tenant) | given, self.once)


factories: dict[str, Factory] = {}


def factory(
    table: str, *once: str, shown: Columns | None = None
) -> Callable[[Callable[[World, str], Columns]], Factory]:
    """Registers the columns of `schema.table`: `@factory("plugin_x.tip") def tip(world, tenant): return {...}`."""

    def register(fields: Callable[[World, str], Columns]) -> Factory:
        if table in factories:
            raise ValueError(f"{table} has a factory already")
        factories[table] = Factory(table, fields, once, shown or {})
        return factories[table]

    return register


def stored(world: World, content: bytes) -> Columns:
    """Columns of a file that holds these bytes, which lie where the world's server keeps files."""
    blob = FolderStore(world.server.files).put(BytesIO(content))
    return {"sha256": blob.sha256, "size": blob.size}


@factory("wuji.tenant_profile", "tenant_id")
def tenant_profile(_world: World, tenant: str) -> Columns:
    return {"contact": f"telephone of {tenant}"}


@factory("wuji.setting_value", "tenant_id", "key")
def setting_value(_world: World, tenant: str) -> Columns:
    return {"key": "tenancy.portal_notice", "mode": "set", "value": Jsonb(f"notice of {tenant}")}


@factory("wuji.boundary", "tenant_id")
def boundary(_world: World, _tenant: str) -> Columns:
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    shapes: Columns = {"geometry": Jsonb(square), "overview": Jsonb(square)}
    return {**shapes, "bbox": Jsonb([0, 0, 1, 1]), "centre": Jsonb([0.7, 0.3]), "frame": "plan"}


@factory("wuji.tenant_change")
def tenant_change(world: World, tenant: str) -> Columns:
    """One that changed nothing."""
    lists = (
        "steps",
        "redirects",
        "tenants",
        "sight",
        "rules",
        "namesakes",
        "rows",
        "audiences",
        "plugins",
        "absorbed_rows",
    )
    plan: Columns = {"op": "move", **{name: [] for name in lists}, "absorbed": None, "fingerprint": "0" * 64}
    ends = {"requested_by": world.system, "expires_at": datetime.now(UTC) + timedelta(days=30)}
    return {"op": "move", "subject_id": world.tenant[tenant], "plan": plan, "undo": Jsonb([]), **ends}


@factory("wuji.tenant_transfer")
def tenant_transfer(world: World, tenant: str) -> Columns:
    """What stands right below wants to be a root; where nothing does, the tenant itself."""
    child = next((name for name, parent in world.parent.items() if parent == tenant), tenant)
    tenant = world.parent[child] or tenant
    level = world.one("select level from wuji.tenant where id = %s", world.tenant[child])
    ends = {"subject_id": world.tenant[child], "parent_id": world.tenant[tenant], "level": level}
    asker = world.account.get(f"official@{child}", world.system)
    asked = {"requested_by": asker, "expires_at": datetime.now(UTC) + timedelta(days=14)}
    wanted = [*ends.values(), world.code[child]]
    seen = world.one("select wuji.transfer_print('release', %s, %s, %s, %s)", *wanted)
    told = {"reason": "both want it", "side": "subject", "fingerprint": seen}
    return {"op": "release", **ends, "code": world.code[child], **asked, **told}


@factory("wuji.role")
def role(_world: World, _tenant: str) -> Columns:
    return {"name": f"r{token_hex(6)}", "label": "role.head", "reach": "audience", "class": 0}


@factory("wuji.role_grant")
def role_grant(world: World, _tenant: str) -> Columns:
    return {
        "account_id": world.account["resident"],
        "account_name": "resident",
        "role_id": world.role["resident"],
        "given_by": world.system,
    }


@factory("wuji.role_grant_former")
def role_grant_former(world: World, tenant: str) -> Columns:
    held = factories["wuji.role_grant"](world, tenant, revoked_at=datetime.now(UTC))
    return {"role_grant_id": held, "tenant_id": world.tenant[tenant], "until": datetime.now(UTC).date()}


@factory("wuji.account")
def account(_world: World, _tenant: str) -> Columns:
    return {"login": f"a{token_hex(6)}", "name": "somebody"}


@factory("wuji.idempotency")
def idempotency(world: World, _tenant: str) -> Columns:
    return {
        "account_id": world.account["resident"],
        "key": token_hex(8),
        "fingerprint": sha256(b"").digest(),
        "answer": {"status": 200},
    }


@factory("wuji.notification")
def notification(world: World, tenant: str) -> Columns:
    place = {"place_id": world.tenant[tenant], "path": f"/{world.code[tenant]}"}
    return {"account_id": world.account["resident"], "topic": "inbox.decision", "cause": token_hex(8), **place}


@factory("wuji.subscription", "account_id")
def subscription(world: World, _tenant: str) -> Columns:
    return {"account_id": world.account["resident"]}


@factory("wuji.address")
def address(world: World, _tenant: str) -> Columns:
    owner = world.account["resident"]
    kept = {"address": b"", "secret": b"", "digest": token_bytes(32)}
    return {"account_id": owner, "channel": "webhook", **kept}


@factory("wuji.journal_record")
def journal_record(world: World, _tenant: str) -> Columns:
    return {
        "root_id": world.tenant["city"],
        "account_id": world.account["resident"],
        "verb": "test.thing.made",
        "kind": "thing",
    }


@factory("wuji.journal_seal")
def journal_seal(_world: World, _tenant: str) -> Columns:
    seq = int.from_bytes(token_bytes(7))
    return {"seq": seq, "record_id": uuid4(), "prev": token_bytes(32), "hash": token_bytes(32)}


@factory("wuji.application")
def application(world: World, tenant: str) -> Columns:
    place = {
        "name": "新组织",
        "code": f"{world.code[tenant]}900",
        "level": 5,
        "category": "territory",
        "wish": "发通知",
    }
    contact = {"contact_name": "吴桂芳", "contact_phone": "0562-1234567"}
    return {**place, **contact, "token_hash": token_bytes(32), "submitted_at": datetime.now(UTC)}


@factory("wuji.invitation")
def invitation(world: World, _tenant: str) -> Columns:
    lives = {"uses": 3, "uses_left": 3, "expires_at": datetime.now(UTC) + timedelta(days=1)}
    return {"token_hash": token_bytes(32), "role_id": world.role["member"], "given_by": world.system, **lives}


@factory("wuji.plugin_rule")
def plugin_rule(world: World, tenant: str) -> Columns:
    return {"plugin_id": f"p{token_hex(6)}", "rule": "forbid", "by_tenant_id": world.tenant[tenant]}


@factory("wuji.search_document")
def search_document(world: World, tenant: str) -> Columns:
    below = [world.tenant[name] * 8 + 4 for name in world.path(tenant)]
    return {
        "kind": "test",
        "id": token_hex(8),
        "version": 1,
        "words": [],
        "access": below,
        "title": f"title of {tenant}",
        "facets": [],
    }


@factory("wuji.search_suggestion")
def search_suggestion(world: World, tenant: str) -> Columns:
    kind, id_ = factories["wuji.search_document"](world, tenant)
    return {"kind": kind, "id": id_, "key": f"key of {tenant}", "weight": 1, "access": []}


@factory("wuji.job")
def job(world: World, _tenant: str) -> Columns:
    return {"account_id": world.account["resident"], "kind": "test"}


@factory("wuji.file")
def file(_world: World, tenant: str) -> Columns:
    owner = {"owner_kind": "test", "owner_id": token_hex(8)}
    return {"name": f"file of {tenant}", "sha256": sha256(b"x").digest(), "size": 1, "media": "text/plain", **owner}
