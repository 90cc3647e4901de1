"""Whether a plugin is on at a tenant, worked out from the rules that stand on the way down to it. No database, no clock.

Rules are heard from the root downwards, at one tenant those of higher setters first. A rule counts unless the last one that
counted binds (require, forbid) and was set by somebody higher. So nobody gets out of what was decided above them, whoever
decided may make exceptions further down, and an exception made by offering leaves the choice to those below it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Word = Literal["require", "offer", "forbid", "inherit"]
WORDS: tuple[Word, ...] = get_args(Word)
Verdict = Literal["decides", "allows", "overruled", "silent"]
BINDING = frozenset({"require", "forbid"})


@dataclass(frozen=True)
class Stage:
    """From a day on the rule reaches the subtrees of these children; None: of all that no stage names."""

    on: date
    tenants: frozenset[int] | None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule as it stands. `at` and `by` are places on the way down, the root being 0; `by` is never below `at`."""

    at: int
    by: int
    word: Word
    on: bool | None = None
    until: date | None = None
    stages: tuple[Stage, ...] | None = None
    paused_on: date | None = None
    allows: frozenset[str] = frozenset()  # sensitive features; only the root's own rule has any

    def speaks(self, path: Sequence[int], today: date) -> bool:
        """Whether it says anything at the end of the path: not taken back, not expired, and its roll-out has come this far."""
        if self.word == "inherit" or (self.until is not None and today > self.until):
            return False
        return self.stages is None or self._reached(path, today)

    def _reached(self, path: Sequence[int], today: date) -> bool:
        """A pause keeps later stages from beginning; what has begun goes on."""
        day = min(today, self.paused_on) if self.paused_on else today
        begins = self._begins(path[self.at + 1]) if len(path) > self.at + 1 else min(s.on for s in self.stages or ())
        return begins is not None and begins <= day

    def _begins(self, child: int) -> date | None:
        stages = self.stages or ()
        named = [stage.on for stage in stages if stage.tenants and child in stage.tenants]
        rest = [stage.on for stage in stages if stage.tenants is None]
        return min(named or rest, default=None)


@dataclass(frozen=True)
class Heard:
    """A rule and what became of it; it `counts` also where another one further down replaced it."""

    rule: Rule
    verdict: Verdict
    counts: bool


@dataclass(frozen=True)
class Resolution:
    """On or off, and which rule made it so; without a decider nobody has said anything: offered, and off."""

    on: bool
    decider: Rule | None
    heard: tuple[Heard, ...]
    in_force: Rule | None  # the last one that counts
    bound_by: Rule | None  # what the tenant at the end of the path cannot change by itself
    allows: frozenset[str] = frozenset()  # sensitive features


def in_order(rules: Sequence[Rule]) -> list[Rule]:
    return sorted(rules, key=lambda rule: (rule.at, rule.by))


def resolve(rules: Sequence[Rule], path: Sequence[int], today: date) -> Resolution:
    """`path` are the ids of the tenants from the root down; rules below its end are not heard."""
    on, decider, last = False, None, None
    heard: list[tuple[Rule, bool | None]] = []  # None: it says nothing
    for rule in in_order([r for r in rules if r.at < len(path)]):
        if not rule.speaks(path, today):
            heard.append((rule, None))
            continue
        counts = not (last is not None and last.word in BINDING and last.by < rule.by)
        heard.append((rule, counts))
        if not counts:
            continue
        if rule.word != "offer" or rule.on is not None:
            on, decider = rule.word == "require" or bool(rule.on), rule
        elif last is not None and last.word in BINDING:
            on, decider = False, rule  # set free: what was ordered above no longer holds
        last = rule
    bound = last if last is not None and last.word in BINDING and last.by < len(path) - 1 else None
    allows = [rule.allows for rule, counts in heard if counts and rule.at == 0]
    return Resolution(on, decider, tuple(_judged(heard, decider)), last, bound, frozenset().union(*allows))


def _judged(heard: Sequence[tuple[Rule, bool | None]], decider: Rule | None) -> Iterator[Heard]:
    """An offer that others have used is no loser; a binding rule that was lifted is."""
    for rule, counts in heard:
        if counts is None:
            yield Heard(rule, "silent", counts=False)
        elif rule is decider:
            yield Heard(rule, "decides", counts=True)
        else:
            yield Heard(rule, "allows" if counts and rule.word == "offer" else "overruled", counts)
