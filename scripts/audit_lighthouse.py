"""Lighthouse on eight pages, three times each: the median must be 100, 100 and at least 90.

Lighthouse's own phone (a middling one on slow 4G, four times slower than this machine) is harder than its desk: what
holds there holds on a desk. Figures that hold are kept in benchmarks/lighthouse.json. With CI=true each page is looked
at once and its speed is left out: what else that machine does at the time is nobody's fault here.
"""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from audit_house import ROOT, TOOLS, House

CI = os.environ.get("CI") == "true"
TIMES = 1 if CI else 3
#: On a busy machine the browser now and then loses its own trace; Lighthouse says then: run me again.
TRIES = 3
#: The page, the name of its route and its address; the signed-in session is sent with those of the desk.
PAGES = (
    ("Sign in", "account_login", "/accounts/login/"),
    ("Today", "today", "/today/"),
    ("Partners", "partners", "/partners/"),
    ("A partner", "partner", "/partners/{slug}/"),
    ("Outlook", "outlook", "/outlook/"),
    ("Outbox", "outbox", "/outbox/"),
    ("Look up", "look-up", "/search?q=house"),
    ("We are full", "portal-full", "/p/{token}/full"),
)
OPEN = {"account_login", "portal-full"}
WANTED = {"accessibility": 100, "best-practices": 100} | ({} if CI else {"performance": 90})
SWITCHES = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
KEPT = ROOT / "benchmarks" / "lighthouse.json"
Figures = dict[str, int]


def put_in_place() -> Path:
    """Install what package-lock.json pins, unless it is there; return the command."""
    folder = TOOLS / "node"
    lock, there = ROOT / "requirements" / "audit" / "package-lock.json", folder / "package-lock.json"
    if not there.exists() or there.read_bytes() != lock.read_bytes():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        shutil.copy(lock.with_name("package.json"), folder)
        shutil.copy(lock, folder / "lock.json")
        (folder / "lock.json").rename(there)
        environment = os.environ | {"PUPPETEER_SKIP_DOWNLOAD": "1"}  # Debian's Chromium is used
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
        if subprocess.run(command, cwd=folder, env=environment, check=False).returncode:
            there.unlink()
            sys.exit("npm could not install Lighthouse; its words stand above.")
    return folder / "node_modules" / "lighthouse" / "cli" / "index.js"


def look(command: Path, address: str, cookie: str) -> dict[str, Any]:
    """One run over one page: Lighthouse's whole report."""
    out, headers = TOOLS / "page.json", TOOLS / "headers.json"
    headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
    asked = ["node", str(command), address, "--quiet", "--output=json", f"--output-path={out}"]
    asked += [
        f"--only-categories={','.join(WANTED)}",
        f"--extra-headers={headers}",
        f"--chrome-flags={SWITCHES}",
    ]
    environment = os.environ | {"CHROME_PATH": shutil.which("chromium") or ""}
    command_line = [*asked, "--no-enable-error-reporting"]
    for _ in range(TRIES):
        done = subprocess.run(command_line, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            break
    headers.unlink()
    if done.returncode:
        sys.exit(f"Lighthouse could not look at {address.partition('/p/')[0]}: {done.stderr.strip()[-500:]}")
    report: dict[str, Any] = json.loads(out.read_text())
    out.unlink()
    return report


def scores(report: dict[str, Any]) -> Figures:
    return {name: round(100 * (report["categories"][name]["score"] or 0)) for name in WANTED}


def shortcomings(report: dict[str, Any]) -> list[str]:
    """The audits that cost points, in Lighthouse's words."""
    refs = [ref for one in report["categories"].values() for ref in one["auditRefs"] if ref["weight"]]
    audits = (report["audits"][ref["id"]] for ref in refs)
    return sorted({one["title"] for one in audits if one["score"] is not None and one["score"] < 0.9})


def audit(house: House) -> list[str]:
    """Look at all pages and print the table; keep the figures where they hold, else return what does not."""
    command = put_in_place()
    figures: dict[str, Figures] = {}
    problems: list[str] = []
    print(f"{'':<14}" + "".join(f"{name:>16}" for name in WANTED), flush=True)
    for title, route, path in PAGES:
        address = house.address + path.format(slug=house.slug, token=house.token)
        cookie = "" if route in OPEN else f"sessionid={house.session}"
        reports = [look(command, address, cookie) for _ in range(TIMES)]
        found = {name: int(median(scores(report)[name] for report in reports)) for name in WANTED}
        figures[title] = found
        print(f"{title:<14}" + "".join(f"{found[name]:>16}" for name in WANTED), flush=True)
        if any(found[name] < least for name, least in WANTED.items()):
            problems.append(f"Lighthouse, {title}: {found}; {', '.join(shortcomings(reports[-1]))}")
    if not problems and not CI:
        keep(figures, reports[-1]["lighthouseVersion"])
    return problems


def keep(figures: dict[str, Figures], version: str) -> None:
    kept = {
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "lighthouse": version,
        "preset": "mobile",
        "median_of": TIMES,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "pages": figures,
    }
    KEPT.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
