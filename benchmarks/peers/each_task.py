"""The Celery application of a Django project that sends each mail by a task of its own; all as Celery has it."""

from celery import Celery
from django.conf import settings

app = Celery("each", broker=settings.CELERY_BROKER_URL)


@app.task(name="send")
def send(mail_id: int) -> None:
    from benchmarks.peers.models import Mail  # noqa: PLC0415 - Celery sets Django up after it has read this

    mail = Mail.objects.get(pk=mail_id)
    mail.letter().mail().send()
    mail.state = "sent"
    mail.save(update_fields=["state"])
