"""What a sound database holds, and the logins that a program comes to it with. Nothing of what is served: the relay, which
needs no more than this, stays small.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from wuji import live
from wuji.files import models as files
from wuji.governance import models as governance
from wuji.identity import models as identity
from wuji.identity.factors import models as factors
from wuji.identity.federation import models as federation
from wuji.identity.life import models as life
from wuji.identity.oauth import models as oauth
from wuji.identity.recovery import models as recovery
from wuji.inbox import models as inbox
from wuji.journal import models as journal
from wuji.kit.db import models as kit
from wuji.kit.db.doors import Seal
from wuji.kit.db.model import Model, partitions, walls
from wuji.kit.embedded.postgres import Postgres
from wuji.kit.embedded.secret import get_secret
from wuji.kit.option_values import decode_key
from wuji.kit.options import Options
from wuji.kit.rowsec import catalogue, v1
from wuji.kit.rowsec.functions import Function, read
from wuji.kit.serve import DATABASE
from wuji.onboarding import models as onboarding
from wuji.rollup import models as rollup
from wuji.search import models as search
from wuji.tenancy import models as tenancy
from wuji.work import models as work

MODELS = (
    kit,
    tenancy,
    identity,
    oauth,
    recovery,
    life,
    factors,
    federation,
    journal,
    files,
    work,
    onboarding,
    governance,
    search,
    live,
    inbox,
    rollup,
)
LOGINS = ("wuji_app", "wuji_system", "wuji_owner", "wuji_live")
# Kinds of what is recorded: tables, and what an export names.
KINDS = frozenset({*(table.name for table in Model.metadata.tables.values() if table.schema == "wuji"), "list"})
# Sequences, and who beside their owner draws from them.
SEQUENCES = {
    "wuji.tenant_id_seq": "wuji_definer",
    "wuji.root_slot": "wuji_definer",
    "wuji.role_id_seq": "",
    "wuji.signing_key_id_seq": "",
}


class Walled(Protocol):
    """What has a schema of its own beside the core's: a plugin."""

    @property
    def schema(self) -> str: ...

    @property
    def functions(self) -> Sequence[Function]: ...


def foundation() -> list[Function]:
    """The functions that tables depend on; they stay when everything else is replaced."""
    return read([v1.FUNCTIONS])


def functions() -> list[Function]:
    """Every function of the schema wuji, as this release declares them."""
    folders = sorted({Path(module.__file__ or "").parent for module in MODELS})
    forms = ("functions.sql", "functions/*.sql")
    beside = (path for folder in folders for form in forms for path in sorted(folder.glob(form)))
    return read([v1.FUNCTIONS, *beside])


def declared_wall(plugins: Iterable[Walled] = ()) -> list[str]:
    """What the catalogue of a sound database says, line by line: of the core's schema and of those plugins'."""
    tables = walls(schema="wuji")
    functions_ = functions()
    for plugin in plugins:
        tables |= walls(schema=plugin.schema) | partitions(schema=plugin.schema)
        functions_ += plugin.functions
    return catalogue.declared(tables, functions_, SEQUENCES)


@dataclass(frozen=True)
class Logins:
    """The database logins and the seal, from options or from the embedded server's own files."""

    app: str = field(repr=False)
    system: str = field(repr=False)
    owner: str = field(repr=False)
    seal: Seal = field(repr=False)
    live: str = field(default="", repr=False)  # without it nothing is told live, and pages ask again and again


def find_logins(options: Options) -> Logins:
    """The logins of this process: from its options, or of the embedded server that runs in WUJI_HOME."""
    if options.embedded:
        server = Postgres(options.home)
        app, system, owner, live_ = (server.url(login, DATABASE) for login in LOGINS)
        return Logins(app, system, owner, Seal(decode_key(get_secret(options.home, "seal"))), live_)
    key = Seal(decode_key(options.seal_key))
    urls = options.database_url, options.system_database_url, options.owner_database_url
    return Logins(*urls, key, options.live_database_url)
