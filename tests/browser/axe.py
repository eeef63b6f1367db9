"""axe-core in a page: what it finds against the rules of WCAG 2.2 A and AA, and against good practice."""

from pathlib import Path

from playwright.sync_api import Page

VENDOR = Path(__file__).parent / "vendor"
SOURCE = (VENDOR / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
EVERYTHING = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
#: The rules about colours: all that can change with light and dark.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
#: Run the rules over the page; over each menu by itself, opened, where `menus` is true.
LOOK = """async ([rules, menus]) => {
    const told = [];
    const look = async (place) => {
        const found = await axe.run(place, {runOnly: rules, resultTypes: ["violations"]});
        for (const rule of found.violations) for (const node of rule.nodes)
            told.push(`${rule.id} (${node.target.join(" ")}): ${node.failureSummary.split("\\n")[1].trim()}`);
    };
    if (!menus) await look(document);
    else for (const menu of document.querySelectorAll("details.chip-menu")) {
        menu.open = true;
        await look(menu);
        menu.open = false;
    }
    return told;
}"""
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
#: A desk at 200 %: a browser gives the page half as many of its own pixels.
ZOOMED = {"width": 720, "height": 450}
#: A desk of 1280 at 400 %: nothing may have to be moved sideways (WCAG 1.4.10).
NARROWEST = {"width": 320, "height": 256}
UNFOLD = "document.querySelectorAll('details:not(.chip-menu)').forEach(one => { one.open = true; })"
#: What stands out to the right of the page.
OUTSTANDING = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.body.querySelectorAll("*")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 3)
    .map(one => `stands out: ${one.localName}.${one.className}`)"""


def faults(page: Page, *, menus: bool = True) -> list[str]:
    """What axe finds on the page, on a desk, there at 200 %, and on a phone; in light, and in dark whatever has to do
    with colours; and what stands out sideways, down to 400 %. On the phone all is unfolded; with `menus` each menu is
    opened there by itself."""
    page.evaluate(SOURCE)
    found = []
    for size in (DESK, ZOOMED, PHONE, NARROWEST):
        page.set_viewport_size(size)
        told = page.evaluate(OUTSTANDING)
        if size is PHONE:
            page.evaluate(UNFOLD)
            told += page.evaluate(OUTSTANDING)
        if size is not NARROWEST:
            told += look(page, menus=menus and size is PHONE, dark=size is not ZOOMED)
        found += [f"{size['width']}: {fault}" for fault in told]
    page.set_viewport_size(DESK)
    return found


def look(page: Page, *, menus: bool, dark: bool) -> list[str]:
    """What axe finds on the page as it is."""
    found = []
    for scheme, rules in (("light", EVERYTHING), ("dark", COLOURS))[: 1 + dark]:
        page.emulate_media(color_scheme=scheme)
        told = page.evaluate(LOOK, [rules, False])
        if menus:
            told += page.evaluate(LOOK, [rules, True])
        found += [f"{scheme}, {fault}" for fault in told]
    return found
