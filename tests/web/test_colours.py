"""The colours keep the contrast that was promised: WCAG 2, over each ground they stand on, light and dark."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
COLOURS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", TOKENS)
}
GROUNDS = ("paper", "surface", "sunken")
STATES = ("late", "due", "waiting", "prm-paused", "prm-failed", "steady", "planned")


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "grounds", "least"),
    [
        ("ink", (*GROUNDS, "tint"), (12.9, 10.1)),
        ("ink-2", (*GROUNDS, "tint"), (6.8, 7.3)),
        ("muted", (*GROUNDS, "tint"), (4.7, 4.9)),
        ("brand", (*GROUNDS, "tint"), (7.1, 6.3)),
        ("brand-hover", (*GROUNDS, "tint"), (9.6, 7.9)),
        ("on-brand", ("brand",), (8.6, 9.6)),
        ("edge", GROUNDS, (3.3, 3.4)),
        *((state, (f"{state}-back",), (6.2, 7.1)) for state in STATES),
        *((state, GROUNDS, (6.2, 7.8)) for state in STATES),
    ],
)
def test_text_stands_out_from_its_ground(text, grounds, least, scheme):
    found = min(contrast(COLOURS[text][scheme], COLOURS[ground][scheme]) for ground in grounds)
    assert round(found, 1) >= least[scheme]
