"""Ids and bodies of work's operations."""

from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from wuji.testing.factories import factories, stored
from wuji.testing.operations import body, parameter
from wuji.testing.world import World

STRANGE = "strange.schedule"


@parameter("job_id")
def job_id(world: World, who: str, tenant: str) -> str:
    """A job of whoever asks, done, with a file that everybody may see: the job's owner decides."""
    file = factories["wuji.file"](world, tenant, audience=[0], **stored(world, b"of the job"))
    owner = world.account.get(who, world.account["resident"])
    return str(factories["wuji.job"](world, tenant, account_id=owner, state="done", progress=100, file_id=file))


def of_somebody(world: World, who: str, tenant: str, **columns: object) -> str:
    owner = world.account.get(who, world.account["resident"])
    given = {"account_id": owner, "due_at": datetime.now(UTC), **columns}
    return str(factories["wuji.job"](world, tenant, **given))


@parameter("job_id", of=["cancel_own_job"])
def waiting_job(world: World, who: str, tenant: str) -> str:
    """One that no relay of a test has come to."""
    return of_somebody(world, who, tenant)


@parameter("job_id", of=["retry_own_job"])
def failed_job(world: World, who: str, tenant: str) -> str:
    return of_somebody(world, who, tenant, state="failed", fault="Runtime", finished_at=datetime.now(UTC))


@parameter("job_id", of=["retry_dead_letter"])
def dead_letter(world: World, who: str, tenant: str) -> str:
    """Of the account system, which everything without a person is done by. To others than the operator there are none."""
    if who != "operator":
        return str(factories["wuji.job"](world, tenant, account_id=world.system, state="done"))
    return str(
        factories["wuji.job"](
            world,
            tenant,
            account_id=world.system,
            due_at=datetime.now(UTC),
            state="failed",
            fault="Runtime",
            finished_at=datetime.now(UTC),
        )
    )


@parameter("schedule_id", absent=lambda: "nobodys.schedule")
def schedule_id(world: World, who: str, _tenant: str) -> str:
    """Of the deployment, for the operator alone."""
    return _schedule(world, paused=False) if who == "operator" else STRANGE


@parameter("schedule_id", absent=lambda: "nobodys.schedule", of=["resume_deployment_schedule"])
def paused_schedule_id(world: World, who: str, _tenant: str) -> str:
    return _schedule(world, paused=True) if who == "operator" else STRANGE


def _schedule(world: World, *, paused: bool) -> str:
    said = {"owner": "test", "cron": "0 0 1 1 *", "task": "test.do", "missed": "skip", "paused": paused}
    key: str = world.insert("wuji.schedule", {"id": f"test.s{token_hex(6)}", **said})
    return key


@body("OwnExportIn")
def own_export_in(_world: World, _who: str) -> dict[str, Any]:
    return {"list": "journal.own_records", "format": "csv", "filters": {}}


@body("ExportIn")
def export_in(_world: World, _who: str) -> dict[str, Any]:
    return {"list": "tenancy.tenants", "format": "csv", "filters": {}}
