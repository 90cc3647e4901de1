"""The export of any list, as a job: the same rows that its pages show, in a file."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from zoneinfo import ZoneInfo

from marshmallow import ValidationError
from msgspec import Struct
from sqlalchemy import func, select

from wuji.journal.services import record
from wuji.kit.db.doors import Actor
from wuji.kit.db.session import ScopedSession
from wuji.kit.deployment import Deployment, Produced, Run
from wuji.kit.http.columns import List
from wuji.kit.http.errors import faults
from wuji.kit.http.fields import In
from wuji.kit.http.rows import count_rows, read_all
from wuji.kit.problem import Fault, Problem, forbidden, invalid
from wuji.kit.sensitive import root_allows
from wuji.kit.storage import OpenFile
from wuji.plugin.plugins import Plugins
from wuji.work.permissions import MAKE
from wuji.work.registry import task
from wuji.work.sheets import write_csv, write_xlsx

INLINE = 2_000  # rows that a request writes by itself; more are a job's
MOST = {"csv": 1_000_000, "xlsx": 100_000}  # rows
AT_ONCE = 100_000  # rows of a list that stands at no tenant: no file can be stored there, so its request writes them
KEPT = timedelta(days=7)
EVERY = 1000  # rows between two reports
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
UNSAFE = re.compile(r"[\\/:*?\"<>|\x00-\x1f\x7f]+")  # what some file system refuses in a name
OPEN = {"public", "account"}
LONG = 80  # characters of a file's name


class ExportArgs(Struct):
    """What an export needs to be done, now or later by somebody else."""

    list: str
    format: Literal["csv", "xlsx"]
    filters: dict[str, Any]
    locale: str


@task("list.export", ExportArgs, limit=3600, attempts=3)
def export_list(run: Run, args: ExportArgs) -> Produced:
    """As a job at a tenant."""
    return write_list(run, args)


def send_list(deployment: Deployment, session: ScopedSession, args: ExportArgs) -> OpenFile:
    """Without a tenant, where no job and no stored file can stand: written now, open for the answer, and gone with it."""
    with TemporaryDirectory(prefix="wuji-export-") as folder:
        produced = write_list(Run(deployment, session, Path(folder), lambda _progress: None), args, AT_ONCE)
        stream = produced.path.open("rb")  # what is open can be read to its end although the folder goes
    sha256 = hashlib.file_digest(stream, "sha256").digest()
    size = stream.tell()
    stream.seek(0)
    return OpenFile(produced.name, produced.media, size, sha256, stream)


def is_long(deployment: Deployment, session: ScopedSession, args: ExportArgs) -> bool:
    """Whether a job shall write it. Raises as `write_list` does, so that nothing is begun that cannot be done."""
    list_, asked = _plan(deployment, session, args)
    return count_rows(session, list_, asked, INLINE + 1) > INLINE


def write_list(run: Run, args: ExportArgs, most: int | None = None) -> Produced:
    """Raises 422 for a list or filters that are not there, 403 without the list's permission, 422 for too many rows."""
    actor, deployment = run.session.actor, run.deployment
    list_, asked = _plan(deployment, run.session, args)
    most = most or MOST[args.format]
    total = count_rows(run.session, list_, asked, most + 1)
    if total > most:
        raise Problem("work.too_many_rows", 422, most=most)
    path = run.folder / f"export.{args.format}"
    columns = [column for column in list_.columns if column.exported]
    header = [deployment.texts.say(args.locale, list_.header_key(column.name)) for column in columns]
    title = deployment.texts.say(args.locale, list_.title_key())
    zone = ZoneInfo(run.session.execute(select(func.wuji.scope_zone())).scalar_one())
    found = _at_the_root(read_all(run.session, list_, asked), zone)
    rows = _reporting(run, _in_words(deployment, args.locale, list_, found), total)
    if args.format == "csv":
        write_csv(path, header, rows)
    else:
        write_xlsx(path, title, header, [column.python_type for column in columns], rows)
    names = [column.name for column in columns]
    record(run.session, "work.export.make", "list", list_.name, tenant_id=actor.tenant_id, fields=names)
    now = deployment.clock().astimezone(zone)
    name = "-".join(filter(None, (title, actor.tenant_name)))[:LONG] + f"-{now:%Y%m%d-%H%M}.{args.format}"
    return Produced(path, UNSAFE.sub("_", name), MEDIA[args.format], now + KEPT)


def _plan(deployment: Deployment, session: ScopedSession, args: ExportArgs) -> tuple[List, dict[str, Any]]:
    list_ = _get_list(deployment, session, args.list)
    return list_, _read_filters(list_, args.filters)


def _get_list(deployment: Deployment, session: ScopedSession, name: str) -> List:
    actor = session.actor
    exported = {n: one for n, one in deployment.lists.items() if _is_there(deployment, session, one)}
    if name not in exported or not (actor.held or _may(actor, exported[name].permission)):
        held = ", ".join(sorted(n for n, one in exported.items() if _may(actor, one.permission)))
        raise invalid(Fault("#/list", "work.invalid.list", {"choices": held}))
    found = exported[name]
    asked = {found.permission} if found.permission in OPEN else {found.permission, MAKE}
    for permission in sorted(asked):
        if not _may(actor, permission):
            raise forbidden(permission)
    return found


def _is_there(deployment: Deployment, session: ScopedSession, list_: List) -> bool:
    """Lists of a plugin are where it is active, those of a sensitive feature where the root allows that."""
    if not (list_.exported if session.actor.tenant_id else list_.outside):
        return False
    plugin = list_.name.partition(".")[0]
    if plugin in deployment.part(Plugins).by_id and not deployment.active(session, plugin):
        return False
    return not list_.sensitive or root_allows(session, list_.sensitive)


def _may(actor: Actor, permission: str) -> bool:
    return permission in OPEN or actor.may(permission)


def _read_filters(list_: List, filters: Mapping[str, Any]) -> dict[str, Any]:
    """Checked as the list's own query is."""
    try:
        asked: dict[str, Any] = In.from_dict(list_.asked())().load(filters)
    except ValidationError as error:
        raise invalid(*faults({"json": {"filters": error.messages_dict}})) from error
    return asked


def _at_the_root(rows: Iterable[Sequence[Any]], zone: ZoneInfo) -> Iterator[Sequence[Any]]:
    """Times as the clock on the wall shows them where the root counts its days, as charts of the list have them."""
    for row in rows:
        yield [value.astimezone(zone) if isinstance(value, datetime) else value for value in row]


def _in_words(deployment: Deployment, locale: str, list_: List, rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    """Without the columns for programs; what is a word for programs in the reader's words, where the catalogue has them."""
    texts = deployment.texts.catalogue(locale)
    keys = [(number, list_.word_key(column)) for number, column in enumerate(list_.columns) if column.exported]

    def said(value: Any, key: Callable[[str], str] | None) -> Any:
        if key is None or value is None:
            return value
        return [texts.get(key(one), one) for one in value] if isinstance(value, list) else texts.get(key(value), value)

    for row in rows:
        yield [said(row[number], key) for number, key in keys]


def _reporting(run: Run, rows: Iterable[Sequence[Any]], total: int) -> Iterator[Sequence[Any]]:
    for number, row in enumerate(rows):
        if number % EVERY == 0:
            run.report(min(99, 100 * number // max(total, 1)))
        yield row
