"""What search is asked, and what it answers."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from wuji.kit.http.fields import Choice, In, Moment, Out, Said, Words
from wuji.tenancy.schemas import Code, LevelIn, PlaceOut, TotalOut

QUESTION, MOST = 100, 50


class FacetIn(Words):
    """name:value"""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        said = super()._deserialize(value, attr, data, **kwargs)
        if not said.partition(":")[2]:
            raise ValidationError(Said("search.invalid.facet"))
        return said


def question() -> Words:
    return Words(least=1, most=QUESTION, required=True)


def acting() -> Code:
    """The acting tenant: what is found is what somebody may see there."""
    return Code(least=1, most=32, required=True)


class SearchQuery(In):
    q = question()
    tenant = acting()
    place = Code(least=1, most=32, metadata={"description": "Narrows to a tenant and all below it."})
    kind = Words(least=1, most=100)
    level = LevelIn()
    since = Moment()
    until = Moment()
    facet = fields.List(
        FacetIn(least=3, most=200), validate=validate.Length(max=10, error=Said("search.invalid.facets"))
    )
    sort = Choice("relevance", "newest")
    cursor = Words(least=1, most=1000)
    limit = fields.Integer(strict=False, validate=validate.Range(1, MOST, error=Said("kit.invalid.limit", most=MOST)))


class SuggestQuery(In):
    q = question()
    tenant = acting()


class PlacesQuery(In):
    q = question()


class FoundTenantOut(PlaceOut):
    """A tenant with the way up to its root, root first."""

    ancestors = fields.List(fields.Nested(PlaceOut))


class HighlightOut(Out):
    """HTML: everything escaped but <mark>. `text` is a part of the body, empty where nothing of it matches."""

    title = fields.String()
    text = fields.String()


class NamedOut(Out):
    """Of which kind, and where it leads."""

    kind = fields.String()
    kind_label = fields.String()
    icon = fields.String()
    id = fields.String()
    lang = fields.String()
    tenant = fields.Nested(FoundTenantOut)
    url = fields.String()


class HitOut(NamedOut):
    title = fields.String()
    highlight = fields.Nested(HighlightOut)
    score = fields.Float()
    published_at = fields.AwareDateTime(allow_none=True)


class FacetValueOut(Out):
    """`since` and `until` are what narrows to a time; every other value is asked as it stands."""

    value = fields.String()
    label = fields.String()
    count = fields.Integer()
    since = fields.AwareDateTime(allow_none=True)
    until = fields.AwareDateTime(allow_none=True)


class FacetOut(Out):
    name = fields.String()
    label = fields.String()
    values = fields.List(fields.Nested(FacetValueOut))


class ExpandedOut(Out):
    """A word of the question, and others for the same thing that were looked for too."""

    word = fields.String()
    also = fields.List(fields.String())


class FoundOut(Out):
    """`total` and facets are exact up to 10,000. `relaxed`: hits hold only some of the words."""

    items = fields.List(fields.Nested(HitOut))
    facets = fields.List(fields.Nested(FacetOut))
    next = fields.String(allow_none=True)
    total = fields.Nested(TotalOut)
    relaxed = fields.Boolean()
    expanded = fields.List(fields.Nested(ExpandedOut))


class SuggestionOut(NamedOut):
    text = fields.String()


class SuggestionsOut(Out):
    items = fields.List(fields.Nested(SuggestionOut))


class PlacesOut(Out):
    items = fields.List(fields.Nested(FoundTenantOut))
