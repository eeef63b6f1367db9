"""The product's own Celery application; only its clock ticks each second or two, so that a run takes minutes."""

from config.celery import app

SECONDS = {"deliver": 1.0, "plan": 10.0, "free leases": 2.0, "digests": 5.0, "jobs": 5.0}
for name, entry in app.conf.beat_schedule.items():
    entry |= {"schedule": SECONDS.get(name, 60.0), "options": {"expires": 5}}
