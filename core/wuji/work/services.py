"""Jobs: run inline for the account that asks, found again by it; and acting without a person, through a job of account
`system` and its door: the command line, schedules, consumers.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Engine, select, text

from wuji.kit.db.doors import Door, by_job, by_system
from wuji.kit.db.session import ScopedSession, unit_of_work
from wuji.kit.deployment import Deployment, Produced, Run
from wuji.kit.http.rows import read_one
from wuji.kit.problem import Problem, not_found
from wuji.kit.storage import Files, OpenFile
from wuji.work.heartbeat import LeaseLostError
from wuji.work.lists import JOBS, OWN_JOBS
from wuji.work.models import Job

HOLD = "15 minutes"
ADD = text("select wuji.job_add_system(:kind, cast(:args as jsonb), :tenant_id)")
CLAIM = text("select wuji.job_claim(:job_id, cast(:hold as interval))")
ASK = text("select wuji.job_add(:kind, cast(:args as jsonb), :lane, most_attempts => :attempts)")
CANCEL = text("select wuji.job_cancel(:job_id)")
RETRY = text("select wuji.job_retry(:job_id)")
NEW_ID = text("select wuji.new_id()")
DONE = text("select wuji.job_done(:job_id, :kind, cast(:args as jsonb), :file_id)")
FINISH = text("select wuji.job_finish(:job_id, :secret, :state, :fault)")


@contextmanager
def acting_as_system(
    deployment: Deployment,
    system: Engine,
    kind: str,
    *,
    tenant_id: int | None = None,
    args: Mapping[str, object] | None = None,
) -> Iterator[ScopedSession]:
    """One unit of work with every permission at the tenant (without one: the operator's), traceable to its job.

    `kind` says who asked, e.g. `cli:root`. Commits when the block ends; when it raises, the job is kept as failed with the
    error's name.
    """
    with _job(system, kind, tenant_id, args, HOLD) as ended, deployment.work(_door(ended)) as session:
        yield session
        session.flush()
        _finish(session, ended)


@contextmanager
def system_door(
    system: Engine, kind: str, *, tenant_id: int, hold: str, args: Mapping[str, object] | None = None
) -> Iterator[Door]:
    """The same rights for as many units of work as are needed: for what is done in small steps, each kept when it is done."""
    with _job(system, kind, tenant_id, args, hold) as ended:
        yield _door(ended)
        with unit_of_work(system, by_system()) as session:
            _finish(session, ended)


@contextmanager
def _job(
    system: Engine, kind: str, tenant_id: int | None, args: Mapping[str, object] | None, hold: str
) -> Iterator[Mapping[str, Any]]:
    """A claimed job of account system, and how it will have ended; failed where the block raises."""
    with unit_of_work(system, by_system()) as session:
        values = {"kind": kind, "args": json.dumps(dict(args or {})), "tenant_id": tenant_id}
        job_id = session.execute(ADD, values).scalar_one()
        secret = session.execute(CLAIM, {"job_id": job_id, "hold": hold}).scalar_one()
    ended = {"job_id": job_id, "secret": secret, "state": "done", "fault": None}
    try:
        yield ended
    except BaseException as error:  # Ctrl-C too: nobody else would ever say that this job has ended
        with unit_of_work(system, by_system()) as session:
            session.execute(FINISH, {**ended, "state": "failed", "fault": type(error).__name__})
        raise


def _door(job: Mapping[str, Any]) -> Door:
    return by_job(job["job_id"], job["secret"])


def _finish(session: ScopedSession, ended: Mapping[str, object]) -> None:
    if not session.execute(FINISH, ended).scalar_one():
        raise LeaseLostError(f"job {ended['job_id']} took longer than {HOLD}")


def add_job(
    deployment: Deployment, session: ScopedSession, kind: str, args: Mapping[str, Any], *, lane: str | None = None
) -> UUID:
    """Asks for a job in the actor's name at the acting tenant (without one: the operator's); a worker does it after commit."""
    kept = msgspec.json.encode(args).decode()
    values = {"kind": kind, "args": kept, "lane": lane, "attempts": deployment.tasks[kind].attempts}
    job_id: UUID = session.execute(ASK, values).scalar_one()
    return job_id


def run_inline(deployment: Deployment, session: ScopedSession, kind: str, args: Mapping[str, Any]) -> UUID:
    """Does the job now, in the caller's transaction and scope, and writes its row finished; returns its id.

    Whatever the job function raises is the caller's: then there is no job either. `args` must be JSON, as the row keeps it.
    """
    task = deployment.tasks[kind]
    job_id: UUID = session.execute(NEW_ID).scalar_one()
    kept = msgspec.json.encode(args).decode()
    with TemporaryDirectory(prefix="wuji-job-") as folder:
        produced = task.run(Run(deployment, session, Path(folder), _unseen), msgspec.json.decode(kept, type=task.args))
        file_id = keep_file(deployment.files, session, job_id, produced) if isinstance(produced, Produced) else None
    session.execute(DONE, {"job_id": job_id, "kind": kind, "args": kept, "file_id": file_id})
    return job_id


def _unseen(_progress: int) -> None:
    """Nobody sees a row before it is committed, so an inline job has no progress to show."""


def keep_file(files: Files, session: ScopedSession, job_id: UUID, produced: Produced) -> UUID:
    """What a job leaves behind, stored for the account that asked."""
    with produced.path.open("rb") as stream:
        return files.keep(
            session,
            stream,
            name=produced.name,
            media=produced.media,
            owner_kind="job",
            owner_id=str(job_id),
            expires_at=produced.expires_at,
        )


def get_job(session: ScopedSession, job_id: UUID) -> Mapping[str, Any]:
    """A job of the actor's own at the acting tenant; without one, wherever it was asked for. Raises 404."""
    job = read_one(session, JOBS if session.actor.tenant_id else OWN_JOBS, job_id)
    if job is None:
        raise not_found()
    return job


def cancel_job(session: ScopedSession, job_id: UUID) -> None:
    """One that waits is cancelled, one that runs stops soon. Raises 404, 409 where it has ended."""
    if not session.execute(CANCEL, {"job_id": job_id}).scalar_one():
        raise Problem("work.job_ended", 409)


def retry_job(session: ScopedSession, job_id: UUID) -> None:
    """Once more from the beginning, of the actor's own or, by the operator, a dead letter. Raises 404, 409 where it has not
    failed.
    """
    if not session.execute(RETRY, {"job_id": job_id}).scalar_one():
        raise Problem("work.job_not_failed", 409)


def get_job_file(files: Files, session: ScopedSession, job_id: UUID) -> OpenFile:
    """The file of a job of the actor's own, opened. Raises 404 without one, 410 once it has expired or is out of reach."""
    job = get_job(session, job_id)
    if job["state"] != "done":
        raise Problem("work.no_file", 404)
    file_id = session.execute(select(Job.file_id).where(Job.id == job_id)).scalar_one()
    file = files.find(session, file_id) if file_id else None
    if file is None:
        raise Problem("work.file_gone", 410)
    return file
