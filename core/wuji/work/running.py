"""Doing a job that was claimed: in its own scope, in one transaction with its end, under a heartbeat. The worker's part."""

import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import DBAPIError

from wuji.journal.passing import is_away
from wuji.kit.db.doors import by_job
from wuji.kit.deployment import (
    Deployment,
    GivenUpError,
    JobCancelledError,
    Outcome,
    Produced,
    Run,
    Task,
    TryLaterError,
)
from wuji.kit.logs import about, note
from wuji.kit.problem import Problem
from wuji.kit.tracing import span
from wuji.work.heartbeat import Heartbeat, LeaseLostError, at_work
from wuji.work.services import keep_file

log = logging.getLogger(__name__)
BEGIN = text("select kind, args, trace from wuji.job_begin(:job_id, :secret)")
FINISH = text("select wuji.job_finish(:job_id, :secret, 'done', null, :file_id, cast(:outcome as jsonb))")
FAIL = text("select wuji.job_fail(:job_id, :secret, :fault, cast(:problem as jsonb), :again, :after, :counted)")
REFUSED = {"28000", "P0002"}  # the door: the account is suspended, the tenant closed


class UnknownTaskError(LookupError):
    """No function of this program does that kind of job."""


def do_job(deployment: Deployment, job_id: UUID, secret: bytes) -> str | None:
    """Returns the state in which it leaves the job; None where the bell came too late, or somebody else does it."""
    with at_work(deployment.engine, job_id) as line:
        with line.begin():
            begun = line.execute(BEGIN, {"job_id": job_id, "secret": secret}).one_or_none()
        if begun is None:
            return None
        with (
            about(job=str(job_id), kind=begun.kind),
            span(f"job {begun.kind}", "consumer", after=begun.trace) as told,
        ):
            state = _try(deployment, line, job_id, secret, begun)
            told.tell({"wuji.state": state or "lost"}, failed=state != "done")
            return state


def _try(
    deployment: Deployment, line: Connection, job_id: UUID, secret: bytes, begun: Row[tuple[str, Any]]
) -> str | None:
    try:
        task = _task(deployment, begun.kind)
        with Heartbeat(line, job_id, secret, task.limit) as heart:
            _do(deployment, task, begun.args, heart)
    except LeaseLostError as error:
        log.warning("%s", error)
        return _end(deployment, job_id, secret, error, again=True)
    except (JobCancelledError, Problem) as error:
        return _end(deployment, job_id, secret, error, again=False)
    except (TryLaterError, GivenUpError) as error:
        log.warning("%s", error)
        return _end(deployment, job_id, secret, error, again=isinstance(error, TryLaterError))
    except Exception as error:
        log.exception("the job fails")
        return _end(deployment, job_id, secret, error, again=not _is_refused(error))
    return "done"


def _task(deployment: Deployment, kind: str) -> Task:
    if kind not in deployment.tasks:
        raise UnknownTaskError(kind)
    return deployment.tasks[kind]


def _do(deployment: Deployment, task: Task, args: Any, heart: Heartbeat) -> None:
    """What it changes and that it is done are one transaction."""
    given = msgspec.convert(args, task.args)
    with (
        TemporaryDirectory(prefix="wuji-job-") as folder,
        deployment.work(by_job(heart.job_id, heart.secret)) as session,
    ):
        actor = session.actor
        note(tenant=actor.tenant_code, actor=str(actor.account_id) if actor.account_id else None)
        left = task.run(Run(deployment, session, Path(folder), heart.report), given)
        file_id = keep_file(deployment.files, session, heart.job_id, left) if isinstance(left, Produced) else None
        outcome = msgspec.json.encode(left.said, enc_hook=str).decode() if isinstance(left, Outcome) else None
        session.flush()
        values = {"job_id": heart.job_id, "secret": heart.secret, "file_id": file_id, "outcome": outcome}
        if not session.execute(FINISH, values).scalar_one():
            raise LeaseLostError(f"job {heart.job_id} was cancelled, or took longer than its lease")


def _end(deployment: Deployment, job_id: UUID, secret: bytes, error: Exception, *, again: bool) -> str | None:
    problem = None
    if isinstance(error, Problem):
        faults = [{"pointer": one.pointer, "key": one.key, "params": one.params} for one in error.faults]
        said = {"slug": error.slug, "status": error.status, "params": error.params, "faults": faults}
        problem = msgspec.json.encode(said, enc_hook=str).decode()
    fault = error.slug if isinstance(error, Problem) else type(error).__name__.removesuffix("Error")
    after = error.after if isinstance(error, TryLaterError) else None
    values = {"job_id": job_id, "secret": secret, "fault": fault, "problem": problem, "again": again, "after": after}
    with deployment.engine.begin() as connection:
        state: str | None = connection.execute(FAIL, {**values, "counted": not is_away(error)}).scalar()
    return state


def _is_refused(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in REFUSED
