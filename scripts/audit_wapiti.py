"""wapiti over the running product, as a manager and as nobody: it must find nothing.

It walks one partner and everything that is there once; the other partners are the same pages again. Left out is what
would end the walk itself: signing out, ending sessions, closing one's own account, and removing the demo.
"""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from audit_house import ROOT, TOOLS, House

LOCK = ROOT / "requirements" / "wapiti.txt"
#: What wapiti does by itself, and beside it: forged requests, header lines, other methods, LDAP, old holes, slow SQL.
MODULES = "common,csrf,crlf,methods,htaccess,ldap,shellshock,timesql"
LEFT_OUT = ("/accounts/logout/*", "/accounts/signed-in/*", "/demo/*")
#: Seconds: for the walk, and for each kind of attack.
WALK, ATTACK = "90", "30"
#: What wapiti calls a finding and is none: its kind, where, and the reason.
NONE_OF_OURS = (
    # Partners' pages know no cookie and no session: who can send the form holds the link, and that is the only key
    # there is (docs/decisions/0006). A token in the form would have to hang on a cookie and would guard nothing.
    ("Cross Site Request Forgery", "/p/"),
    # The audit speaks plain http on loopback. Over https both cookies are Secure: tests/web/test_headers.py.
    ("Secure Flag cookie", "/"),
    # Nothing here speaks LDAP. The file of what is held about a person tells the second at which it was made: two
    # answers to two guesses differ when a second passes between them.
    ("LDAP Injection", "/p/"),
    # An answer that took long: of the machine that is walked and walks at once, not of the page.
    ("Resource consumption", "/"),
)


def put_in_place() -> Path:
    """Install what wapiti.txt pins into an environment of its own, unless it is there; return the command."""
    folder = TOOLS / "wapiti"
    stamp = folder / "lock.txt"
    if not stamp.exists() or stamp.read_bytes() != LOCK.read_bytes():
        uv = str(Path(sys.executable).parent / "uv")
        subprocess.run(
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)], check=True
        )
        install = [uv, "pip", "install", "--quiet", "--python", str(folder / "bin" / "python")]
        subprocess.run([*install, "--require-hashes", "-r", str(LOCK)], check=True)
        stamp.write_bytes(LOCK.read_bytes())
    return folder / "bin" / "wapiti"


def attack(command: Path, house: House, who: str) -> dict[str, Any]:
    """One walk with all attacks; wapiti's report."""
    out = TOOLS / "wapiti.json"
    out.unlink(missing_ok=True)
    manager = who == "a manager"
    asked = [str(command), "-u", f"{house.address}/", "-s", f"{house.address}/accounts/login/"]
    asked += ["--scope", "folder", "-d", "6", "--max-files-per-dir", "12", "--max-links-per-page", "60"]
    asked += [
        "--max-scan-time",
        WALK,
        "--max-attack-time",
        ATTACK,
        "-m",
        MODULES,
        "-v",
        "0",
        "--no-bugreport",
    ]
    asked += ["--flush-session", "--store-session", str(TOOLS / "sessions"), "-f", "json", "-o", str(out)]
    if manager:  # partners' pages look at no session: they are met as nobody
        asked += ["--cookie-value", f"sessionid={house.session}", "-s", f"{house.address}/today/"]
    else:
        asked += ["-s", f"{house.address}/p/{house.token}/"]
    left_out = [*LEFT_OUT, *(["/p/*"] if manager else ()), *(f"/partners/{slug}/*" for slug in house.others)]
    for path in left_out:
        asked += ["-x", house.address + path]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    if not out.exists():
        sys.exit(f"wapiti wrote no report: {(done.stderr or done.stdout).strip()[-800:]}")
    report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return report


def refuses_forged(house: House, path: str) -> bool:
    """Whether a request with a forged mark is refused there.

    Wapiti compares the answers to its own request and to a forged one: where both are refused it takes them for a yes.
    """
    headers = {"Cookie": f"sessionid={house.session}; csrftoken={'x' * 32}"}
    forged = urllib.request.Request(  # noqa: S310 - the audit's own house
        house.address + path, data=b"csrfmiddlewaretoken=" + b"y" * 32, headers=headers
    )
    try:
        urllib.request.urlopen(forged).close()  # noqa: S310 - the same
    except urllib.error.HTTPError as answer:
        return answer.code == 403
    return False


def findings(report: dict[str, Any], refused: Callable[[str], bool]) -> list[str]:
    """What it found, each once: vulnerabilities and anomalies (a 500 is one). `refused` says of a path whether a
    forged request is refused there."""
    told = (
        f"{kind}: {one['method']} {one['path']} {one['parameter'] or ''}: {one['info']}"
        for part in ("vulnerabilities", "anomalies")
        for kind, found in report[part].items()
        for one in found
        if not any(kind == known and one["path"].startswith(where) for known, where in NONE_OF_OURS)
        and not ("not properly checked" in one["info"] and refused(one["path"]))
    )
    return sorted(set(told))


def audit(house: House) -> list[str]:
    """Attack as nobody and as a manager, say how much was walked; return what was found."""
    command = put_in_place()
    problems = []
    for who in ("nobody", "a manager"):
        report = attack(command, house, who)
        found = findings(report, partial(refuses_forged, house))
        walked = report["infos"].get("crawled_pages_nbr", 0)
        print(f"wapiti as {who}: {walked} addresses and forms, {len(found)} findings", flush=True)
        if walked < (100 if who == "a manager" else 10):
            problems.append(f"wapiti as {who}: walked only {walked} addresses; was it signed in?")
        problems += [f"wapiti as {who}: {one}" for one in found]
    return problems
