import pytest
from werkzeug.http import parse_options_header

from wuji.kit.http.download import disposition

NAMES = [
    ("tips.csv", "file.csv"),
    ("农话-2026.xlsx", "file.xlsx"),
    ('a"; filename=evil.exe', "file.exe"),
    ('a";x.pdf', "file.pdf"),
    ("a\r\nSet-Cookie: x.txt", "file.txt"),
    ("x.y-z", "file"),
    (".profile", "file"),
    ("noending", "file"),
    ("100%.csv", "file.csv"),
]


@pytest.mark.parametrize(("name", "plain"), NAMES)
def test_a_name_cannot_leave_its_place(name, plain):
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    first, _, rest = header.partition("; filename*=")
    assert first == f'attachment; filename="{plain}"'
    kind, options = parse_options_header(f"attachment; filename*={rest}")
    assert (kind, options) == ("attachment", {"filename": name})
