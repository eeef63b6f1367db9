"""What `make bench` writes about this product beside its peers: made up figures, real tables."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks.entries import COURSES
from benchmarks.racing import middles

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def bench_peers(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.setattr(sys, "path", list(sys.path))
    return import_module("bench_peers")


def test_every_course_begins_with_this_product_and_each_name_stands_once() -> None:
    for course in COURSES:
        names = [entry.name for entry in course.entries]
        assert names[0] == "ours"
        assert len(names) == len(set(names))
        for entry in course.entries:
            assert (ROOT / "benchmarks" / "peers" / f"{entry.module}.py").exists()


def test_the_median_of_the_rounds_counts() -> None:
    assert middles({"ours": [3.0, 1.0, 2.0], "raw": [9.0]}) == {"ours": 2.0, "raw": 9.0}


def test_a_race_reads_as_a_table_with_ratios(bench_peers: ModuleType) -> None:
    ours = {"words": "PRM", "mails": 2000, "rates": [900.0], "per_second": 900.0, "ours_to_it": 1.0}
    slow = {"words": "a peer", "mails": 60, "rates": [12.0], "per_second": 12.0, "ours_to_it": 75.0}
    lines = bench_peers.table({"local": {"words": "here", "entries": {"ours": ours, "slow": slow}}})
    assert lines.splitlines()[2:] == [
        "| **here** |  |  |  |",
        "| PRM | 2,000 | 900 |  |",
        "| a peer | 60 | 12.0 | 75.00 × |",
    ]


def test_memory_reads_as_a_sentence(bench_peers: ModuleType) -> None:
    told = {"messages": 50_000, "resident_mb": [100.0] * 9 + [101.0], "growth_percent": 1.0}
    assert "50,000 mails holds 100.0 MB after the first 5,000 and 101.0 MB" in bench_peers.memory_words(told)


def test_peers_are_pinned_with_hashes_and_without_addresses() -> None:
    lock = (ROOT / "requirements" / "peers.txt").read_text(encoding="utf-8")
    for name in ("django-mailer==", "django-post-office=="):
        assert name in lock
    assert "--hash=sha256:" in lock
    assert "://" not in lock
    assert "django==" not in lock  # the product's own Django runs for all
