"""`make audit`: the running product, with its demo and as in production, before Lighthouse, wapiti and some chaos.

Everything happens in a folder of its own. Lighthouse comes from npm and wapiti from PyPI, each pinned with its hashes
and put under `var/audit`; neither is part of the product. Chaos is the short form of `make chaos`. `make audit
AUDIT=lighthouse`, `AUDIT=wapiti` or `AUDIT=chaos` does one.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import audit_lighthouse
import audit_wapiti
import run_chaos
from audit_house import ROOT, TOOLS, House

CI = os.environ.get("CI") == "true"
NEEDS = {"lighthouse": ("node", "npm", "chromium"), "wapiti": (), "chaos": ()}

#: Run by `manage.py shell` in the house: a signed-in session, a partner's page, and a link as a mail has it.
KEYS = """
import json
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from prm.accounts.models import User
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Contact, Organization, Purpose

rosa = User.objects.filter(role="manager", is_active=True).order_by("pk").first()
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(rosa.pk), settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = rosa.get_session_auth_hash()
session.create()
person = Contact.objects.filter(left_on=None).exclude(email="").order_by("pk").first()
[link] = issue([(Holder(person.organization_id, person.pk), Wish(Purpose.PAGE))], now=timezone.now())
slug = person.organization.slug
others = list(Organization.objects.exclude(slug=slug).values_list("slug", flat=True))
print(json.dumps({"session": session.session_key, "token": token_of(link), "slug": slug, "others": others}))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def manage(settings: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=settings,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


@contextmanager
def house() -> Iterator[House]:
    """A fresh installation with the demo, served by gunicorn with nothing set but what it must have."""
    with tempfile.TemporaryDirectory(prefix="prm-audit-") as folder:
        port = free_port()
        settings = os.environ | {
            "PRM_ENV_FILE": os.devnull,
            "PRM_DATA_DIR": folder,
            "SECRET_KEY": "only-for-the-audit-" + "x" * 40,
            "DEFAULT_FROM_EMAIL": "Partner program <partners@example.org>",
            "PORT": str(port),
        }
        for command in ("migrate -v0", "createcachetable -v0", "collectstatic --noinput -v0", "demo"):
            manage(settings, *command.split())
        TOOLS.mkdir(parents=True, exist_ok=True)
        with (TOOLS / "house.log").open("w") as log:  # wapiti makes it say a lot
            web = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "--log-level", "error"],
                cwd=ROOT,
                env=settings,
                stdout=log,
                stderr=log,
            )
        try:
            wait_for(port)
            manage(settings, "tick")  # the heartbeat that beat would give: no page says that it stopped
            keys = json.loads(manage(settings, "shell", "-v0", "-c", KEYS).splitlines()[-1])
            yield House(f"http://localhost:{port}", **keys)
        finally:
            web.terminate()
            web.wait(30)


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    sys.exit("the product did not start")


def main() -> int:
    wanted = [name for name in sys.argv[1:] if name] or (["lighthouse", "chaos"] if CI else list(NEEDS))
    if "wapiti" not in wanted:
        print("wapiti is for an idle machine and a person who reads it: make audit AUDIT=wapiti", flush=True)
    missing = {one for name in wanted for one in NEEDS[name] if shutil.which(one) is None}
    if missing:
        print(f"SKIPPED: the audit, because {', '.join(sorted(missing))} is missing (make system).")
        return int(CI)
    problems = []
    for name, audit in (("lighthouse", audit_lighthouse.audit), ("wapiti", audit_wapiti.audit)):
        if name in wanted:
            with house() as found:  # wapiti changes what it meets: a house for each
                problems += audit(found)
    if "chaos" in wanted:
        problems += run_chaos.short()
    print("\n".join(problems) or "Nothing was found.")
    if problems:
        print(f"What the product said meanwhile: {TOOLS / 'house.log'}")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
