"""What is wrong with one plugin keeps that one out, is said, and costs nobody else anything."""

import pytest

from wuji.kit.db.model import Model
from wuji.plugin.plugins import Quarantined

SOUND = "@hook\ndef wuji_permissions(self):\n    return (Permission('{}.thing.read'),)"
TABLE = """
from sqlalchemy.orm import Mapped
from wuji.api.models import Key, Model, Wall

class Thing(Model):
    __tablename__ = "thing"
    __schema__ = "{schema}"
    __wall__ = Wall(kind="global", key=False, versioned=False)
    id: Mapped[Key]
"""
RELATED = "    nowhere = relationship('Nowhere')\n"
ROUTE = """
feature = Feature("{feature}", plugin="{feature}")
@feature.route("GET", "{path}", permission="public")
def look(call):
    '''Look.'''
"""
LIST = """
from sqlalchemy import select
from wuji.api.models import Tenant
feature = Feature("{feature}", plugin="{feature}")
serve_list(feature, "/tenants/<tenant_code>/{name}/things", List(
    name="{name}.things", permission="public", key=Tenant.id, sort="name",
    columns=(Column("name", Tenant.name, sortable=True),), source=lambda asker, asked: select().select_from(Tenant),
), "list_things", "Things.")
"""
LIVE = "@hook\ndef wuji_live_topics(self):\n    return (LiveTopic(name='things', of='tenant'{}),)"
ROUTES = "@hook\ndef wuji_routes(self):\n    return (feature,)"
CASES = {
    "a hook that is not known": ("hooks", "unknown hook 'wuji_forecast'", {"hooks": "@hook\ndef wuji_forecast(self): ..."}),
    "a hook with a wrong argument": ("hooks", "weather", {"hooks": "@hook\ndef wuji_cards(self, weather): ..."}),
    "a wrapper": ("hooks", "wrap", {"hooks": "@hook(wrapper=True)\ndef wuji_cards(self):\n    return (yield)"}),
    "a hook that fails": ("hooks", "ZeroDivisionError", {"hooks": "@hook\ndef wuji_ui(self):\n    return 1 / 0"}),
    "a hook that gives something else": ("hooks", "gives str, not Ui", {"hooks": "@hook\ndef wuji_ui(self):\n    return ['ui']"}),
    "code that cannot be imported": ("import", "weather_of_yesterday", {"before": "import weather_of_yesterday"}),
    "code that is no code": ("import", "SyntaxError", {"before": "def :"}),
    "another release": ("api", "works with wuji >=1,<2", {"files": {"wuji_{name}/plugin.toml": "#"}}),
    "a permission that is not named": ("declared", "permissions of plugin.toml", {"hooks": SOUND}),
    "a setting that is not given": ("declared", "settings of plugin.toml", {"manifest": "settings = ['{name}.size']"}),
    "a need that nobody meets": ("needs", "it needs", {"manifest": "needs = ['nobodys_plugin']"}),
    "a table elsewhere": ("tables", "its tables lie in schema", {"before": TABLE.replace("{schema}", "plugin_elsewhere")}),
    "a table without revisions": ("tables", "no folder migrations", {"before": TABLE}),
    "a model that does not fit together": ("tables", "Nowhere", {
        "before": TABLE.replace("import Mapped", "import Mapped, relationship") + RELATED,
        "files": {"wuji_{name}/migrations/README": ""}}),
    "a function elsewhere": ("tables", "outside schema", {"files": {"wuji_{name}/functions.sql": (
        "-- to: wuji_app\ncreate function wuji.steal() returns int language sql as\n$$ select 1 $$;\n")}}),
    "a live topic of nothing": ("declared", "neither a kind nor a body", {"hooks": LIVE.format("")}),
    "a live topic of what is never recorded": ("declared", "weather.day is recorded", {
        "hooks": LIVE.format(", kinds=frozenset({'weather.day'})")}),
    "a live topic for nobody": ("declared", "there is no permission weather.read", {
        "hooks": LIVE.format(", kinds=frozenset({'tenant'}), permission='weather.read'")}),
    "a live topic whose body nobody reads": ("declared", "is no function live_of_", {
        "hooks": LIVE.format(", body='wuji.live_of_jobs'")}),
    "texts in one language only": ("texts", "only one language", {"files": {"locales/en.json": '{"a": "b"}'}}),
    "texts that are no texts": ("texts", "Expecting value", {"files": {"locales/en.json": "a: b"}}),
    "a page whose name no catalogue has": ("texts", ".nowhere", {"hooks": (
        "@hook\ndef wuji_ui(self):\n"
        "    page = Page(surface='portal', path='', component='Home', title=f'{self.name}.nowhere')\n"
        "    return (Ui(module='index.js', pages=(page,)),)")}),
    "a list whose export has no words": ("texts", ".list.things.name", {"hooks": ROUTES, "before": LIST}),
    "a sensitive feature that plugin.toml does not have": ("declared", "no such [[sensitive]]", {"hooks": (
        "@hook\ndef wuji_ui(self):\n"
        "    slot = Slot(surface='portal', name='me', component='Rank', sensitive=f'{self.name}.ranking')\n"
        "    return (Ui(module='index.js', slots=(slot,)),)")}),
    "a route of a sensitive feature that plugin.toml does not have": ("declared", "no such [[sensitive]]", {
        "hooks": ROUTES, "before": ROUTE.replace('permission="public"', 'permission="public", sensitive="{name}.ranking"'
        ).replace("{path}", "/tenants/<tenant_code>/{name}/ranks")}),
    "a sensitive feature without a name": ("manifest", "is not 2 to 31 small letters", {
        "manifest": "[[sensitive]]\nid = '排行'\n[sensitive.name]\nzh-CN = '排'\nen = 'R'"}),
    "a sensitive feature named twice": ("manifest", "named twice", {
        "manifest": 2 * "[[sensitive]]\nid = 'rank'\n[sensitive.name]\nzh-CN = '排'\nen = 'R'\n"}),
    "a route outside its place": ("declared", "its routes lie below", {"hooks": ROUTES, "before": ROUTE.replace(
        "{path}", "/tenants/<tenant_code>/settings")}),
    "routes in another's name": ("declared", "its feature is Feature", {"hooks": ROUTES, "before": ROUTE.replace(
        "{path}", "/tenants/<tenant_code>/x").replace("{feature}", "tenancy")}),
}  # fmt: skip
MANIFESTS = {
    "no toml": ("id = ", "plugin.toml"),
    "an unknown field": ('id = "{name}"\ncolour = "red"', "colour"),
    "a version that is none": ('version = "one"', "version or wuji"),
    "a level that is none": ('levels = ["moon"]', "levels"),
    "another id": ('id = "somebody"', "the entry point calls it"),
    "an id that no address takes": ('id = "Über"', "small letters"),
    "a permission of somebody else": ('permissions = ["tenancy.tenant.add"]', "begin with"),
    "a need of itself": ('needs = ["{name}"]', "needs itself"),
}


def fill(name, given):
    """{name}, {schema}, {feature} stand for what belongs to the plugin."""
    text = given.replace("{schema}", f"plugin_{name}").replace("{feature}", name)
    return text.replace("{name}", name).replace("'{}.", f"'{name}.")


@pytest.mark.parametrize("case", CASES)
def test_one_is_out_and_the_others_are_in(workshop, case):
    cause, said, given = CASES[case]
    name = f"p{abs(hash(case)) % 10**8}"
    broken = {key: fill(name, value) if isinstance(value, str) else dict(value) for key, value in given.items()}
    sound = workshop.write()
    workshop.write(**broken, name=name)
    if case == "another release":
        path = workshop.folder / name / f"wuji_{name}" / "plugin.toml"
        sounds = workshop.folder / sound / f"wuji_{sound}" / "plugin.toml"
        path.write_text(sounds.read_text().replace(sound, name).replace(">=1,<2", ">=2"))
        said = "works with wuji >=2"
    before = set(Model.metadata.tables)
    found = workshop.load()
    assert [plugin.id for plugin in found] == [sound]
    out = found.quarantined[0]
    assert (out.id, out.cause) == (name, cause), out.detail
    assert said in out.detail
    assert set(Model.metadata.tables) == before
    Model.registry.configure()  # and nothing of it is left among the mappers


@pytest.mark.parametrize("case", MANIFESTS)
def test_a_manifest_that_cannot_be_used(workshop, case):
    text, said = MANIFESTS[case]
    name = workshop.write()
    path = workshop.folder / name / f"wuji_{name}" / "plugin.toml"
    key = text.partition(" =")[0]
    kept = [line for line in path.read_text().splitlines() if not line.startswith(f"{key} =")]
    path.write_text("\n".join([text.replace("{name}", name), *kept]))
    out = workshop.load().quarantined[0]
    assert (out.id, out.cause) == (name, "manifest")
    assert said in out.detail
    assert "plugin.toml" in out.detail


@pytest.mark.parametrize("taken", ["search", "settings", "plugin-rules", "governance", "x", "cards"])
def test_a_name_of_the_core_is_taken(workshop, taken):
    workshop.write(name=taken.replace("-", "_"))
    found = workshop.load()
    if "-" in taken:  # no id can be written so
        assert not found.quarantined
    else:
        assert (found.quarantined[0].id, found.quarantined[0].cause) == (taken, "name" if taken != "x" else "manifest")


@pytest.mark.parametrize(
    ("point", "said"),
    [
        ("wuji_{name}", "must be wuji_"),
        ("somewhere:plugin", "must be wuji_"),
        ("not an entry point", "no entry point"),
    ],
)
def test_an_entry_point_that_leads_nowhere(workshop, point, said):
    name = workshop.write()
    path = workshop.folder / name / "pyproject.toml"
    path.write_text(path.read_text().replace(f"wuji_{name}:plugin", point.replace("{name}", name)))
    assert said in workshop.load().quarantined[0].detail


@pytest.mark.parametrize(
    "content", [b"\xff", b"[project", b"project = 1", b'[project.entry-points]\n"wuji.plugins" = "x"']
)
def test_a_project_file_that_cannot_be_read(workshop, content):
    name, path = workshop.write(), workshop.folder / "broken" / "pyproject.toml"
    path.parent.mkdir()
    path.write_bytes(content)
    found = workshop.load()
    assert [plugin.id for plugin in found] == [name]
    (out,) = found.quarantined
    assert (out.id, out.cause) == ("broken", "manifest")
    assert out.detail.startswith(f"{path} cannot be read: ")


def test_needs_come_first_and_fall_together(workshop):
    base = workshop.write(name="pz_base")
    middle = workshop.write(manifest=f"needs = ['{base}']", name="py_middle")
    top = workshop.write(manifest=f"needs = ['{middle}']", name="px_top")
    found = workshop.load()
    assert [plugin.id for plugin in found] == [base, middle, top]
    left = found.without([Quarantined(base, "schema", "not installed")])
    assert list(left) == []
    assert {one.id: one.cause for one in left.quarantined} == {base: "schema", middle: "needs", top: "needs"}


def test_a_circle_of_needs(workshop):
    one, other = workshop.write(manifest="needs = ['pb_other']", name="pa_one"), "pb_other"
    workshop.write(manifest=f"needs = ['{one}']", name=other)
    found = workshop.load()
    assert list(found) == []
    assert {out.cause for out in found.quarantined} == {"needs"}


def test_the_platform_serves(workshop, serve):
    workshop.write(before="import weather_of_yesterday")
    app = serve(workshop.load())
    assert app.test_client().get("/healthz/live").status_code == 200
    assert app.test_client().get("/api/v1/tenants").status_code == 200
