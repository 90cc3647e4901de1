"""Jobs of the inbox. Each sends one message; what fails is tried again for some hours."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from wuji.inbox.services import delivering
from wuji.kit.deployment import Run, Task
from wuji.work.registry import task

LIMIT = 120  # seconds: a channel's own patience is shorter


class DeliverArgs(Struct):
    """A message on its way."""

    delivery_id: UUID


class VerifyArgs(Struct):
    """An address, and the moment in which a code for it was asked for."""

    address_id: UUID
    code_at: datetime


@task("inbox.deliver", DeliverArgs, limit=LIMIT)
def deliver(run: Run, args: DeliverArgs) -> None:
    """As a job of account `system`, made with the delivery's row and due when that is."""
    delivering.deliver(run.deployment, run.session, args.delivery_id)


@task("inbox.verify", VerifyArgs, limit=LIMIT)
def verify(run: Run, args: VerifyArgs) -> None:
    """As a job of account `system`, made when the code was asked for."""
    delivering.send_code(run.deployment, run.session, args.address_id, args.code_at)


TASKS: tuple[Task, ...] = (deliver, verify)
