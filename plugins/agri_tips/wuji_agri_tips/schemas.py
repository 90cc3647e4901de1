"""What is sent of tips, and what is answered."""

from typing import Any

from marshmallow import ValidationError, fields

from wuji.api.http import Choice, In, Out, Said, Total, Whole, Words
from wuji_agri_tips.models import CLASSES, KINDS, MONTHS, STATES, TERMS
from wuji_agri_tips.subjects import IDS, SUBJECT_KINDS

MAY = ("edit", "submit", "take_back", "publish", "return", "withdraw", "revise", "delete")
BODY = 40_000  # characters as they are sent; cleaning adds some


class Counted(Whole):
    """A whole number of a range."""

    def __init__(self, among: range, **options: Any) -> None:
        super().__init__(metadata={"minimum": among.start, "maximum": among.stop - 1}, **options)
        self.among = among

    def _validated(self, value: Any) -> int:
        number = super()._validated(value)
        if number not in self.among:
            raise ValidationError(Said("agri_tips.invalid.range", least=self.among.start, most=self.among.stop - 1))
        return number


def months() -> fields.List[Any]:
    return fields.List(Counted(MONTHS))


def terms() -> fields.List[Any]:
    return fields.List(Counted(TERMS))


class TipIn(In):
    """Any part of a tip; what is not named stays as it is. `reach`: code of its own
    tenant or of one above, `audience`: for whom there.
    """

    months = months()
    terms = terms()
    subject = Choice("", *IDS)
    locality = Words(most=100)
    title = Words(most=60)
    summary = Words(most=200)
    body = Words(most=BODY, lines=True)
    title_en = Words(most=120)
    summary_en = Words(most=300)
    reach = Words(most=32)
    audience = Choice(*CLASSES)


class TipReasonIn(In):
    """Why; whoever it concerns reads it."""

    reason = Words(least=1, most=1000, lines=True, required=True)


class TipReviewIn(In):
    """A return says why. Without `reach` and `audience` the authors' wish counts."""

    decision = Choice("publish", "return", required=True)
    reason = Words(most=1000, lines=True)
    reach = Words(most=32)
    audience = Choice(*CLASSES)


class TipHelpfulIn(In):
    on = fields.Boolean(required=True)


class CropsIn(In):
    crops = fields.List(Choice(*IDS), required=True)


class TipMediaIn(In):
    """Alt text of a picture, transcript of a recording, caption, place in the order."""

    alt = Words(most=300)
    caption = Words(most=300)
    transcript = Words(most=20_000, lines=True)
    place = Counted(range(1, 100))


class TipPlaceOut(Out):
    code = fields.String()
    name = fields.String()
    level = fields.Integer()


class TipMediaOut(Out):
    """`url` takes `?size=small` (320) and `?size=medium` (960) where it is a picture. Its body names it `media:<number>`."""

    id = fields.UUID()
    number = fields.Integer()
    place = fields.Integer()
    kind = Choice(*KINDS)
    name = fields.String()
    alt = fields.String()
    caption = fields.String()
    transcript = fields.String()
    width = fields.Integer(allow_none=True)
    height = fields.Integer(allow_none=True)
    seconds = fields.Integer(allow_none=True)
    size = fields.Integer()
    url = fields.String()


class TipOut(Out):
    """A published tip as it is read. `html` is clean and has its pictures in it; `media` are those that it does not show."""

    id = fields.UUID()
    title = fields.String()
    summary = fields.String()
    title_en = fields.String()
    summary_en = fields.String()
    subject = fields.String()
    months = months()
    terms = terms()
    locality = fields.String()
    html = fields.String()
    media = fields.List(fields.Nested(TipMediaOut))
    tenant = fields.Nested(TipPlaceOut)
    reviewer = fields.Nested(TipPlaceOut, allow_none=True)
    published_at = fields.AwareDateTime()
    helpful = fields.Integer()
    marked = fields.Boolean()


class TipCheckOut(Out):
    """What is missing before it can be reviewed, and where: `#/title`, `#/body`, `#/media/<number>/alt`."""

    pointer = fields.String()
    message = fields.String()


class ManagedTipOut(Out):
    """A tip as officials see it. `may` is what whoever asks may do with it now, here."""

    id = fields.UUID()
    version = fields.Integer()
    state = Choice(*STATES)
    replaces_id = fields.UUID(allow_none=True)
    revision_id = fields.UUID(allow_none=True)
    title = fields.String()
    summary = fields.String()
    title_en = fields.String()
    summary_en = fields.String()
    subject = fields.String()
    months = months()
    terms = terms()
    locality = fields.String()
    body = fields.String()
    html = fields.String()
    media = fields.List(fields.Nested(TipMediaOut))
    tenant = fields.Nested(TipPlaceOut)
    reach = fields.Nested(TipPlaceOut)
    audience = Choice(*CLASSES)
    author = fields.String(allow_none=True)
    own = fields.Boolean()
    submitted_at = fields.AwareDateTime(allow_none=True)
    due_on = fields.Date(allow_none=True)
    reviewer = fields.Nested(TipPlaceOut, allow_none=True)
    reviewed_by = fields.String(allow_none=True)
    reviewed_at = fields.AwareDateTime(allow_none=True)
    reason = fields.String()
    published_at = fields.AwareDateTime(allow_none=True)
    withdrawn_at = fields.AwareDateTime(allow_none=True)
    updated_at = fields.AwareDateTime()
    reads = fields.Integer()
    helpful = fields.Integer()
    checks = fields.List(fields.Nested(TipCheckOut))
    may = fields.List(Choice(*MAY))


class TipAttachedOut(Out):
    """The tip with its new picture or recording, and the id of that."""

    tip = fields.Nested(ManagedTipOut)
    media_id = fields.UUID()


class TipStatesOut(Out):
    """How many tips there are in each state, and how many wait for whoever acts here."""

    draft = fields.Nested(Total)
    in_review = fields.Nested(Total)
    returned = fields.Nested(Total)
    published = fields.Nested(Total)
    withdrawn = fields.Nested(Total)
    to_review = fields.Nested(Total)


class TipAudienceOut(Out):
    """One tenant that a tip can reach, and how many tenants lie there. `may`: a reviewer who acts here can decide it."""

    tenant = fields.Nested(TipPlaceOut)
    tenants = fields.Integer()
    may = fields.Boolean()


class TipAudiencesOut(Out):
    """How far a tip can reach, from the root down to its own tenant."""

    audiences = fields.List(fields.Nested(TipAudienceOut))


class TipMarkOut(Out):
    helpful = fields.Integer()
    marked = fields.Boolean()


class CropsOut(Out):
    crops = fields.List(fields.String())


class TipSubjectOut(Out):
    id = fields.String()
    zh = fields.String()
    en = fields.String()
    kind = Choice(*SUBJECT_KINDS)
    aliases = fields.List(fields.String())


class TipSubjectsOut(Out):
    """In the order in which they are offered; `limits` are bytes that a file may have, by kind."""

    subjects = fields.List(fields.Nested(TipSubjectOut))
    limits = fields.Dict(keys=fields.String(), values=fields.Integer())


class SolarTermOut(Out):
    number = fields.Integer()
    zh = fields.String()
    en = fields.String()
    pinyin = fields.String()
    month = fields.Integer()
    on = fields.Date()
    at = fields.AwareDateTime()
    current = fields.Boolean()


class SolarTermsOut(Out):
    """The 24 solar terms of a year, and what counts as this month where the reader stands."""

    year = fields.Integer()
    terms = fields.List(fields.Nested(SolarTermOut))
    today = fields.Date()
    months = months()


class TermsQuery(In):
    year = Counted(range(1900, 2101))


class SizeQuery(In):
    size = Choice("full", "medium", "small")


class UploadQuery(In):
    name = Words(least=1, most=255, required=True)
