"""The rows of consumers, written by each upgrade as this release and its plugins declare them."""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import Connection, text

from wuji.kit.rowsec.functions import run

PUT = text("select wuji.consumers_put(cast(:declared as jsonb), :loaded)")


@dataclass(frozen=True, kw_only=True)
class Declared:
    """A consumer: by name, with the kinds of record it reads (none: all), and what runs it."""

    name: str
    kinds: frozenset[str]
    runs: Literal["relay", "job"] = "job"
    from_start: bool = False


def put_consumers(connection: Connection, declared: Iterable[Declared], loaded: Collection[str]) -> None:
    """Runs as wuji_owner, which FORCE walls too, so the definer writes. `loaded`: plugins whose declarations these are; those of
    others that the database has stay with their places.
    """
    rows = [{**asdict(one), "kinds": sorted(one.kinds)} for one in declared]
    run(connection, "set local role wuji_definer")
    connection.execute(PUT, {"declared": json.dumps(rows), "loaded": sorted(loaded)})
    run(connection, "set local role none")
