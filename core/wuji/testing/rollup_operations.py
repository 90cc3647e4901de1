"""Rows of figures, and what their operations are asked, for the tests of the wall and the isolation matrix."""

from datetime import date
from secrets import token_hex

from wuji.testing.factories import Columns, factory
from wuji.testing.operations import parameter, queries
from wuji.testing.plugins import loaded_plugins
from wuji.testing.world import World

DAY = date(2026, 3, 1)
NOBODYS, STRANGE = "nobodys.figure", "strange.figure"
SPAN = {"first": "2026-01-01", "last": "2026-03-01"}
queries["show_figure_series"] = queries["show_figure_children"] = SPAN


@parameter("figure_id", lambda: NOBODYS)
def figure_id(_world: World, _who: str, tenant: str) -> str:
    """Figures belong to the deployment and never to somebody else: a foreign one is one that is not there."""
    if tenant != "village":
        return STRANGE
    return next(figure.name for plugin in loaded_plugins() for figure in plugin.figures)


@factory("wuji.fact")
def fact(_world: World, _tenant: str) -> Columns:
    return {"figure": "test.things", "subject_id": token_hex(8), "happened_on": DAY, "sum": 1, "part": 0, "n": 1}


@factory("wuji.fact_former")
def fact_former(world: World, tenant: str) -> Columns:
    ends: Columns = {"from_id": world.tenant[tenant], "to_id": world.tenant[tenant]}
    what = {"figure": "test.things", "subject_id": token_hex(8), "person": "", "sum": 1, "part": 0, "n": 1}
    return {**what, **ends, "until": DAY, "happened_on": DAY}


def _sum() -> Columns:
    return {"figure": f"test.{token_hex(6)}", "period": "month", "starts_on": DAY, "n": 1}


@factory("wuji.rollup")
def rollup(_world: World, _tenant: str) -> Columns:
    return {**_sum(), "sum": 1, "part": 0, "people": 0}


@factory("wuji.rollup_person")
def rollup_person(_world: World, _tenant: str) -> Columns:
    return {**_sum(), "person": token_hex(8)}


@factory("wuji.rollup_state")
def rollup_state(_world: World, _tenant: str) -> Columns:
    return {"figure": f"test.{token_hex(6)}", "measure": "sum", "people": False}
