"""Who runs against whom, and with how many mails. Slow ones get fewer: what counts is how many a second.

Sizes are chosen so that each takes some seconds. What tunes django-post_office best was found by trying, see README.
"""

from dataclasses import dataclass

from benchmarks.racing import Entry

AWAY = 0.02  # seconds for each answer of a relay that is not in the house
SERVICE = 0.05  # for each answer of a mail service

TUNED = {"RACE_BATCH_SIZE": "2000", "RACE_LOG_LEVEL": "1"}
EACH = "one Celery task per mail, a connection each, `-c 2`"
MAILER = "django-mailer, `send_all`"


@dataclass(frozen=True)
class Course:
    """One relay and those who send to it. The first is this product."""

    name: str
    words: str
    sink: str
    delay: float
    entries: tuple[Entry, ...]
    database: str = "PostgreSQL"


LOCAL = Course(
    "local",
    "a relay on this machine; PostgreSQL + Redis",
    "sink",
    0.0,
    (
        Entry("ours", "PRM, worker `-c 2`", "ours", 3_000),
        Entry("each", EACH, "each", 600),
        Entry("post_office", "django-post_office, defaults", "post_office", 1_000),
        Entry(
            "post_office_tuned",
            "django-post_office, best tuned (4 processes, 5 threads each)",
            "post_office",
            3_000,
            TUNED | {"RACE_PROCESSES": "4", "RACE_THREADS_PER_PROCESS": "5"},
        ),
        Entry("mailer", MAILER, "django_mailer", 600),
        Entry("raw", "smtplib alone, 2 processes", "raw", 2_000),
    ),
)
REMOTE = Course(
    "remote",
    "a relay 20 ms away; PostgreSQL + Redis",
    "sink",
    AWAY,
    (
        Entry("ours", "PRM, 2 × 8 connections", "ours", 1_000, {"PRM_CONNECTIONS": "8"}),
        Entry("raw", "smtplib alone, 2 × 8 connections", "raw", 1_000, {"RACE_CONNECTIONS": "8"}),
        Entry(
            "post_office_tuned",
            "django-post_office, 2 × 8 connections",
            "post_office",
            1_000,
            TUNED | {"RACE_PROCESSES": "2", "RACE_THREADS_PER_PROCESS": "8"},
        ),
        Entry("post_office", "django-post_office, defaults (5 connections)", "post_office", 200),
        Entry("each", EACH, "each", 60),
        Entry("mailer", MAILER, "django_mailer", 50),
    ),
)
HTTP = Course(
    "http",
    "a mail service over HTTP, 50 ms away; PostgreSQL + Redis",
    "http_sink",
    SERVICE,
    (
        Entry("ours", "PRM, 2 × 32 connections", "ours", 2_000, {"PRM_CONNECTIONS": "32"}),
        Entry("one_by_one", "one after another over one kept connection", "one_by_one", 50),
    ),
)
EMBEDDED = Course(
    "embedded",
    "a relay on this machine; SQLite + folder",
    "sink",
    0.0,
    (
        Entry("ours", "PRM, worker `-c 2`", "ours", 2_000),
        Entry("raw", "smtplib alone, 2 processes", "raw", 2_000),
    ),
    database="SQLite",
)
COURSES = (LOCAL, REMOTE, HTTP, EMBEDDED)
