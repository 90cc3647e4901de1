"""What a pack says about plugins: rules of its root, data of theirs."""

import pytest
from click.testing import CliRunner

from wuji.assembly import make_deployment
from wuji.cli import main

IMPORTS = """
read = []
@hook
def wuji_importers(self):
    def run(session, source):
        if "bad" in source.folder:
            raise ValueError("tips.toml:3: no month has 40 days")
        self.read.append((source.folder, session.actor.tenant_code, dict(source.tenants)))
        return {"made": 2, "changed": 0, "left": 1}
    return (Importer(title=f"{self.name}.title", run=run),)
"""


@pytest.fixture
def plugin(workshop):
    name = f"r{id(workshop) % 10**8}"
    files = {"wuji_{name}/demo/tips.toml": ""}
    return workshop.write(IMPORTS, texts='{"title": "农话 tips"}', files=files, name=name)


@pytest.fixture
def apply(program, workshop, plugin, folder):
    """`wuji tenant apply` by a program that has the plugin."""
    plugins = workshop.load()
    made = program.deployment
    vars(program)["deployment"] = make_deployment(made.options, made.engine, made.seal, plugins)

    def run(*arguments):
        return CliRunner().invoke(main, ["tenant", "apply", str(folder.path), "--yes", *arguments], obj=program)

    run.read = lambda: plugins.by_id[plugin].implementation.read
    return run


def say(folder, text):
    folder.root()
    path = folder.path / "tenant.toml"
    path.write_text(path.read_text() + text)


@pytest.fixture
def rules(server, folder):
    """(code, rule, on, reason) of what stands in the pack's tree."""

    def read():
        with server.connect("wuji_stage", server.shared) as stage:
            found = stage.execute(
                "select c.code, r.rule, r.is_on, r.reason from wuji.plugin_rule r "
                "join wuji.tenant_code c on c.tenant_id = r.tenant_id and c.valid_to is null "
                "where c.code like %s order by 1",
                [f"{folder.code}%"],
            )
            return found.fetchall()

    return read


def test_rules_and_data(apply, folder, plugin, rules):
    say(folder, f"""
[plugins.{plugin}]
rule = "offer"
on = true
reason = "spring"
data = "demo"
[[plugins.{plugin}.except]]
code = "{folder.code}02"
rule = "forbid"
reason = "concrete"
""")  # fmt: skip
    shown = apply("--dry-run")
    assert f"plugin {plugin} at {folder.code}02: forbid" in shown.output, shown.output
    assert rules() == []
    done = apply()
    assert done.exit_code == 0, done.output
    assert "农话 tips: 2 made, 0 changed, 1 left" in done.output
    assert rules() == [(folder.code, "offer", True, "spring"), (f"{folder.code}02", "forbid", None, "concrete")]
    ((where, at, tenants),) = apply.read()
    assert where.endswith(f"wuji_{plugin}/demo")
    assert at == folder.code
    assert set(tenants) == {folder.code, *folder.names}
    again = apply()
    assert "Nothing to do" in again.output
    assert len(apply.read()) == 2  # what a plugin reads is idempotent, and may have changed


def test_data_in_the_pack(apply, folder, plugin):
    (folder.path / plugin).mkdir()
    say(folder, f'[plugins.{plugin}]\nrule = "require"\n')
    done = apply()
    assert done.exit_code == 0, done.output
    assert "is not read" not in done.output
    assert apply.read()[0][0] == str(folder.path / plugin)


def test_a_plugin_that_is_not_served_is_said_and_left_out(apply, folder, rules):
    say(folder, '[plugins.nobodys_plugin]\nrule = "require"\n')
    done = apply()
    assert done.exit_code == 0, done.output
    assert "no plugin nobodys_plugin is served here" in done.output
    assert rules() == []


def test_data_that_cannot_be_read_leave_no_rule(apply, folder, plugin, workshop, rules):
    (workshop.folder / plugin / f"wuji_{plugin}" / "bad").mkdir()
    say(folder, f'[plugins.{plugin}]\nrule = "require"\ndata = "bad"\n')
    done = apply()
    assert done.exit_code == 1
    assert "no month has 40 days" in done.output
    assert rules() == []


@pytest.mark.parametrize(
    "case",
    [
        ('[plugins.{}]\nrule = "perhaps"\n', "require, offer, forbid, inherit"),
        ("[plugins.{}]\non = true\n", "rule is missing"),
        ('[plugins.{}]\nrule = "forbid"\non = true\n', "on goes with the rule offer"),
        (
            '[plugins.{}]\nrule = "offer"\n[[plugins.{}.except]]\ncode = "9999"\nrule = "forbid"\n',
            "no tenant of this pack",
        ),
        ('[plugins.{}]\nrule = "forbid"\nuntil = 2020-01-01\n', "has passed"),
        ('[plugins.{}]\nrule = "forbid"\ndata = "nowhere"\n', "has no folder nowhere"),
    ],
)
def test_what_does_not_fit_names_its_line(apply, folder, plugin, rules, case):
    text, said = case
    say(folder, text.replace("{}", plugin))
    done = apply()
    assert done.exit_code == 1
    assert "tenant.toml:" in done.output
    assert said in done.output
    assert rules() == []
