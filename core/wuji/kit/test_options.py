"""Options: every variable converted, every mistake named in one error, no secret shown anywhere."""

import secrets
from base64 import b64encode, urlsafe_b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuji.kit.option_values import decode_key
from wuji.kit.options import FIELDS, BadOption, Options, describe, load

KEY = secrets.token_hex(32)
URLS = {
    "WUJI_DATABASE_URL": "postgresql+psycopg://wuji_app:hush@db:5432/wuji",
    "WUJI_SYSTEM_DATABASE_URL": "postgresql://wuji_system:hush@/wuji?host=/run/postgresql",
    "WUJI_SEAL_KEY": KEY,
    "WUJI_BROKER_URL": "valkey://broker",
}


def test_defaults():
    options = load({"PATH": "/bin"})
    assert options == Options()
    assert options.home == Path(".wuji").absolute()
    assert options.files_dir == options.home / "files"
    assert (options.plugins_dir.parent / "core" / "wuji").is_dir()
    assert options.packs_dir == options.plugins_dir.parent / "tenants"
    assert (options.base_url, options.mode, options.embedded) == ("http://127.0.0.1:8000", "production", True)
    assert (options.web_processes, options.web_threads, options.log_level) == (1, 4, "info")


def test_everything_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = load(
        {
            **URLS,
            "WUJI_HOME": "state",
            "WUJI_MODE": "demo",
            "WUJI_HOST": "0.0.0.0",  # noqa: S104 — a value, nothing listens
            "WUJI_PORT": "80",
            "WUJI_BASE_URL": "https://wuji.example:8443/",
            "WUJI_OWNER_DATABASE_URL": "postgresql://wuji_owner@db/wuji",
            "WUJI_BROKER_URL": "redis+socket:///run/valkey.sock",
            "WUJI_FILES_DIR": "blobs",
            "WUJI_PLUGINS_DIR": "/srv/plugins",
            "WUJI_PACKS_DIR": "packs",
            "WUJI_WEB_PROCESSES": "2",
            "WUJI_WEB_THREADS": "8",
            "WUJI_LOG_LEVEL": "debug",
        }
    )
    assert (options.home, options.files_dir) == (tmp_path / "state", tmp_path / "blobs")
    assert options.packs_dir == tmp_path / "packs"
    assert (options.plugins_dir, options.port, options.web_threads) == (Path("/srv/plugins"), 80, 8)
    assert (options.base_url, options.embedded) == ("https://wuji.example:8443", False)


def test_an_empty_variable_counts_as_unset():
    assert load({"WUJI_PORT": "", "WUJI_MODE": "", "WUJI_NO_SUCH": ""}) == Options()


def test_base_url_follows_host_and_port():
    assert load({"WUJI_PORT": "8123"}).base_url == "http://127.0.0.1:8123"
    assert load({"WUJI_HOST": "::1"}).base_url == "http://[::1]:8000"
    assert load({"WUJI_HOST": "localhost"}).base_url == "http://localhost:8000"


BAD = {
    "WUJI_PORT": ("80x", "'80x' is not a whole number from 1 to 65535"),
    "WUJI_WEB_THREADS": ("0", "a whole number from 1 to 256"),
    "WUJI_MODE": ("test", "'test' is not one of demo, development, production"),
    "WUJI_LOG_LEVEL": ("loud", "one of debug, error, info, warning"),
    "WUJI_DATABSE_URL": ("x", "there is no such option; did you mean WUJI_DATABASE_URL?"),
    "WUJI_QQQQQQ": ("x", "there is no such option; remove it"),
    "WUJI_BASE_URL": ("http://wuji.example", "plain http is for loopback only"),
    "WUJI_DATABASE_URL": ("mysql://a:b@c/d", "postgresql://login:password@host:port/database"),
    "WUJI_BROKER_URL": ("kafka://x", "it must start with one of amqp, amqps"),
    "WUJI_LIMITS_URL": ("amqp://x", "it must start with one of redis, redis+socket"),
    "WUJI_RATE_LIMITS": ("-1", "a whole number from 0 to 100000"),
    "WUJI_SEAL_KEY": ("abcd", "it holds 2 bytes, at least 32 are needed"),
}


def test_one_error_names_every_bad_variable():
    with pytest.raises(BadOption) as caught:
        load({name: text for name, (text, _) in BAD.items()})
    lines = {line.split(":")[0].strip(): line for line in str(caught.value).splitlines()[1:]}
    assert lines.keys() == BAD.keys()
    for name, (_, words) in BAD.items():
        assert words in lines[name]


@pytest.mark.parametrize(
    ("url", "embedded"),
    [
        ("postgresql://wuji_replication@/wuji", True),
        ("postgresql://wuji_replication@db/wuji", False),
        ("postgresql://wuji_replication@/wuji?host=/run/postgresql", False),
    ],
)
def test_whoever_names_no_server_follows_the_embedded_one(url, embedded):
    broker = {} if embedded else {"WUJI_BROKER_URL": "redis://h"}
    assert load({"WUJI_REPLICATION_DATABASE_URL": url, **broker}).embedded is embedded
    assert not load({**URLS, "WUJI_REPLICATION_DATABASE_URL": url}).embedded


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"WUJI_HOST": "10.1.2.3"}, "WUJI_BASE_URL: 'http://10.1.2.3:8000'"),
        ({"WUJI_BASE_URL": "https://a/b"}, "WUJI_BASE_URL: it names only scheme, host and port"),
        ({"WUJI_BASE_URL": "wuji.example"}, "WUJI_BASE_URL: it must read https://name"),
        ({"WUJI_BASE_URL": "https://[::1"}, "WUJI_BASE_URL: it is no well-formed URL"),
        ({**URLS, "WUJI_BROKER_URL": ""}, "WUJI_BROKER_URL: set it too"),
        ({"WUJI_OWNER_DATABASE_URL": "postgresql://o@h/d"}, "WUJI_BROKER_URL: set it too"),
        ({**URLS, "WUJI_SYSTEM_DATABASE_URL": URLS["WUJI_DATABASE_URL"]}, "must name different logins"),
        ({**URLS, "WUJI_SEAL_KEY": ""}, "WUJI_SEAL_KEY: set it"),
        ({"WUJI_SEAL_KEY": "ключ" * 20}, "WUJI_SEAL_KEY: it is neither hex nor base64"),
        ({"WUJI_TRACES_URL": "grpc://collector:4317"}, "WUJI_TRACES_URL: it must read http://host:4318"),
        ({"WUJI_TRACES_URL": "http://me:hush@collector:4318"}, "stands in OTEL_*"),
        ({"WUJI_BACKUP_URL": "s3://a:b@backups/x"}, "WUJI_BACKUP_URL: it must be a folder, or read s3://bucket/prefix"),
        ({"WUJI_BACKUP_URL": "s3://backups?style=virtua"}, "?style=path"),
        ({"WUJI_PORT": "65536"}, "'65536'"),
        ({"WUJI_MODE": "\udcff\n"}, r"'\udcff\n'"),
    ],
)
def test_a_mistake_says_how_to_mend_it(environ, words):
    with pytest.raises(BadOption, match="These options cannot be used") as caught:
        load(environ)
    assert words in str(caught.value)


def test_a_collector_is_named_by_us_or_for_every_program_of_the_machine(monkeypatch):
    common = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://common:4318"}
    assert load(common).traces_url == "http://common:4318"
    assert load({**common, "WUJI_TRACES_URL": "http://ours:4318"}).traces_url == "http://ours:4318"
    for module in ("wuji.kit.options", "wuji.kit.option_values"):
        monkeypatch.setattr(f"{module}.find_spec", lambda _name: None)
    assert load(common).traces_url == ""
    with pytest.raises(BadOption, match=r"WUJI_TRACES_URL: .* `pip install 'wuji\[otel\]'`"):
        load({"WUJI_TRACES_URL": "http://ours:4318"})


def test_secrets_are_never_shown():
    options = load({**URLS, "WUJI_BROKER_URL": "redis://:hush@h"})
    shown = repr(options) + str(list(options.__rich_repr__()))
    assert "hush" not in shown
    assert KEY not in shown
    assert "host='127.0.0.1'" in shown
    for name, text in {"DATABASE_URL": "hush://[hush", "BROKER_URL": "hush://hush", "SEAL_KEY": "hush"}.items():
        with pytest.raises(BadOption) as caught:
            load({f"WUJI_{name}": text})
        assert "hush" not in str(caught.value)
        assert caught.value.__context__ is None


def test_describe_names_every_field_once():
    described = describe()
    assert [one.name for one in described] == [f"WUJI_{name.upper()}" for name in FIELDS]
    assert all(one.description for one in described)
    kinds = {one.name: (one.type, one.default) for one in described}
    assert kinds["WUJI_PORT"] == ("a whole number from 1 to 65535", "8000")
    assert kinds["WUJI_FILES_DIR"] == ("a path", "WUJI_HOME/files")
    assert kinds["WUJI_SEAL_KEY"] == ("text", "")


@given(st.binary(min_size=32, max_size=70))
def test_a_key_reads_back_from_hex_and_base64(key):
    for text in (key.hex(), b64encode(key).decode(), urlsafe_b64encode(key).decode().rstrip("=")):
        if set(text) <= set("0123456789abcdef") and text != key.hex():
            continue  # base64 that happens to be all hex digits is read as hex
        assert decode_key(text) == key


@given(
    st.dictionaries(st.sampled_from([*BAD, "WUJI_HOST", "WUJI_HOME"]), st.text(st.characters(exclude_characters="\0")))
)
def test_nonsense_is_refused_or_accepted_but_never_breaks(environ):
    try:
        options = load(environ)
    except BadOption:
        return
    assert options.home.is_absolute()
    assert options.base_url.startswith(("http://", "https://"))
