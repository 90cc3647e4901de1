"""Can a tree's own colours be read? Contrast by WCAG 2.2 (1.4.3), asked where a pack is read and not when people cannot read."""

from collections.abc import Mapping

from wuji.tenancy.packs.finding import Findings
from wuji.tenancy.packs.reading import toml_line

LEAST = 4.5
# What a theme leaves as it is, from frontend/src/kit/tokens.css.
USUAL: Mapping[str, Mapping[str, str]] = {
    "light": {"brand": "#0f625d", "on-brand": "#ffffff", "bg-page": "#f4f7f6"},
    "dark": {"brand": "#5fd0c2", "on-brand": "#04211f", "bg-page": "#071a1d"},
}
PAIRS = (("on-brand", "brand"), ("brand", "bg-page"))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of #rrggbb, 0 to 1."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)  # noqa: PLR2004 - the standard's
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def check_colours(theme: Mapping[str, Mapping[str, str]], text: str, file: str, findings: Findings) -> None:
    """An error for each pair that cannot be read, at the line of the colour that the pack gives."""
    for ground, given in theme.items():
        colours = {**USUAL[ground], **given}
        for ink, paper in PAIRS:
            found = contrast(colours[ink], colours[paper])
            named = [name for name in (ink, paper) if name in given]
            if found < LEAST and named:
                findings.error(
                    file,
                    toml_line(text, [ground, named[0]]),
                    f"{ink} {colours[ink]} on {paper} {colours[paper]} has a contrast of {found:.1f}:1, at least 4.5:1 is "
                    f"needed; make one of them darker or lighter",
                )
