"""Work that takes long: asked for, done by one worker at a time, taken up again where a worker died."""

from datetime import timedelta

import pytest

from prm.jobs.actions import LEASE, MOST_ATTEMPTS, LostLease, ask, claim, finish, note_progress
from prm.jobs.models import Job, JobState
from prm.jobs.running import run_waiting
from prm.rules.refusal import Refusal
from tests.cast import NOW

pytestmark = pytest.mark.django_db
KINDS = ("counting",)


def claimed(now=NOW, owner="one"):
    return claim(kinds=KINDS, now=now, owner=owner)


def do(work, now=NOW):
    return run_waiting({"counting": work}, now=lambda: now, owner="one")


def test_the_oldest_job_is_done_first_and_its_result_is_kept(rosa):
    second = ask("counting", now=NOW + timedelta(minutes=1), by=rosa, number=2)
    first = ask("counting", now=NOW, by=rosa, number=1)
    seen = []

    def work(job, now, progress):
        seen.append(job.arguments["number"])
        return {"number": job.arguments["number"]}

    assert do(work) == 2
    assert seen == [1, 2]
    for job, number in ((first, 1), (second, 2)):
        job.refresh_from_db()
        assert (job.state, job.result, job.lease_owner) == (JobState.DONE, {"number": number}, "")


def test_only_one_job_runs_at_a_time():
    ask("counting", now=NOW)
    ask("counting", now=NOW)

    assert claimed() is not None
    assert claimed(owner="two") is None


def test_a_kind_that_this_worker_does_not_know_is_left_alone():
    ask("flying", now=NOW)

    assert claimed() is None


def test_progress_keeps_the_lease_and_is_seen_by_others():
    ask("counting", now=NOW, total=10)
    job = claimed()

    note_progress(job, done=4, total=10, now=NOW + timedelta(minutes=4))

    assert claimed(now=NOW + LEASE + timedelta(minutes=1), owner="two") is None
    assert Job.objects.get().done == 4


def test_the_work_of_a_silent_worker_is_taken_up_by_another():
    ask("counting", now=NOW)
    dead = claimed()

    alive = claimed(now=NOW + LEASE + timedelta(seconds=1), owner="two")

    assert (alive.pk, alive.lease_owner, alive.attempts) == (dead.pk, "two", 2)
    with pytest.raises(LostLease):
        note_progress(dead, done=1, total=2, now=NOW + LEASE)
    assert not finish(dead, now=NOW)
    assert Job.objects.get().state == JobState.RUNNING


def test_a_job_that_ends_its_worker_again_and_again_is_given_up():
    ask("counting", now=NOW)
    now = NOW
    for _attempt in range(MOST_ATTEMPTS):
        assert claimed(now=now) is not None
        now += LEASE + timedelta(seconds=1)

    assert claimed(now=now) is None
    job = Job.objects.get()
    assert job.state == JobState.FAILED
    assert "stopped several times" in job.error


def test_a_refusal_is_the_answer_of_the_job():
    ask("counting", now=NOW)

    def work(job, now, progress):
        raise Refusal("There is nothing to count.")

    do(work)
    assert (Job.objects.get().state, Job.objects.get().error) == (
        JobState.FAILED,
        "There is nothing to count.",
    )


def test_any_other_fault_is_logged_and_not_shown(caplog):
    ask("counting", now=NOW)
    ask("counting", now=NOW)
    done = []

    def work(job, now, progress):
        if not done:
            done.append(job)
            raise ZeroDivisionError("anna@harbor.example")
        return {}

    assert do(work) == 2
    states = dict(Job.objects.values_list("state", "error"))
    assert "anna" not in states[JobState.FAILED]
    assert "ZeroDivisionError" in caplog.text
    assert JobState.DONE in states


def test_one_job_can_be_done_at_once():
    ask("counting", now=NOW, number=1)
    wanted = ask("counting", now=NOW, number=2)
    seen = []

    def work(job, now, progress):
        seen.append(job.arguments["number"])
        return {}

    assert run_waiting({"counting": work}, now=lambda: NOW, owner="web", only=wanted.pk) == 1
    assert seen == [2]
