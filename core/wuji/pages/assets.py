"""The built front end as files: hashed ones for a year, stable addresses asked again each time."""

import mimetypes
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
from flask import Request, Response, send_file
from werkzeug.security import safe_join

from wuji.kit.problem import Problem, not_found

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


@dataclass(frozen=True)
class Assets:
    """One build of the front end."""

    folder: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the build wrote down about itself. Raises 503 where there is no build."""
        try:
            found: dict[str, Any] = msgspec.json.decode((self.folder / "shared.json").read_bytes())
        except FileNotFoundError:
            raise Problem("pages.not_built", 503) from None
        return found

    @cached_property
    def policy(self) -> str:
        """Content-Security-Policy of every page: our own files, and the two inline scripts by their hashes."""
        scripts = " ".join(["'self'", *self.manifest["csp"]])
        rules = {
            "default-src": "'self'",
            "script-src": scripts,
            "style-src": "'self'",
            "img-src": "'self' data: blob:",
            "media-src": "'self' blob:",
            "worker-src": "'self'",
            "manifest-src": "'self'",
            "object-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
        }
        return "; ".join(f"{name} {value}" for name, value in rules.items())

    def html(self, entry: str) -> str:
        """The shell of an entry, with its marks still in it."""
        name: str = self.manifest["entries"][entry]["html"]
        return (self.folder / name).read_text(encoding="utf-8")

    def send(self, request: Request, path: str, cache: str) -> Response:
        """A file of the build, in the smallest form the reader takes. Raises 404 for anything outside it."""
        plain = safe_join(str(self.folder), path)
        if plain is None or not Path(plain).is_file():
            raise not_found()
        suffix, encoding = self._form(request, plain)
        response = send_file(plain + suffix, mimetype=mimetypes.guess_type(path)[0], conditional=True, max_age=None)
        response.headers["Cache-Control"] = cache
        response.headers["Vary"] = "Accept-Encoding"
        if encoding:
            response.headers["Content-Encoding"] = encoding
        return response

    def _form(self, request: Request, plain: str) -> tuple[str, str]:
        for encoding, suffix in ENCODINGS:
            if request.accept_encodings.quality(encoding) > 0 and Path(plain + suffix).is_file():
                return suffix, encoding
        return "", ""
