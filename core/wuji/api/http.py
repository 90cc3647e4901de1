"""What a plugin's routes are made of: features, lists, schemas and fields, versions, files handed out."""

from wuji.kit.buckets import Rate
from wuji.kit.http.columns import Asker, Column, List, Rows, Total, level_key
from wuji.kit.http.download import attach, disposition
from wuji.kit.http.etag import asked_version, etag
from wuji.kit.http.fields import Choice, In, Moment, Out, Said, Whole, Words
from wuji.kit.http.limits import within
from wuji.kit.http.lists import serve_list
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call, cookie_name
from wuji.kit.http.route import Answer, Feature
from wuji.kit.http.rows import count_rows, read_all, read_one, read_page
from wuji.kit.http.upload import Upload, too_large

__all__ = [
    "Answer",
    "Asker",
    "Call",
    "Choice",
    "Column",
    "Feature",
    "In",
    "List",
    "Moment",
    "Out",
    "Rate",
    "Rows",
    "Said",
    "Total",
    "Upload",
    "Whole",
    "Words",
    "asked_version",
    "attach",
    "cookie_name",
    "count_rows",
    "disposition",
    "etag",
    "level_key",
    "read_all",
    "read_locale",
    "read_one",
    "read_page",
    "serve_list",
    "too_large",
    "within",
]
