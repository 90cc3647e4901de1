"""What docs/connect-your-application.md shows is what works: its programs are run as they stand there, with another address."""

import re
from pathlib import Path

import pytest

from .conftest import told

DOC = Path(__file__).parents[3] / "docs" / "connect-your-application.md"
EXAMPLE, EASY = "https://wuji.example", ", undefined, { execute: [client.allowInsecureRequests] })"


def snippet(language, web, program):
    (code,) = re.findall(rf"```{language}\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
    known = {"wuji_ocs_…": program.secret, "wuji_…": program.client_id, EXAMPLE: f"http://127.0.0.1:{web.port}"}
    for there, here in known.items():
        assert there in code
        code = code.replace(there, here)
    return code


def test_the_program_in_python(oauth, web, monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # of Authlib, which knows no loopback but localhost
    program, names = oauth.program(), {"__name__": "documented"}
    exec(compile(snippet("py", web, program), str(DOC), "exec"), names)  # noqa: S102 - our own documentation
    app = names["app"].test_client()
    asked = app.get("/login").location.removeprefix(f"http://127.0.0.1:{web.port}")
    browser = oauth.browser("resident")
    page = oauth.get(browser, asked)
    answer = oauth.submit(browser, page, decision="allow", tenant=oauth.world.code["village"])
    done = app.get(answer.location.removeprefix("https://app.example"))
    assert done.json == {"who": str(oauth.world.account["resident"]), "name": "resident"}, told(answer)


def test_the_program_in_javascript(oauth, web, stranger, tmp_path):
    program, world = oauth.program(), oauth.world
    code = snippet("js", web, program).replace(f"'{program.secret}')", f"'{program.secret}'{EASY}")
    (tmp_path / "documented.mjs").write_text(code, encoding="utf-8")
    seen = stranger(
        "documented_run.mjs",
        f"http://127.0.0.1:{web.port}",
        f"wuji-{web.port}={world.cookie['resident']}",
        world.code["village"],
    )
    assert seen == {"who": str(world.account["resident"]), "name": "resident"}


@pytest.mark.parametrize("line", ["issuer-uri", "client-id", "client-secret", "scope"])
def test_the_settings_of_spring_are_all_there(line):
    """Not run here: there is no Java. Their names are Spring Security's."""
    assert re.search(
        rf"spring\.security\.oauth2\.client\.(provider|registration)\.wuji\.{line}=", DOC.read_text(encoding="utf-8")
    )
