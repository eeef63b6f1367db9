"""Settings of the Django project in which the peers live: ours with another database, and the peers' own apps.

`RACE_*` are set by racing.py.
"""

import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.peers", "post_office", "mailer"]
# post_office forks while it holds its connection; a pool does not live through that.
DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
MEDIA_ROOT = os.environ["RACE_FOLDER"]
MAILER_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
MAILER_LOCK_PATH = f"{MEDIA_ROOT}/mailer"
POST_OFFICE = {
    name: int(os.environ[f"RACE_{name}"])
    for name in ("BATCH_SIZE", "THREADS_PER_PROCESS", "LOG_LEVEL")
    if f"RACE_{name}" in os.environ
}
