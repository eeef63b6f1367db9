"""The one line that says how far a long command is."""

import io

import pytest
from django.core.management.base import OutputWrapper

from prm.management.progress import Progress, line


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("done", "speed", "told"),
    [
        (0, 0, "[....................]   0%  0 of 100,000"),
        (
            25_000,
            500,
            "[#####...............]  25%  25,000 of 100,000, 500 a second, 2 minutes left",
        ),
        (
            99_999,
            500,
            "[###################.]  99%  99,999 of 100,000, 500 a second, less than a minute left",
        ),
        (100_000, 500, "[####################] 100%  100,000 of 100,000, 500 a second"),
    ],
)
def test_line_tells_percent_speed_and_time_left(done, speed, told):
    assert line(done, 100_000, speed) == told


def test_shorter_line_leaves_nothing_of_a_longer_one_and_the_last_ends():
    terminal = Terminal()
    tell = Progress(OutputWrapper(terminal))
    tell(1, 3)
    tell(3, 3)
    first, last = terminal.getvalue().split("\r")[1:]
    assert len(last.rstrip("\n")) >= len(first)
    assert last.endswith("\n")
    assert "100%" in last


def test_nothing_is_written_where_nobody_looks():
    stream = io.StringIO()
    Progress(OutputWrapper(stream))(1, 3)
    assert stream.getvalue() == ""
