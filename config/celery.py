"""The Celery application: `celery -A config worker` and `celery -A config beat`.

Messages only wake somebody up; what is to be done stands in the database. So the broker may lose, double or delay
them, and the settings below choose what is safe over what is fast.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

from config import folder, pulse
from tasks.clock import BEAT, make_folders

REDIS = {
    # A wake-up that was taken is gone. Else each one of which Redis could not hear the end would keep its place in
    # the worker for ever, and after two of them the worker would sit still in silence.
    "ack_emulation": False,
    "socket_keepalive": True,
    "socket_timeout": 30,
    "health_check_interval": 20,
    "retry_on_timeout": True,
}
FOLDER = {
    "data_folder_in": str(settings.BROKER_DIR / "queue"),
    "data_folder_out": str(settings.BROKER_DIR / "queue"),
    "control_folder": str(settings.BROKER_DIR / "control"),
    "processed_folder": str(settings.BROKER_DIR / "processed"),
    "store_processed": True,  # otherwise kombu moves messages through the system's temporary folder
    "polling_interval": 0.2,
}

folder.use()
app = Celery("prm", include=["tasks.plan", "tasks.deliver", "tasks.upkeep"])
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_transport_options=FOLDER if settings.CELERY_BROKER_URL.startswith("filesystem") else REDIS,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    enable_utc=True,
    timezone="UTC",
    beat_schedule=BEAT,
    beat_scheduler="tasks.clock:Clock",
    beat_max_loop_interval=5,
    task_default_queue="prm",
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    # No soft limit: it breaks off wherever the task is, and one that hit a BEGIN left SQLite's only pen in a hand that
    # went on. Tasks end by themselves (tasks/deliver.py); one that does not is ended with all that it holds.
    task_time_limit=60,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=500,
    # a sender is not killed with a mail in its hand because its worker lost Redis: rows keep what is done from being
    # done twice
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_enable_remote_control=False,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
)
if settings.PULSE_PATH:
    pulse.give(app, settings.PULSE_PATH)
make_folders(app.conf.broker_transport_options)  # every worker and every beat begins here
