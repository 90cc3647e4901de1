"""A bucket of an S3-compatible store as a shelf. Endpoint, region and credentials come from where AWS's own tools look."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from wuji.backup.programs import BackupError
from wuji.backup.shelves import Digesting, Stored, pour
from wuji.files.store import Readable

# One part is held in memory at a time; a store takes 10,000 of them, so the longest dump is 320 GB.
PART = 32 << 20
TRANSFER = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, use_threads=False)
PATIENCE = {"connect_timeout": 10, "read_timeout": 60}  # seconds
MISSING = frozenset({"NoSuchKey", "404"})
REFUSED = frozenset(
    {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "403"}
)
MEND = "look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL"


def open_bucket(url: str) -> "BucketShelf":
    """s3://bucket/prefix; `?style=path` for stores whose buckets have no host name of their own. Raises BackupError."""
    parts = urlsplit(url)
    style = parse_qs(parts.query).get("style", ["auto"])[0]
    shelf = BucketShelf(parts.netloc, parts.path.strip("/"), style)
    shelf.check()
    return shelf


class BucketShelf:
    """Names lie below the prefix. What S3 shows is whole: an upload that was cut short never gets a name."""

    def __init__(self, bucket: str, prefix: str, style: str = "auto") -> None:
        self.bucket = bucket
        self._above = f"{prefix}/" if prefix else ""
        with self._plainly():
            config = Config(s3={"addressing_style": style}, **PATIENCE)
            self._client = boto3.client("s3", config=config)

    @property
    def address(self) -> str:
        return f"s3://{self.bucket}/{self._above}".rstrip("/")

    def check(self) -> None:
        """Raises BackupError where there is no such bucket, or not for these credentials."""
        with self._plainly():
            self._client.list_objects_v2(Bucket=self.bucket, Prefix=self._above, MaxKeys=1)

    def put(self, name: str, stream: Readable, wanted: str = "") -> Stored:
        reading = Digesting(stream, wanted, name)
        with self._plainly():
            self._client.upload_fileobj(reading, self.bucket, self._above + name, None, None, TRANSFER)
            there = self._client.head_object(Bucket=self.bucket, Key=self._above + name)["ContentLength"]
        if there != reading.stored.size:
            self.remove(name)
            raise BackupError(f"{self.address} took {there:,} bytes of {reading.stored.size:,} of {name}")
        return reading.stored

    @contextmanager
    def open(self, name: str) -> Iterator[Readable]:
        with self._plainly(name):
            body = self._client.get_object(Bucket=self.bucket, Key=self._above + name)["Body"]
            with body:
                yield body

    @contextmanager
    def local(self, name: str, wanted: str) -> Iterator[Path]:
        with TemporaryDirectory(prefix="wuji-backup-") as folder:
            path = Path(folder) / Path(name).name
            with self.open(name) as stream, path.open("xb") as file:
                pour(Digesting(stream, wanted, name), file)
            yield path

    def folders(self) -> list[str]:
        pages = self._pages("list_objects_v2", Prefix=self._above, Delimiter="/")
        found = (one["Prefix"] for page in pages for one in page.get("CommonPrefixes", ()))
        return sorted(prefix.removeprefix(self._above).rstrip("/") for prefix in found)

    def sizes(self, folder: str) -> Iterator[tuple[str, int]]:
        for page in self._pages("list_objects_v2", Prefix=f"{self._above}{folder}/"):
            for one in page.get("Contents", ()):
                yield one["Key"].removeprefix(self._above), one["Size"]

    def remove(self, name: str) -> None:
        with self._plainly():
            self._client.delete_object(Bucket=self.bucket, Key=self._above + name)

    def remove_folder(self, folder: str) -> None:
        for name, _size in list(self.sizes(folder)):
            self.remove(name)

    def tidy(self, before: float) -> None:
        """Parts of uploads that were cut short cost money and are shown nowhere else."""
        for page in self._pages("list_multipart_uploads", Prefix=self._above):
            for upload in page.get("Uploads", ()):
                if upload["Initiated"].timestamp() < before:
                    with self._plainly():
                        self._client.abort_multipart_upload(
                            Bucket=self.bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                        )

    def _pages(self, operation: str, **asked: str) -> Iterator[Mapping[str, Any]]:
        with self._plainly():
            yield from self._client.get_paginator(operation).paginate(Bucket=self.bucket, **asked)

    @contextmanager
    def _plainly(self, name: str = "") -> Iterator[None]:
        """What the store or the way to it says, in a sentence."""
        try:
            yield
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if name and code in MISSING:
                raise FileNotFoundError(name) from error
            if code == "NoSuchBucket":
                raise BackupError(f"there is no bucket {self.bucket}: make it, or mend the URL") from error
            how = f": {MEND}" if code in REFUSED else ""
            raise BackupError(f"{self.address} refuses ({error}){how}") from error
        except (BotoCoreError, HTTPError) as error:
            raise BackupError(f"{self.address} cannot be used: {error}; {MEND}") from error
