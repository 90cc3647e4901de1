"""Keeps what goes wrong in plugins where the operator looks: in a transaction of its own, for the one at hand may be reading
only or be rolled back.
"""

import logging
from collections.abc import Callable
from time import monotonic

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from wuji.kit.db.doors import Seal

log = logging.getLogger(__name__)
FAULT = text("select wuji.plugin_fault(:plugin, :hook, :said, :seal)")
PAUSE = 10.0  # seconds between two notes about the same hook
LONGEST = 500  # characters of a message: it may quote what a visitor sent


def make_report(engine: Engine, seal: Seal) -> Callable[[str, str, str], None]:
    """What the dispatcher says it with. It never raises: that a fault cannot be noted must not be a second one."""
    noted: dict[tuple[str, str], float] = {}

    def report(plugin: str, hook: str, said: str) -> None:
        now = monotonic()
        if now - noted.get((plugin, hook), float("-inf")) < PAUSE:
            return
        noted[plugin, hook] = now
        said = said[:LONGEST].replace("\x00", "")
        values = {"plugin": plugin, "hook": hook, "said": said, "seal": seal.over("plugin_fault", plugin, hook, said)}
        try:
            with engine.begin() as connection:
                connection.execute(FAULT, values)
        except SQLAlchemyError:
            log.exception("a fault of plugin %s could not be noted", plugin)

    return report
