"""Stations as search knows them: by name and pinyin, by address, by what they offer."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select

from wuji.api import Facet, ScopedSession, SearchDocument, SearchKind
from wuji.api.models import Tenant, among
from wuji_station_watch.models import Station
from wuji_station_watch.services.stations import IN_RANGE
from wuji_station_watch.texts import say

CHUNK = 500


def read_documents(session: ScopedSession, ids: Sequence[str]) -> list[SearchDocument]:
    """Of those that are shown to the public and not closed for good; others are found in their list. Everybody may read such
    a one anywhere, and finds it within its own tree.
    """
    wanted = [UUID(one) for one in ids]
    found = (
        select(Station, Tenant.root_id)
        .join(Tenant, Tenant.id == Station.tenant_id)
        .where(among(Station.id, wanted), Station.audience.is_not(None), Station.state != "closed")
    )
    return [
        SearchDocument(
            id=str(one.id),
            version=one.version,
            tenant_id=one.tenant_id,
            audience=(root_id * 8,),
            title=one.name,
            body="\n".join(filter(None, (one.address, *(say("zh-CN", f"service.{name}") for name in one.services)))),
            facets={"sort": (one.kind,), "service": tuple(one.services)},
            suggest=(say("zh-CN", f"kind.{one.kind}"),),
        )
        for one, root_id in session.execute(found)
    ]


def scan_ids(session: ScopedSession) -> Iterator[Sequence[str]]:
    last = UUID(int=0)
    while ids := session.scalars(
        select(Station.id).where(IN_RANGE, Station.id > last).order_by(Station.id).limit(CHUNK)
    ).all():
        yield [str(one) for one in ids]
        last = ids[-1]


KIND = SearchKind(
    name="station_watch.station",
    title="station_watch.title",
    icon="map-pin",
    path="x/station_watch/stations/{id}",
    read=read_documents,
    scan=scan_ids,
    facets=(
        Facet("sort", "station_watch.search.kind", lambda locale, value: say(locale, f"kind.{value}")),
        Facet("service", "station_watch.search.service", lambda locale, value: say(locale, f"service.{value}")),
    ),
    synonyms=(("驿站", "服务站", "阵地"), ("纳凉", "避暑", "乘凉"), ("取暖", "御寒"), ("歇脚", "休息")),
)
