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
UNFOLD = "document.querySelectorAll('details:not(.chip-menu)').forEach(one => { one.open = true; })"


def faults(page: Page, *, menus: bool = True) -> list[str]:
    """What axe finds on the page, on a desk and on a phone, in light and in dark; all that unfolds is unfolded on the
    phone. With `menus` also in each menu, opened."""
    page.evaluate(SOURCE)
    found = []
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        if size is PHONE:
            page.evaluate(UNFOLD)
        for scheme, rules in (("light", EVERYTHING), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme)
            told = page.evaluate(LOOK, [rules, False])
            if menus and size is PHONE:
                told += page.evaluate(LOOK, [rules, True])
            found += [f"{scheme}, {size['width']}: {fault}" for fault in told]
    page.set_viewport_size(DESK)
    return found
