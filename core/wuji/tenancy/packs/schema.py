"""Asks tenants/schema.json whether a part of a pack has the right form, and answers in sentences."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from wuji.kit.options import CHECKOUT

SCHEMA = CHECKOUT / "tenants" / "schema.json"
LONGEST = 60  # characters of a wrong value that a sentence repeats


@cache
def _validator(part: str) -> Draft202012Validator:
    definitions = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    return Draft202012Validator(_inlined(definitions[part], definitions), format_checker=FormatChecker())


def _inlined(node: Any, definitions: Any) -> Any:
    """Every $ref replaced by what it names: resolving them anew for each row takes three times as long."""
    match node:
        case {"$ref": str(name)}:
            return _inlined(definitions[name.rpartition("/")[2]], definitions)
        case dict():
            return {key: _inlined(value, definitions) for key, value in node.items()}
        case list():
            return [_inlined(item, definitions) for item in node]
        case _:
            return node


def misfits(part: str, value: Any) -> Iterator[tuple[Sequence[str | int], str]]:
    """(path, sentence) of everything in the value that does not fit `part` of the schema; one sentence says all of a rule."""
    return iter({(*path, sentence): (path, sentence) for path, sentence in _sentences(part, value)}.values())


def _sentences(part: str, value: Any) -> Iterator[tuple[Sequence[str | int], str]]:
    for error in _validator(part).iter_errors(value):
        place = list(error.absolute_path)
        match error.validator:
            case "required":
                missing = [name for name in error.validator_value if name not in error.instance]
                if error.message.startswith(f"{missing[0]!r}"):  # one error for each missing name; one sentence for all
                    yield place, f"{', '.join(missing)} is missing: {_meaning(error)}"
            case "additionalProperties":
                known = error.schema["properties"]
                for name in (name for name in error.instance if name not in known):
                    yield [*place, name], f"{_shown(name)} means nothing here: {_meaning(error)}"
            case "enum" if "propertyNames" in error.absolute_schema_path:
                yield [*place, error.instance], f"{_shown(error.instance)} means nothing here"
            case _:
                named = f"{place[-1]} " if place and isinstance(place[-1], str) else ""
                yield place, f"{named}{_shown(error.instance)} cannot be used: {_meaning(error)}"


def _meaning(error: ValidationError) -> str:
    schema = error.schema if isinstance(error.schema, dict) else {}
    return str(schema.get("description", error.message))


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
