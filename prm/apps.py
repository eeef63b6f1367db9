"""Registration of the one Django app."""

from django.apps import AppConfig


class PrmConfig(AppConfig):
    name = "prm"
    label = "prm"
    verbose_name = "Partner relationships"
