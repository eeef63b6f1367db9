"""What every test stands on: nothing is skipped under CI, and pages are tried in Debian's own Chromium."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.db import connection

CI = os.environ.get("CI") == "true"
#: Whoever asks for one of these, or for a fixture that does, touches the database.
DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """With CI=true a skipped test is a failed one."""
    report = yield
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and CI=true allows no skipping: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """The same for a whole module that wants to be skipped."""
    report = yield
    if CI and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped, and CI=true allows no skipping: {report.longrepr}"
    return report


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other database, and let tests that really commit start with the program row.

    Such a test empties all tables when it ends. pytest-django runs these tests last, so no other test meets empty
    tables; xdist's way of dealing out tests must keep that order (`--dist load`, the default of `-n`, does;
    `worksteal` does not).
    """
    leave_out = [item for item in items if not belongs_here(item)]
    config.hook.pytest_deselected(items=leave_out)
    items[:] = [item for item in items if item not in leave_out]
    # Playwright leaves an event loop running, in which Django sees another connection: the browser comes last.
    items.sort(key=lambda item: "chromium" in getattr(item, "fixturenames", ()))
    for item in items:
        marker = item.get_closest_marker("django_db")
        fixtures = {"live_server", "transactional_db"} & set(getattr(item, "fixturenames", ()))
        if fixtures or (marker is not None and marker.kwargs.get("transaction")):
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


def belongs_here(item: pytest.Item) -> bool:
    """Whether a test has something to say about this database. One that touches none runs on SQLite alone."""
    marker = item.get_closest_marker("only_on")
    if marker is not None:
        return bool(marker.args[0] == connection.vendor)
    touches = item.get_closest_marker("django_db") or DATABASE & set(getattr(item, "fixturenames", ()))
    return bool(touches) or connection.vendor == "sqlite" or "tests/tasks" in item.nodeid


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a real browser, for `playwright.chromium.launch(executable_path=...)`."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium here: on Debian `apt-get install chromium`")
    return path
