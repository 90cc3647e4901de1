"""What is wrong with a pack: file, line, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

SHOWN = 50  # findings that an error prints
KEPT = 1000  # a file that is wrong in every line must not fill the memory with sentences


@dataclass(frozen=True, order=True)
class Finding:
    """One sentence about one line; line 0 is the file as a whole."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}" if self.line else f"{self.file}: {self.text}"


class PackError(Exception):
    """The pack cannot be used as it stands; nothing was changed."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = sorted(findings)
        lines = [str(finding) for finding in self.findings[:SHOWN]]
        if len(self.findings) > SHOWN:
            lines.append(f"… and {len(self.findings) - SHOWN} more")
        super().__init__("\n".join(lines))


@dataclass
class Findings:
    """Collected while a pack is read: errors refuse it, warnings are shown and it is used all the same."""

    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def error(self, file: str, line: int, text: str) -> None:
        if len(self.errors) < KEPT:
            self.errors.append(Finding(file, line, text))

    def warn(self, file: str, line: int, text: str) -> None:
        if len(self.warnings) < KEPT:
            self.warnings.append(Finding(file, line, text))

    def refuse(self) -> None:
        """Raises PackError if anything was wrong up to here."""
        if self.errors:
            raise PackError(self.errors)
