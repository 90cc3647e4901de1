"""Tips as everybody reads them, and what goes with them: subjects, solar terms."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request

from wuji.api.http import Answer, Call, Rate, serve_list, within
from wuji_agri_tips.almanac import read_today, show_terms
from wuji_agri_tips.lists import TIPS
from wuji_agri_tips.routes.feature import AT, feature
from wuji_agri_tips.routes.showing import show_published
from wuji_agri_tips.routes.visits import read_visit
from wuji_agri_tips.schemas import SolarTermsOut, TermsQuery, TipOut, TipSubjectsOut
from wuji_agri_tips.services.attaching import read_limits
from wuji_agri_tips.services.figures import count_read
from wuji_agri_tips.services.finding import get_readable
from wuji_agri_tips.subjects import SUBJECTS

# Of one tip from one address, whoever asks. A mobile carrier puts a whole town behind one address: its readers count, a program
# that throws its visit away each time soon does not.
READS = Rate("agri_tips.reads", 200, 3600)

serve_list(feature, f"{AT}/tips", TIPS, "list_tips", "Tips that can be read here; `mine` narrows to chosen crops.")


@feature.route("GET", f"{AT}/tips/<uuid:tip_id>", permission="public", answer=TipOut)
def show_tip(call: Call, tip_id: UUID) -> Answer:
    """One published tip."""
    return show_published(call, get_readable(call.session, tip_id))


@feature.route("POST", f"{AT}/tips/<uuid:tip_id>/reads", permission="public", status=204)
def count_tip_read(call: Call, tip_id: UUID) -> Response:
    """Count that the tip was read, once a visit and at most two hundred times an hour from one address. The visit is known to
    the reader's own browser alone.
    """
    get_readable(call.session, tip_id)
    visit = read_visit(call, request)
    if visit.add(tip_id) and within(call, READS, tip_id):
        count_read(call.session, tip_id)
    return visit.answer(Response(status=204))


@feature.route("GET", f"{AT}/subjects", permission="public", answer=TipSubjectsOut)
def list_subjects(call: Call) -> Mapping[str, Any]:
    """What tips can be about, and how large pictures and recordings may be."""
    subjects = [
        {"id": one.id, "zh": one.zh, "en": one.en, "kind": one.kind, "aliases": one.aliases}
        for one in SUBJECTS.values()
    ]
    return {"subjects": subjects, "limits": read_limits(call.session)}


@feature.route("GET", f"{AT}/solar-terms", permission="public", query=TermsQuery, answer=SolarTermsOut)
def list_solar_terms(call: Call, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """The 24 solar terms of a year (without one, of this year)."""
    today = read_today(call.session)
    year = asked.get("year", today.day.year)
    return {"year": year, "terms": show_terms(call.session, year), "today": today.day, "months": today.months}
