"""Packs as jobs of account system, asked for by the operator."""

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from wuji.governance.services.packing import ask_for, carry_out, get_lying, make_plan, steps, tell
from wuji.kit.deployment import Outcome, Run, Task
from wuji.kit.problem import Problem
from wuji.plugin.plugins import Plugins
from wuji.tenancy.packs.finding import PackError
from wuji.tenancy.packs.pack import Pack, read_pack
from wuji.work.registry import task


class PackArgs(Struct):
    """The pack by its folder's name, and the code that its root had when it was asked for."""

    pack: str
    code: str


@task("pack.compare", PackArgs, limit=600, attempts=1)
def compare_pack(run: Run, args: PackArgs) -> Outcome:
    """What applying it would change; nothing is."""
    with _refusals():
        pack = _read(run, args)
        return Outcome(tell(pack, make_plan(run.session, run.deployment.part(Plugins), pack)))


@task("pack.apply", PackArgs, limit=3600, attempts=1)
def apply_whole_pack(run: Run, args: PackArgs) -> Outcome:
    """All or nothing; of a new root first the tree, then a job at the root does the rest."""
    with _refusals():
        pack = _read(run, args)
        said = carry_out(run, pack, f"pack:{args.pack}", steps(run, len(pack.rows)))
        if run.session.actor.tenant_id is None:
            ask_for(run.session, "pack.apply", get_lying(run.deployment.options.packs_dir, args.pack))
        return Outcome(said)


def _read(run: Run, args: PackArgs) -> Pack:
    lying = get_lying(run.deployment.options.packs_dir, args.pack)
    if lying.code != args.code:
        raise Problem("governance.pack_changed", 409)
    return read_pack(lying.folder, run.deployment.permissions)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except PackError as error:
        raise Problem("governance.pack_unfit", 422, findings=str(error)) from error


TASKS: tuple[Task, ...] = (compare_pack, apply_whole_pack)
