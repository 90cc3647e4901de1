"""What plugins hand to the core: small frozen records. Fields are added with a default, never changed and never taken away.

Texts are keys of the plugin's own catalogue (`<plugin>.<path>`), unless a field says that it holds what a person wrote.
With `sensitive`, a feature of plugin.toml (`<plugin>.<feature>`), something is there only while the root allows that.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from wuji.kit.db.session import Projector, Recorded, ScopedSession
from wuji.kit.deployment import Deployment
from wuji.kit.storage import Files

Surface = Literal["portal", "console", "screen", "tv"]  # screen: cards only


@dataclass(frozen=True)
class Projection:
    """A projector as a feature declares it. It is told of every record of its kind, and rolls the change back by raising.

    What definer functions record by themselves (sessions, accounts, grants) no projector hears of.
    """

    name: str
    kind: str
    project: Projector


@dataclass(frozen=True)
class Facet:
    """One way to narrow hits of a kind: `<kind>` has values under `name`; `label(locale, value)` says one to a reader."""

    name: str
    title: str
    label: Callable[[str, str], str]


@dataclass(frozen=True, kw_only=True)
class SearchDocument:
    """One row as search knows it now. `tenant_id` and `audience` are the row's own: the core derives who may find it.

    `title` and `body` are plain text (a body of HTML has been stripped of it); `suggest` are further names under which it is
    completed, such as a local word.
    """

    id: str
    version: int
    tenant_id: int
    audience: tuple[int, ...] | None
    title: str
    body: str = ""
    published_at: datetime | None = None
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    suggest: tuple[str, ...] = ()
    lang: str = "zh-CN"
    weight: int = 0  # completions of higher weight come first


@dataclass(frozen=True, kw_only=True)
class SearchKind:
    """Rows that can be found.

    `name` is the kind under which their changes are recorded: a table, of a plugin `<plugin>.<table>`. `read` gives the
    documents of those ids that the session may see and that belong into the index now; an id it leaves out is taken out.
    `scan` goes through the ids of the acting tenant's whole subtree, a chunk at a time, for a rebuild. `path` is where a hit
    leads, below the searcher's place: `x/agri_tips/tips/{id}`; it may take `{id}` and `{code}` (of the row's tenant), and
    begins with `/` where it does not lie below the searcher's place.
    """

    name: str
    title: str
    icon: str
    path: str
    read: Callable[[ScopedSession, Sequence[str]], Sequence[SearchDocument]]
    scan: Callable[[ScopedSession], Iterator[Sequence[str]]]
    facets: tuple[Facet, ...] = ()
    # Words for the same thing, local ones first of all: ("纹枯病", "烂脚瘟", "花脚秆").
    synonyms: tuple[tuple[str, ...], ...] = ()
    # Ids of all documents that a record of this kind changes; None: of its subject alone.
    touched: Callable[[ScopedSession, Recorded], Sequence[str]] | None = None


@dataclass(frozen=True, kw_only=True)
class PublicPage:
    """A page of the portal as it stands in the HTML that is sent. `title`, `description` and `html` are in the page's
    language; `html` has been sanitised and begins below the title, which the host sets as the page's `h1`. `path` is its
    one address below `/<code>/x/<plugin>/`, `code` the tenant's own.
    """

    title: str
    description: str
    html: str
    path: str
    lang: str
    code: str | None = None
    modified_at: datetime | None = None
    image: str | None = None


@dataclass(frozen=True, kw_only=True)
class CardRow:
    """One line of a card, as a person wrote it; `path` leads below `/<code>/x/<plugin>/`, `icon` is one of the published."""

    title: str
    text: str = ""
    note: str = ""
    path: str | None = None
    icon: str | None = None
    lang: str = "zh-CN"
    tone: Literal["", "warn", "bad"] = ""  # on a screen: how urgently somebody has to look


@dataclass(frozen=True, kw_only=True)
class CurveLine:
    """One line of a curve, a value for each label; None: nobody knows. look: `forecast` with what it lies between, `earlier` for
    what it is compared with.
    """

    title: str
    values: tuple[float | None, ...]
    look: Literal["", "forecast", "earlier"] = ""
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A day as a screen shows it. `now` is the place of the present among the labels, `every` says which labels are written."""

    labels: tuple[str, ...]
    lines: tuple[CurveLine, ...]
    unit: str = ""
    now: int | None = None
    every: int = 1


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a plugin shows on the portal's home, on a console's first page, on a screen or on a TV, now and to this reader.

    place: `head` (portal: the one thing of the season, large), `main`, `side`. `title` and `text` are in the reader's language,
    as are `empty` (said where there are no rows; without it a card without rows is not shown) and `more`, the words that
    lead on to `path`. On a screen `head` is a number of today (`text`, with `note` below it), `main` is a curve, and the rows
    of `side` are what needs a person; nothing there is about anybody. On a TV `head` is the one thing to watch (`title` above
    it, `text` large, `note` the sentence below, `picture` beside it, rows as buttons), and each `main` card is a tile: `icon`,
    `title`, and `text` in a few words.
    """

    name: str
    place: Literal["head", "main", "side"]
    title: str
    text: str = ""
    note: str = ""
    rows: tuple[CardRow, ...] = ()
    empty: str = ""
    more: str = ""
    path: str | None = None
    order: int = 100
    curve: Curve | None = None
    live: str = ""  # of its live topics of a tenant, the one that tells when it changes: a screen or TV then asks again
    picture: str | None = None  # where it lies below the plugin's part of the API; shown on a TV
    icon: str | None = None  # one of the published; shown on a TV


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the plugin's ES module: `component` is an export, `path` lies below x/<plugin>/ and may have `:name` parts."""

    surface: Surface
    path: str
    component: str
    title: str
    permission: str | None = None
    sensitive: str | None = None


@dataclass(frozen=True, kw_only=True)
class Menu:
    """A place in the navigation. group: on the console `task organisation modules administration`, on the portal `sections`
    or `tabs` (the phone's bar of four).
    """

    surface: Surface
    group: str
    label: str
    icon: str
    path: str
    order: int = 100
    permission: str | None = None
    sensitive: str | None = None


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A component that stands in a named place of the host's pages: `me` (a person's own page)."""

    surface: Surface
    name: str
    component: str
    order: int = 100
    permission: str | None = None
    sensitive: str | None = None


@dataclass(frozen=True, kw_only=True)
class Ui:
    """What a plugin adds to the front end: one ES module below its `ui/`, loaded when something of it is first shown."""

    module: str
    styles: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()
    menus: tuple[Menu, ...] = ()
    slots: tuple[Slot, ...] = ()
    sdk: str = "1"


@dataclass(frozen=True)
class TenantChange:
    """What happened to a tenant: `add rename recode suspend archive restore move relevel activate deactivate`, the last two
    being the plugin's own switch there: told with the rule or the move that throws it, not on the day on which a stage begins or
    a rule ends.
    """

    what: str
    tenant_id: int


@dataclass(frozen=True, kw_only=True)
class Importer:
    """Reads demo or packed data from a folder of a pack: `tenants/<pack>/<plugin>/`. `run` is idempotent, acts at the root
    of the pack, and returns how many rows it made, changed and left alone. It raises ValueError that names file and line.
    """

    title: str
    run: Callable[[ScopedSession, "ImportSource"], Mapping[str, int]]


@dataclass(frozen=True)
class ImportSource:
    """A folder of data, the tenants of the pack by code, where files are kept, and the deployment, of which a job can be asked
    for what takes long (`add_job`).
    """

    folder: str
    tenants: Mapping[str, int]
    files: Files | None = None
    deployment: Deployment | None = None
