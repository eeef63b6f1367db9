"""Every benchmark runs and counts what it did; how long it took is nobody's business here."""

import pytest

from benchmarks import claiming, delivering, importing, memory, profiling, replanning

pytestmark = pytest.mark.django_db


def test_importing_counts_its_rows() -> None:
    figures = importing.measure(12)
    assert figures["rows"] == 12
    assert min(figures["new_per_second"], figures["again_per_second"]) > 0


def test_replanning_plans_every_organization_twice() -> None:
    figures = replanning.measure(6)
    assert figures["organizations"] == 6
    assert figures["touches"] >= 6
    assert min(figures["first_seconds"], figures["next_day_seconds"]) > 0


def test_claiming_finds_the_due_ones_among_the_sent() -> None:
    figures = claiming.measure(100, batch=5, repeats=2)
    assert (figures["rows"], figures["claimed"]) == (100, 5)
    assert figures["shortest_ms"] <= figures["median_ms"] <= figures["longest_ms"]
    assert figures["backlog"] == 8
    assert figures["plan"]
    assert figures["backlog_plan"]


def test_delivering_brings_each_mail_once_by_every_way() -> None:
    figures = delivering.measure(4)
    assert figures["messages"] == 4
    assert 4500 < figures["octets_each"] < 6500
    assert min(figures[f"{way}_per_second"] for way in ("raw", "drain", "plain_send")) > 0


def test_the_profile_says_where_the_time_went() -> None:
    figures = profiling.measure(4)
    assert figures["messages"] == 4
    assert {"building", "database", "mail client"} <= figures["shares"].keys()
    assert 99 < sum(figures["shares"].values()) < 101
    assert "One drain of 4 mails" in figures["text"]


def test_memory_is_read_as_the_machine_counts_it() -> None:
    before = memory.resident()
    held = b"x" * 50_000_000
    assert memory.resident() - before > 40_000
    assert len(held) == 50_000_000
