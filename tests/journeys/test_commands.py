"""The commands as a script calls them: counts in JSON, and one line where the input is wrong."""

import json
from io import StringIO

import pytest
from django.core.management import call_command, execute_from_command_line

from prm.accounts.queries import program
from prm.reminders.models import Reminder
from tests.story import agreement, contact, partner, person

pytestmark = pytest.mark.django_db


def said(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_tick_prints_one_line_of_counts() -> None:
    harbor = partner(owner=person("Rosa"))
    contact(harbor)
    agreement(harbor)
    [line] = said("tick", "--now", "2027-07-02T09:00").splitlines()
    counts = json.loads(line)
    assert (counts["now"], counts["planned"], counts["digests"]) == ("2027-07-02T09:00:00-04:00", 1, 1)
    assert counts["sent"] == 4  # the digest, Anna's mail, and an entry for each side


def test_tick_takes_an_offset() -> None:
    assert json.loads(said("tick", "--now", "2027-07-02T09:00+02:00"))["now"] == "2027-07-02T09:00:00+02:00"


def test_send_turns_the_switch() -> None:
    assert "held" in said("send", "hold")
    assert program().sending == "held"
    assert "on" in said("send", "on")
    assert program().sending == "on"


def test_queue_counts_by_state() -> None:
    found = json.loads(said("queue", "--json"))
    assert found["messages"]["waiting"] == 0
    assert (found["oldest_due_seconds"], found["expired_leases"], found["heartbeat_seconds"]) == (
        None,
        0,
        None,
    )


@pytest.mark.parametrize(
    "words",
    [
        ["tick", "--now", "yesterday"],
        ["tick", "--now", "9999-01-01T00:00"],
        ["tick", "--bogus"],
        ["send"],
        ["send", "maybe"],
        ["queue", "--bogus"],
        ["outlook", "--days", "many"],
        ["outlook", "--from", "2027-02-30"],
        ["outlook", "--organization", "nobody-here"],
    ],
    ids=" ".join,
)
def test_wrong_words_end_in_one_line_and_status_2(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "django.core.management.base.connections.close_all", lambda: None
    )  # the test still needs it
    with pytest.raises(SystemExit) as ended:
        execute_from_command_line(["manage.py", *words])
    assert ended.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not Reminder.objects.exists()
