"""What `wuji doctor` says of what should survive a fire: backups, and the log of changes behind them."""

from collections.abc import Iterator
from datetime import timedelta

from wuji.backup.archiving import read_reached
from wuji.backup.places import open_shelf
from wuji.backup.programs import BackupError
from wuji.backup.replication import replicating
from wuji.backup.sets import find_set, newest_set
from wuji.cli.backups import backups_of
from wuji.cli.finding import Finding
from wuji.cli.program import Program
from wuji.kit.clock import now
from wuji.kit.serve import replication_url

BACKUP_AGE = timedelta(days=2)
ARCHIVE_AGE, UNARCHIVED = timedelta(minutes=10), 1 << 30
RUN = "see whether `wuji archive` runs, and what its log says"


def find_old_backup(program: Program, where: str | None) -> Iterator[Finding]:
    """Only where something would be lost: a demo is made anew."""
    if program.options.mode != "production":
        return
    try:
        age = now() - find_set(where or backups_of(program)).manifest.taken_at
    except BackupError as error:
        yield Finding(str(error), "mend that, run it by night, and name another place with `--backups`")
        return
    if age > BACKUP_AGE:
        yield Finding(f"the newest backup is {age.days} days old", "let `wuji db backup` run every night")


def find_unarchived(program: Program, where: str | None) -> Iterator[Finding]:
    """Where the whole server is backed up: whether the log of changes behind it comes to where it should."""
    url = replication_url(program.options)
    if not url:
        return
    try:
        with replicating(url) as server:
            received = server.received()
            behind = server.position() - received if received else 0
        shelf = open_shelf(where or backups_of(program))
        reached = read_reached(shelf)
        newest = newest_set(shelf)
    except BackupError as error:
        yield Finding(str(error), "mend that: until then a loss costs all work since the last backup")
        return
    if behind > UNARCHIVED:
        yield Finding(f"the server keeps {behind >> 20:,} MB of its log for the archive, on its own disk", RUN)
    if reached is None or now() - reached.at > ARCHIVE_AGE:
        last = f"since {reached.at:%Y-%m-%d %H:%M} UTC" if reached else "at all"
        yield Finding(f"the log of changes has not come to {shelf.address} {last}", RUN)
    if newest.manifest.base is None:
        yield Finding(f"{newest.address} is a dump alone", "`wuji db backup` says why, once it is run again")
