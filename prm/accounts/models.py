"""Our people and who we are: `User` and the one `Program` that runs this installation."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from prm.accounts.history import History


class UserRole(models.TextChoices):
    DIRECTOR = "director", _("Director")
    MANAGER = "manager", _("Manager")
    ASSISTANT = "assistant", _("Assistant")
    VIEWER = "viewer", _("Viewer")


class DigestRhythm(models.TextChoices):
    DAILY = "daily", _("Every working day")
    WEEKLY = "weekly", _("Once a week")
    AT_ONCE = "at_once", _("At once")


class Users(BaseUserManager["User"]):
    """What Django's own sign-in and `createsuperuser` ask of a user table."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        fields = {"role": UserRole.DIRECTOR, "is_staff": True, "is_superuser": True} | fields
        return self.create_user(email, password, **fields)


#: What is nobody's business later: how somebody gets in, when they read and when they were away.
PRIVATE = "password last_login digested_on entered_at is_staff away_from away_until stand_in".split()


class User(AbstractBaseUser, PermissionsMixin):
    """A person on our side. One without a password cannot sign in yet, but owns partners and gets the digest."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=UserRole.choices, default=UserRole.MANAGER)
    zone = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=10, choices=DigestRhythm.choices, default=DigestRhythm.DAILY)
    digested_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    entered_at = models.DateTimeField(null=True, blank=True)
    away_from = models.DateField(
        null=True, blank=True
    )  # both days inside; mail then goes to who stands in as well
    away_until = models.DateField(null=True, blank=True)
    stand_in = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="standing_in")

    objects: ClassVar[Users] = Users()
    history = History("user", without=PRIVATE)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        db_table = "accounts_user"
        ordering = ("name", "email")
        constraints = (
            models.CheckConstraint(name="user_email_lower", condition=Q(email=Lower(F("email")))),
            models.CheckConstraint(name="user_role_known", condition=Q(role__in=UserRole.values)),
        )
        indexes = (models.Index(fields=["role", "is_active"], name="user_role_active"),)

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def can_sign_in(self) -> bool:
        """Whether the person was invited and chose a password; owners from a spreadsheet have none at first."""
        return self.has_usable_password()

    def local_zone(self, program: Program) -> ZoneInfo:
        return ZoneInfo(self.zone or program.zone)


class Sending(models.TextChoices):
    ON = "on", _("On")
    HELD = "held", _("Held")


def monday_to_friday() -> list[int]:
    return [0, 1, 2, 3, 4]


class Program(models.Model):
    """Who we are, and when we send. There is one row, pk 1, written by a migration from the environment."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=200)
    neutral_name = models.CharField(max_length=200, default="Partner program")
    mailbox = models.EmailField()
    phone = models.CharField(max_length=60, blank=True)  # whom partners call who would rather talk
    zone = models.CharField(max_length=64)
    holiday_country = models.CharField(max_length=2, default="US", blank=True)
    holiday_subdivision = models.CharField(max_length=20, blank=True)
    sending = models.CharField(max_length=10, choices=Sending.choices, default=Sending.ON)
    sending_from = models.TimeField(default=datetime.time(9))
    sending_until = models.TimeField(default=datetime.time(18))
    digest_at = models.TimeField(default=datetime.time(8))
    working_days = models.JSONField(default=monday_to_friday)
    heartbeat_at = models.DateTimeField(null=True, blank=True)  # a beat came round, whoever did the work
    worked_at = models.DateTimeField(null=True, blank=True)  # a worker looked for what is due
    mail_left_at = models.DateTimeField(null=True, blank=True)  # the mail route last took a message
    mail_stuck_at = models.DateTimeField(
        null=True, blank=True
    )  # it would not have us; empty since it last did
    entered_on = models.DateField(null=True, blank=True)
    introduced_on = models.DateField(null=True, blank=True)  # somebody said who we are, or looked it through
    holidays_checked_on = models.DateField(null=True, blank=True)  # somebody looked through the closed days

    history = History("program", without=["heartbeat_at", "worked_at", "mail_left_at", "mail_stuck_at"])

    class Meta:
        db_table = "accounts_program"
        constraints = (
            models.CheckConstraint(name="program_one_row", condition=Q(id=1)),
            models.CheckConstraint(name="program_sending_known", condition=Q(sending__in=Sending.values)),
            models.CheckConstraint(name="program_hours", condition=Q(sending_until__gt=F("sending_from"))),
        )

    def __str__(self) -> str:
        return self.name


class Access(models.Model):
    """Somebody of ours took data out or looked at what few may see: who, when, how much. Never the value."""

    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=40)  # export, download, reveal
    about = models.CharField(max_length=120, blank=True)  # a readable key or the name of a list
    rows = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "accounts_access"
        ordering = ("-at", "-id")
        verbose_name_plural = "accesses"

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class Holiday(models.Model):
    """A day on which we are closed besides the public holidays."""

    date = models.DateField(unique=True)
    name = models.CharField(max_length=200)

    history = History("holiday")

    class Meta:
        db_table = "accounts_holiday"
        ordering = ("date",)

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
