"""The table in which a Django project keeps its mails when it sends each by a task."""

from django.db import models

from benchmarks.mails import Letter


class Mail(models.Model):
    """One mail: as much of it as differs."""

    recipient = models.CharField(max_length=320)
    sender = models.CharField(max_length=320)
    reply_to = models.CharField(max_length=320)
    subject = models.CharField(max_length=400)
    text = models.TextField()
    html = models.TextField()
    calendar = models.TextField()
    headers = models.JSONField()
    state = models.CharField(max_length=10, default="waiting", db_index=True)

    class Meta:
        app_label = "peers"
        db_table = "peers_mail"

    def letter(self) -> Letter:
        names = ("recipient", "sender", "reply_to", "subject", "text", "html", "calendar", "headers")
        return Letter(**{name: getattr(self, name) for name in names})
