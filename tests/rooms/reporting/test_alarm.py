"""A monitor elsewhere hears from us at each heartbeat while all is well, and nothing of ours stops when it does not."""

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import time_machine

from prm.accounts.actions import note_heartbeat
from prm.outbox.actions import Draft, write
from prm.reporting import alarm
from tasks import plan
from tests.cast import NOW, make_program

pytestmark = pytest.mark.django_db

SINCE = NOW - timedelta(days=1)


@pytest.fixture
def monitor() -> Iterator[tuple[str, list[str]]]:
    """A monitor's address, and the paths at which it was asked."""
    heard: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(200 if self.path.startswith("/ping") else 500)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Nothing: the test looks at what was heard."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    server.server_close()


def test_monitor_hears_us_and_what_it_answers_is_known(monitor):
    address, heard = monitor
    assert alarm.ping(f"{address}/ping/1")
    assert not alarm.ping(f"{address}/gone")
    assert heard == ["/ping/1", "/gone"]


def test_monitor_that_is_not_there_stops_nothing(caplog):
    assert not alarm.ping("http://127.0.0.1:9/secret-of-ours")
    assert "secret-of-ours" not in caplog.text


def test_each_heartbeat_tells_the_monitor_while_all_is_well(monitor, settings, monkeypatch):
    address, heard = monitor
    settings.PRM_PING_URL = f"{address}/ping/1"
    make_program()
    monkeypatch.setattr(plan, "STARTED_AT", SINCE)
    with time_machine.travel(NOW, tick=False):
        note_heartbeat(now=NOW)
        plan.wake()
        assert heard == ["/ping/1"]
        late = NOW - timedelta(hours=2)
        write([Draft(kind="x", recipient="a@b.example", subject="x", text="x", due_at=late)], now=late)
        plan.wake()
    assert heard == ["/ping/1"]


def test_nothing_is_asked_where_no_monitor_is_set(monitor, settings):
    settings.PRM_PING_URL = ""
    plan.tell_the_monitor()
    assert monitor[1] == []
