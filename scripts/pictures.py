"""`make pictures`: take the pictures of docs/ from the running product, with its demo and a real browser.

Everything happens in a folder of its own: a fresh installation, the demo, a spreadsheet brought in by hand as
docs/start.md tells it, sending released, and the first mail. So the pictures show what a newcomer sees on that day.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
#: What stands before the link in a mail.
FULL = "We are full for now:"
SPREADSHEET = ROOT / "tests" / "journeys" / "data" / "partners-messy.xlsx"
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
ZONE = "America/New_York"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, port: int) -> dict[str, str]:
    """A fresh installation with nothing set, cut off from `.env`."""
    return os.environ | {
        "PRM_ENV_FILE": os.devnull,
        "PRM_DATA_DIR": str(folder),
        "PRM_TIME_ZONE": ZONE,
        "SECRET_KEY": "only-for-pictures-" + "x" * 40,
        "DEFAULT_FROM_EMAIL": "Partner program <partners@example.org>",
        "PORT": str(port),
        "PRM_SECOND_FACTOR": "optional",  # the pictures go on after an import without a phone at hand
    }


@contextmanager
def installation() -> Iterator[tuple[str, str, dict[str, str]]]:
    """A running PRM with its demo: its address, the password of the first sign-in, and its environment."""
    with tempfile.TemporaryDirectory(prefix="prm-pictures-") as folder:
        port = free_port()
        settings = environment(Path(folder), port)
        for command in (
            "migrate -v0",
            "createcachetable -v0",
            "collectstatic --noinput -v0",
            "demo",
            "first_user",
        ):
            manage(settings, *command.split())
        web = subprocess.Popen([sys.executable, "-m", "gunicorn"], cwd=ROOT, env=settings)
        try:
            wait_for(port)
            told = (Path(folder) / "first-sign-in.txt").read_text()
            yield f"http://localhost:{port}", re.search(r"Password: (\S+)", told)[1], settings  # type: ignore[index]
        finally:
            web.terminate()
            web.wait(30)


def manage(settings: dict[str, str], *command: str) -> None:
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=settings, check=True)


def wait_for(port: int) -> None:
    for _ in range(150):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    sys.exit("the web server did not start")


def sign_in(
    browser: Browser, address: str, password: str, size: dict[str, int], scheme: str = "light"
) -> Page:
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("E-mail").fill("director@example.org")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/today/**")
    return page


def take(page: Page, name: str) -> None:
    """Keep what is on the screen, without the part that one would have to scroll to."""
    page.mouse.move(0, 0)
    page.screenshot(path=PICTURES / f"{name}.png")
    print(f"{name}.png  {page.url}")


def look_around(page: Page, address: str) -> None:
    """The demo: the day, the list, a partner, what will be sent, a letter."""
    page.goto(f"{address}/today/?whose=all")
    take(page, "today")
    page.goto(f"{address}/partners/")
    take(page, "partners")
    page.get_by_role("link", name="Corran County Sheriff’s Office").first.click()
    take(page, "partner")
    page.goto(f"{address}/outlook/")
    take(page, "outlook")
    page.goto(f"{address}/outbox/")
    page.locator("a.post-row").first.click()
    take(page, "letter")
    page.goto(f"{address}/first-steps/")
    take(page, "first-steps")


def bring_in(page: Page, address: str, settings: dict[str, str]) -> None:
    """A spreadsheet: its columns, what would come in, what came in, and the first mail."""
    page.goto(f"{address}/imports/")
    page.locator("input[type=file]").set_input_files(SPREADSHEET)
    page.get_by_role("button", name=re.compile("Look|Upload|Bring")).first.click()
    take(page, "import-columns")
    page.get_by_role("button", name="Look through it").click()
    take(page, "import-preview")
    page.get_by_role("button", name=re.compile("^Import")).click()
    take(page, "import-report")
    page.goto(f"{address}/outbox/release")
    take(page, "release")
    page.get_by_role("button", name="Release sending").click()
    manage(settings, "tick", "--now", next_morning())
    page.goto(f"{address}/outbox/")
    page.locator("a.post-row").filter(has_text="Our agreement ends").first.click()
    take(page, "first-mail")


def speak(phone: Page, settings: dict[str, str]) -> None:
    """A partner with the mail in hand: full, until when, and what that changed."""
    mails = sorted(
        (Path(settings["PRM_DATA_DIR"]) / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime
    )
    words = next(text for text in map(_words, reversed(mails)) if FULL in text)
    phone.goto(words.partition(FULL)[2].split()[0])
    take(phone, "portal-full")
    phone.get_by_role("button", name="Next").click()
    phone.get_by_role("button", name="Pause new referrals").click()
    take(phone, "portal-said")


def _words(file: Path) -> str:
    """The plain text of a mail."""
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",)) if isinstance(mail, EmailMessage) else None
    return body.get_content() if body is not None else ""


def next_morning() -> str:
    """The coming working day at 9:05 in the program's zone: mail to partners goes then, whenever this script runs."""
    day = datetime.now(ZoneInfo(ZONE)).date() + timedelta(1)
    while day.weekday() > 4:
        day += timedelta(1)
    return f"{day}T09:05"


def main() -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        sys.exit("No Chromium here: on Debian `apt-get install chromium`.")
    with installation() as (address, password, settings), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        desk = sign_in(browser, address, password, DESK)
        look_around(desk, address)
        phone = sign_in(browser, address, password, PHONE, "dark")
        phone.goto(f"{address}/partners/corran-county-sheriffs-office/")
        take(phone, "partner-phone")
        bring_in(desk, address, settings)
        reader = browser.new_context(viewport=PHONE, locale="en-US").new_page()  # type: ignore[arg-type]
        speak(reader, settings)
        browser.close()


if __name__ == "__main__":
    main()
