"""Real worker and beat processes, on the stack that the environment names: nothing is lost, nothing is doubled."""

import sys
import time

from tasks.deliver import MANY
from tests.tasks.conftest import CONNECTIONS
from tests.tasks.stack import Stack, lose_the_broker, lose_the_connection

ANNA = "anna0@harbor.example"


ONE_WAKE_UP = """
import config.celery, django
django.setup()
from tasks import deliver, plan
plan.wake()
deliver.wake.delay()
"""


def reminders(stack: Stack) -> list[str]:
    return [key for key in stack.sink.keys(ANNA) if "expiry-60d" in key]


def test_reminder_falling_due_during_the_test_arrives_once_although_two_beats_tick(stack: Stack) -> None:
    for number in (1, 2):
        stack.start_worker(f"worker{number}")
        stack.start_beat(f"beat{number}")
    due = time.monotonic() + 15
    stack.tell(due_in=15, organizations=5)
    while time.monotonic() < due - 1:
        assert reminders(stack) == []
        time.sleep(0.2)
    stack.wait_until(lambda: bool(reminders(stack)), 20)
    stack.wait_until(stack.is_done, 20)
    time.sleep(3)
    assert len(reminders(stack)) == 1
    assert stack.sink.ids() == dict.fromkeys(stack.states(), 1)


def test_killed_worker_loses_nothing_and_repeats_only_what_was_in_hand(stack: Stack) -> None:
    stack.sink.seconds_each = 0.05
    stack.tell(due_in=-60, organizations=40)
    stack.start_worker()
    stack.start_beat()
    for already in (10, 40):
        stack.wait_until(lambda already=already: arrived_after_retries(stack) >= already, 40)
        stack.kill("worker")
        stack.let_leases_run_out()
        stack.start_worker()
    stack.wait_until(lambda: arrived_after_retries(stack) >= 80 and stack.is_done(), 60)
    states, arrived = stack.states(), stack.sink.ids()
    assert set(states.values()) == {"sent"}
    assert arrived.keys() == states.keys()
    assert (
        arrived.total() - len(arrived) <= 2 * 2 * CONNECTIONS
    )  # two kills, two processes, so many connections


def test_on_a_busy_morning_both_processes_of_a_worker_send(stack: Stack) -> None:
    stack.tell(due_in=-60, organizations=MANY // 2 + 20)  # two mails to each
    stack.start_worker()
    stack.run("-c", ONE_WAKE_UP)
    stack.wait_until(lambda: "Task tasks.deliver.assist" in (stack.folder / "worker.log").read_text(), 60)
    stack.wait_until(lambda: len(stack.states()) > MANY and stack.is_done(), 60)
    assert stack.sink.ids() == dict.fromkeys(stack.states(), 1)


def arrived_after_retries(stack: Stack) -> int:
    stack.let_retries_be_due()
    return len(stack.sink.mails)


def test_losing_the_broker_delays_at_most_a_minute(stack: Stack) -> None:
    (stack.folder / "first-sign-in.txt").touch()  # not a first start: no demo
    stack.start("supervisor", sys.executable, "-m", "config.supervise")
    log = stack.folder / "supervisor.log"
    stack.wait_until(lambda: "open http" in log.read_text(), 60)
    lose_the_broker(stack)
    stack.tell(due_in=0, organizations=1)
    stack.wait_until(lambda: bool(reminders(stack)), 60 + 5)


def test_a_sender_goes_on_while_its_worker_connects_anew(stack: Stack) -> None:
    stack.sink.seconds_each = 0.3
    stack.tell(due_in=-60, organizations=5)
    stack.start_worker()
    stack.run(
        "-c", ONE_WAKE_UP
    )  # so one process sends, and the other is idle: the worker listens, and hears its loss
    stack.wait_until(lambda: len(stack.sink.mails) >= 2, 40)
    lose_the_connection(stack)
    stack.wait_until(lambda: len(stack.states()) >= 15 and stack.is_done(), 60)
    assert stack.sink.ids() == dict.fromkeys(stack.states(), 1)


def test_worker_outlives_the_loss_of_its_broker(stack: Stack) -> None:
    stack.start_worker()
    stack.start_beat()
    stack.tell(due_in=0, organizations=1)
    stack.wait_until(lambda: bool(reminders(stack)), 30)
    lose_the_broker(stack)
    before = stack.sql("SELECT heartbeat_at FROM accounts_program")
    stack.wait_until(lambda: stack.sql("SELECT heartbeat_at FROM accounts_program") != before, 20)
    assert stack.processes["worker"].poll() is None
