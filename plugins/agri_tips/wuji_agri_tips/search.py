"""Published tips as search knows them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from wuji.api import Facet, ScopedSession, SearchDocument, SearchKind
from wuji.api.models import among
from wuji_agri_tips.models import Tip, TipMedia
from wuji_agri_tips.rich_text.reading import read_outline
from wuji_agri_tips.subjects import SUBJECTS, SYNONYMS, say_subject
from wuji_agri_tips.texts import say, say_month

CHUNK = 500


def read_documents(session: ScopedSession, ids: Sequence[str]) -> list[SearchDocument]:
    """Of those that are published and that the session may see."""
    wanted = [found for one in ids if (found := _uuid(one))]
    tips = session.execute(select(*Tip.__table__.c).where(among(Tip.id, wanted), Tip.state == "published")).all()
    said = _read_said(session, [tip.id for tip in tips])
    return [
        SearchDocument(
            id=str(tip.id),
            version=tip.version,
            tenant_id=tip.tenant_id,
            audience=tuple(tip.audience),
            title=tip.title,
            body=_body(tip, said.get(tip.id, ())),
            published_at=tip.published_at,
            facets={"month": tuple(map(str, tip.months)), "subject": (tip.subject,), "sort": (_sort(tip.subject),)},
            suggest=_names(tip.subject),
        )
        for tip in tips
    ]


def scan_ids(session: ScopedSession) -> Iterator[Sequence[str]]:
    """Every published tip of the acting tenant's range, a chunk at a time."""
    last = UUID(int=0)
    in_range = Tip.pos.between(func.wuji.scope_lo(), func.wuji.scope_hi())
    while True:
        ids = session.scalars(
            select(Tip.id).where(in_range, Tip.state == "published", Tip.id > last).order_by(Tip.id).limit(CHUNK)
        ).all()
        if ids:
            yield [str(one) for one in ids]
            last = ids[-1]
        if len(ids) < CHUNK:
            return


def _read_said(session: ScopedSession, tip_ids: Sequence[UUID]) -> Mapping[UUID, list[str]]:
    """What pictures show and recordings say."""
    rows = session.execute(
        select(TipMedia.tip_id, TipMedia.alt, TipMedia.caption, TipMedia.transcript).where(
            among(TipMedia.tip_id, tip_ids)
        )
    )
    said: dict[UUID, list[str]] = {}
    for row in rows:
        said.setdefault(row.tip_id, []).extend(filter(None, (row.alt, row.caption, row.transcript)))
    return said


def _body(tip: Row[*tuple[Any, ...]], said: Sequence[str]) -> str:
    """Everything that is written of it, as plain text."""
    parts = (tip.summary, read_outline(tip.body).text, *said, tip.locality, tip.title_en, tip.summary_en)
    return "\n".join(filter(None, parts))


def _sort(subject: str) -> str:
    return SUBJECTS[subject].kind if subject in SUBJECTS else "other"


def _names(subject: str) -> tuple[str, ...]:
    return (SUBJECTS[subject].zh, *SUBJECTS[subject].aliases) if subject in SUBJECTS else ()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


KIND = SearchKind(
    name="agri_tips.tip",
    title="agri_tips.search.title",
    icon="sprout",
    path="x/agri_tips/tips/{id}",
    read=read_documents,
    scan=scan_ids,
    facets=(
        Facet("month", "agri_tips.search.month", lambda locale, value: say_month(locale, int(value))),
        Facet("subject", "agri_tips.search.subject", say_subject),
        Facet("sort", "agri_tips.search.sort", lambda locale, value: say(locale, f"sort.{value}")),
    ),
    synonyms=SYNONYMS,
)
