"""The product's own Celery application; only its clock ticks each second, so that a test need not wait for minutes."""

from config.celery import app

for entry in app.conf.beat_schedule.values():
    entry |= {"schedule": 1.0, "options": {"expires": 5}}
