"""Jobs in the reader's words: what a job is, and why it was not done."""

from collections.abc import Mapping
from typing import Any

from wuji.kit.texts import Texts


def tell_job(job: Mapping[str, Any], texts: Texts, locale: str) -> dict[str, Any]:
    """A row of the list as JobOut has it."""
    shown = {name: value for name, value in job.items() if name != "args"}
    shown["title"] = say_title(job["kind"], job["args"], texts, locale)
    shown["problem"] = _say_problem(job, texts, locale)
    return shown


def say_title(kind: str, args: Mapping[str, Any], texts: Texts, locale: str) -> str:
    """An export is called by its list, other jobs by their kind; a plugin's by its own texts."""
    said = texts.catalogue(locale)
    feature, _, rest = kind.partition(".")
    of, _, name = str(args.get("list", "")).partition(".")
    keys = (f"{of}.lists.{name}", f"work.task.{kind}", f"{feature}.task.{rest}")
    return next((said[key] for key in keys if key in said), kind)


def _say_problem(job: Mapping[str, Any], texts: Texts, locale: str) -> dict[str, str] | None:
    return say_why(job["problem"], job["fault"], texts, locale) if job["state"] != "cancelled" else None


def say_why(problem: Mapping[str, Any] | None, fault: str | None, texts: Texts, locale: str) -> dict[str, str] | None:
    """Why a job was not done, or its last attempt came to nothing."""
    if problem is None:
        if fault is None:
            return None
        key = "lapsed" if fault == "lapsed" else "broken"
        return {part: texts.say(locale, f"work.why.{key}.{part}") for part in ("title", "detail")}
    feature, _, name = problem["slug"].partition(".")
    start = f"{feature}.problem.{name}"
    title, detail = (texts.say(locale, f"{start}.{part}", problem["params"]) for part in ("title", "detail"))
    faults = [texts.say(locale, one["key"], one["params"]) for one in problem["faults"]]
    return {"title": title, "detail": " ".join([detail, *faults])}
