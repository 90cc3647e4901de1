"""Rows, ids and bodies for the isolation matrix: each operation gets a tip in the state that it works on."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from PIL import Image

from wuji.testing import World
from wuji.testing.factories import factories as rows
from wuji.testing.factories import factory, stored
from wuji.testing.operations import body, parameter, places, queries, uploads

BELOW = {"street": "village", "other": "foreign"}
WHOLE: dict[str, Any] = {
    "months": [7],
    "terms": [14],
    "subject": "rice",
    "title": "水稻纹枯病：先看田边，再定打不打药",
    "summary": "扒开稻丛看基部，一百丛里有二十丛有斑就打药。",
    "body": "<h2>怎么查</h2><p>上午露水干了再下田。</p>",
}
Row = dict[str, object]


PUBLISHED: Row = {"state": "published", "published_at": datetime.now(UTC), "reviewed_at": datetime.now(UTC)}


@factory("plugin_agri_tips.tip", shown=PUBLISHED)
def tip(world: World, tenant: str) -> Row:
    here = {"title": f"tip of {tenant}", "reach_id": world.tenant[tenant], "authors": [world.account["clerk"]]}
    return {**WHOLE, **here}


@factory("plugin_agri_tips.tip_media")
def tip_media(world: World, tenant: str) -> Row:
    files = {name: file(world, tenant) for name in ("file_id", "medium_id", "small_id")}
    shown = {"kind": "picture", "name": "a.png", "alt": "田边", "number": 1, "place": 1, "size": 1}
    return {"tip_id": rows["plugin_agri_tips.tip"](world, tenant), **shown, **files}


@factory("plugin_agri_tips.tip_mark")
def tip_mark(world: World, tenant: str) -> Row:
    of = rows["plugin_agri_tips.tip"](world, tenant)
    return {"account_id": world.account["resident"], "tip_id": of, "marked_at_id": world.tenant[tenant]}


@factory("plugin_agri_tips.crop_choice", "account_id")
def crop_choice(world: World, _tenant: str) -> Row:
    return {"account_id": world.account["resident"], "crops": ["rice"]}


@factory("plugin_agri_tips.tip_count")
def tip_count(world: World, tenant: str) -> Row:
    return {"tip_id": rows["plugin_agri_tips.tip"](world, tenant), "reads": 1, "helpful": 0}


@factory("plugin_agri_tips.tip_day")
def tip_day(world: World, tenant: str) -> Row:
    return {"tip_id": rows["plugin_agri_tips.tip"](world, tenant), "read_on": "2026-07-01", "reads": 1}


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8), "green").save(out, "PNG")
    return out.getvalue()


def file(world: World, tenant: str, **columns: object) -> UUID:
    key: UUID = rows["wuji.file"](world, tenant, media="image/png", **stored(world, picture()), **columns)
    return key


def reviewed(world: World) -> Row:
    """Columns of a tip that has been reviewed."""
    past = datetime.now(UTC)
    return {"published_at": past, "reviewed_at": past, "reviewed_at_id": world.tenant["street"]}


def audience(world: World, tenant: str) -> list[int]:
    return [world.token(tenant, 0)]


def published(world: World, tenant: str) -> Any:
    columns = {"state": "published", "audience": audience(world, tenant), **reviewed(world)}
    return rows["plugin_agri_tips.tip"](world, tenant, **columns)


@parameter("tip_id")
def some_tip(world: World, _who: str, tenant: str) -> str:
    return str(rows["plugin_agri_tips.tip"](world, tenant))


@parameter("tip_id", of=("show_tip", "count_tip_read", "mark_tip"), shared=True)
def readable_tip(world: World, _who: str, tenant: str) -> str:
    return str(published(world, tenant))


@parameter("tip_id", of=("revise_tip", "withdraw_published"))
def published_tip(world: World, _who: str, tenant: str) -> str:
    return str(published(world, tenant))


@parameter("tip_id", of=("take_back_draft",))
def waiting_tip(world: World, _who: str, tenant: str) -> str:
    return str(rows["plugin_agri_tips.tip"](world, tenant, state="in_review", submitted_at=datetime.now(UTC)))


@parameter("tip_id", of=("review_tip",))
def tip_below(world: World, who: str, tenant: str) -> str:
    return waiting_tip(world, who, BELOW[tenant])


@parameter("tip_media_id")
def draft_media(world: World, _who: str, tenant: str) -> str:
    return str(rows["plugin_agri_tips.tip_media"](world, tenant))


@parameter("tip_media_id", of=("show_tip_media",), shared=True)
def readable_media(world: World, _who: str, tenant: str) -> str:
    shown = audience(world, tenant)
    files = {name: file(world, tenant, audience=shown) for name in ("file_id", "medium_id", "small_id")}
    of = published(world, tenant)
    return str(rows["plugin_agri_tips.tip_media"](world, tenant, tip_id=of, audience=shown, **files))


@body("TipIn")
def tip_in(_world: World, _who: str) -> dict[str, Any]:
    return {**WHOLE, "title": "晒田看苗不看天"}


@body("TipReviewIn")
def review_in(_world: World, _who: str) -> dict[str, Any]:
    return {"decision": "publish"}


@body("TipReasonIn")
def reason_in(_world: World, _who: str) -> dict[str, Any]:
    return {"reason": "用量写错了"}


@body("TipHelpfulIn")
def helpful_in(_world: World, _who: str) -> dict[str, Any]:
    return {"on": True}


@body("CropsIn")
def crops_in(_world: World, _who: str) -> dict[str, Any]:
    return {"crops": ["rice", "cotton"]}


@body("TipMediaIn")
def media_in(_world: World, _who: str) -> dict[str, Any]:
    return {"alt": "近水面的叶鞘上有云纹状的斑"}


places["review_tip"] = "street"
queries["attach_tip_media"] = {"name": "田.png"}
uploads["attach_tip_media"] = picture
