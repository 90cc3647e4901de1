"""Ids and bodies of work's operations."""

from typing import Any

from wuji.testing.factories import factories, stored
from wuji.testing.operations import body, parameter
from wuji.testing.world import World


@parameter("job_id")
def job_id(world: World, who: str, tenant: str) -> str:
    """A job of whoever asks, done, with a file that everybody may see: the job's owner decides."""
    file = factories["wuji.file"](world, tenant, audience=[0], **stored(world, b"of the job"))
    owner = world.account.get(who, world.account["resident"])
    return str(factories["wuji.job"](world, tenant, account_id=owner, state="done", progress=100, file_id=file))


@body("OwnExportIn")
def own_export_in(_world: World, _who: str) -> dict[str, Any]:
    return {"list": "journal.own_records", "format": "csv", "filters": {}}


@body("ExportIn")
def export_in(_world: World, _who: str) -> dict[str, Any]:
    return {"list": "tenancy.tenants", "format": "csv", "filters": {}}
