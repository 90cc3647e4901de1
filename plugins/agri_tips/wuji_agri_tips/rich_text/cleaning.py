"""What people paste becomes HTML of a few tags: no styles, no scripts, no pictures from elsewhere."""

import re

import nh3

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TAGS = frozenset({
    *HEADINGS, "a", "b", "blockquote", "br", "caption", "em", "hr", "img", "li", "ol", "p", "strong", "sub", "sup", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
})  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "img": {"src"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}
SCHEMES = {"http", "https", "tel", "media"}
# A picture of the tip itself, by its number.
OWN = re.compile(r"media:([1-9][0-9]?)")
SPAN = re.compile(r"[1-9][0-9]?")
PASSES = 5
SCOPES = {"col", "row", "colgroup", "rowgroup"}


def clean(html: str) -> str:
    """The same text without anything that is not allowed. What is clean already stays as it is."""
    cleaned = _clean(html)
    for _ in range(PASSES):  # tags that cannot stand in each other are read in another way once they are written out
        again = _clean(cleaned)
        if again == cleaned:
            break
        cleaned = again
    return cleaned


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_keep,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
        strip_comments=True,
    ).strip()


def _keep(tag: str, name: str, value: str) -> str | None:
    """An attribute's value, or None where it goes."""
    match tag, name:
        case "img", "src":
            return value if OWN.fullmatch(value) else None
        case "a", "href":
            return value if value.startswith(("http://", "https://", "tel:")) else None
        case _, "colspan" | "rowspan":
            return value if SPAN.fullmatch(value) else None
        case "th", "scope":
            return value if value in SCOPES else None
    return value
