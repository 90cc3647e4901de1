"""The one error of the embedded servers."""


class EmbeddedError(RuntimeError):
    """An embedded server cannot be made, started, stopped or reached; the text says why and how to mend it."""


def tail(log: bytes, lines: int = 15) -> str:
    """The last lines of a log, to be shown beneath an error."""
    return "\n".join(log.decode("utf-8", "replace").splitlines()[-lines:])
