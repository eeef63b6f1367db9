"""The letterbox: one row per message, with its frozen words. The rows are the queue."""

from django.db import models
from django.db.models import Q

from prm.rules import delivery

#: Where no mail route is set, mail is written to files. Nobody gets it, and no page says otherwise.
IN_A_FILE = "file"


class Message(models.Model):
    """One mail to one address. Nothing in it changes after it is written, except its way out."""

    class State(models.TextChoices):
        WAITING = delivery.WAITING
        HELD = delivery.HELD
        SENDING = delivery.SENDING
        SENT = delivery.SENT
        DELIVERED = delivery.DELIVERED
        BOUNCED = delivery.BOUNCED
        FAILED = delivery.FAILED
        CANCELLED = delivery.CANCELLED

    key = models.CharField(max_length=64, unique=True)  # what makes it one message: actions.message_key
    message_id = models.CharField(max_length=320)
    provider_id = models.CharField(max_length=255, blank=True)  # what a mail service calls it, or IN_A_FILE
    kind = models.CharField(max_length=40)
    organization = models.ForeignKey(
        "prm.Organization", models.CASCADE, null=True, blank=True, related_name="messages", db_index=False
    )
    contact = models.ForeignKey(
        "prm.Contact", models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    user = models.ForeignKey(
        "prm.User", models.SET_NULL, null=True, blank=True, related_name="messages", db_index=False
    )

    recipient = models.CharField(max_length=320)
    recipient_name = models.CharField(max_length=200, blank=True)
    from_name = models.CharField(max_length=200, blank=True)
    reply_to = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=400)
    text = models.TextField()
    html = models.TextField(blank=True)
    language = models.CharField(max_length=10, default="en")
    links = models.JSONField(default=dict)  # mark in the words -> id of the link whose token goes there
    keys = models.JSONField(default=list)  # natural keys of the touches in it, sorted
    about = models.CharField(max_length=200, blank=True)  # for a mail without touches: the id or local date

    calendar_method = models.CharField(max_length=10, blank=True)
    calendar_uid = models.CharField(max_length=255, blank=True)
    calendar_sequence = models.PositiveIntegerField(null=True, blank=True)
    calendar_body = models.TextField(blank=True)  # iCalendar text with CRLF: the very octets that are sent

    #: Who of our side wrote it themselves; empty for what the plans bring about.
    started_by = models.ForeignKey(
        "prm.User", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    #: Who last held, changed or released it, and when: the words on its page.
    handled_by = models.ForeignKey(
        "prm.User", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    handled_at = models.DateTimeField(null=True, blank=True)
    #: The message of which this is a second try, sent by a person.
    again_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="tried_again", db_index=False
    )

    demo = models.BooleanField(default=False)
    written_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(max_length=80, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "outbox_message"
        ordering = ("-due_at", "-id")
        constraints = (
            models.CheckConstraint(name="outbox_message_state", condition=Q(state__in=delivery.STATES)),
            models.CheckConstraint(
                name="outbox_message_sending_is_leased",
                condition=~Q(state=delivery.SENDING) | (Q(lease_until__isnull=False) & ~Q(lease_owner="")),
            ),
            models.CheckConstraint(
                name="outbox_message_sent_has_a_time",
                condition=~Q(state=delivery.SENT) | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="outbox_message_calendar_whole",
                condition=(
                    Q(calendar_method="", calendar_uid="", calendar_body="", calendar_sequence__isnull=True)
                )
                | (
                    Q(calendar_method__in=["REQUEST", "CANCEL"], calendar_sequence__isnull=False)
                    & ~Q(calendar_uid="")
                    & ~Q(calendar_body="")
                ),
            ),
        )
        indexes = (
            models.Index(
                name="outbox_message_due", fields=["due_at"], condition=Q(state__in=delivery.OPEN_STATES)
            ),
            models.Index(name="outbox_message_state_sent", fields=["state", "sent_at"]),
            models.Index(name="outbox_message_org_due", fields=["organization", "-due_at"]),
            # Each mail is written twice on its way out, and every index with it: these hold only the few that have one.
            *(
                models.Index(
                    name=f"outbox_message_{name}", fields=[name], condition=Q(**{f"{name}__isnull": False})
                )
                for name in ("user", "started_by", "handled_by", "again_of")
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient} ({self.state})"

    @property
    def in_a_file(self) -> bool:
        return self.provider_id == IN_A_FILE
