"""The real settings, cut off from the developer's `.env`; every test process has a data folder of its own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = tempfile.mkdtemp(prefix="prm-tests-")
Path(_folder, "static").mkdir()  # whitenoise warns where it finds no folder, and warnings are errors
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ |= {
    "PRM_ENV_FILE": os.devnull,
    "PRM_DATA_DIR": _folder,
    "SECRET_KEY": "only-for-tests-" + "x" * 40,
    "SITE_URL": "http://localhost:8000",
    "PRM_TIME_ZONE": "America/New_York",
    "PRM_CONNECTIONS": os.environ.get(
        "PRM_CONNECTIONS", "1"
    ),  # mails arrive in their order; tests of several connections ask for more
    "PRM_SECOND_FACTOR": "optional",  # the cast has none; tests of the wall ask for it
    "DEFAULT_FROM_EMAIL": "Partner program <partners@example.org>",
}

from config.settings import *  # noqa: E402, F403

LOGGING = {"version": 1, "disable_existing_loggers": False}  # pytest shows what is logged
STORAGES = {  # a test needs no collected files
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if "sqlite" in DATABASES["default"]["ENGINE"]:  # noqa: F405
    # A file, not memory: several connections must meet the real locks.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test.sqlite3"}  # noqa: F405
