"""From what an operator names to the shelf it means: a folder, or s3://bucket/prefix."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from wuji.backup.programs import BackupError
from wuji.backup.shelves import FolderShelf, Shelf

S3 = "s3://"


def open_shelf(where: str) -> Shelf:
    """Raises BackupError where a bucket is named and there is no library for it, or no such bucket."""
    if not where.startswith(S3):
        return FolderShelf(Path(where).absolute())
    if find_spec("boto3") is None:
        raise BackupError(f"{where} needs a library that is not installed: `pip install 'wuji[s3]'`")
    # Named, not imported: whoever keeps backups in a folder need not have the library.
    shelf: Shelf = import_module("wuji.backup.buckets").open_bucket(where)
    return shelf


def split(where: str) -> tuple[str, str]:
    """What stands above the last part of a name, and that part."""
    above, _, last = where.partition("?")[0].rstrip("/").rpartition("/")
    query = where.partition("?")[2]
    return f"{above or '/'}{'?' if query else ''}{query}", last
