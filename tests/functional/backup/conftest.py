"""A deployment that can be backed up, and the command line on it."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wuji.backup.sets import BackupSet
from wuji.backup.shelves import FolderShelf
from wuji.backup.taking import Source, take_backup
from wuji.cli import main
from wuji.cli.program import Program
from wuji.files.store import FolderStore
from wuji.journal.tasks import seal
from wuji.kit.options import load
from wuji.testing import Server, World, factories
from wuji.testing.plugins import loaded_plugins
from wuji.wall import Logins

LETTER = b"what a village keeps"


@pytest.fixture
def files(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


@pytest.fixture
def world(server: Server, make_database: Callable[[], str], files: FolderStore) -> Iterator[World]:
    """A database with a row in every table, whose files lie where its rows say, and a journal that is sealed."""
    database = make_database()
    world = World(server, database)
    for factory in factories.values():
        factory(world, "village")
    blob = files.put(io.BytesIO(LETTER))
    world.run("delete from plugin_agri_tips.tip_media")
    world.run("delete from wuji.journal_seal")  # the factory's are no chain
    system = server.engine("wuji_system", database)
    seal(system)
    system.dispose()
    world.run("update wuji.file set sha256 = %s, size = %s", blob.sha256, blob.size)
    yield world
    world.close()


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def program(server: Server, world: World, files: FolderStore, tmp_path: Path) -> Program:
    """`wuji` on that database."""
    made = Program()
    app, system, owner = (server.url(login, world.database) for login in ("wuji_app", "wuji_system", "wuji_owner"))
    options = load({"WUJI_HOME": str(tmp_path / "home"), "WUJI_FILES_DIR": str(files.folder)})
    vars(made).update(options=options, logins=Logins(app, system, owner, server.seal), plugins=loaded_plugins())
    return made


@pytest.fixture
def take(server: Server, world: World, files: FolderStore, backups: Path) -> Callable[[], BackupSet]:
    """Takes a backup as the owner's login does."""
    source = Source(server.postgres.bin, server.url("wuji_owner", world.database), files)
    return lambda: take_backup(source, FolderShelf(backups))


@pytest.fixture
def ask(program: Program) -> Callable[..., Result]:
    """What `wuji db …` answers."""
    return lambda *words: CliRunner().invoke(main, ["db", *words], obj=program)
