"""Pages of the portal as a person reads them."""

import re
from http import HTTPStatus

from bs4 import BeautifulSoup
from django.apps import apps


def words(page):
    """The visible words of a page in one line, with ordinary spaces."""
    text = BeautifulSoup(page.content, "html.parser").get_text(" ").replace("\u00a0", " ")
    return re.sub(r" ([,.:])", r"\1", " ".join(text.split()))


def rows():
    """How many rows each table has."""
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def press(visitor, address, **said):
    """Press a button that says this, and return the page that answers."""
    answer = visitor.post(address, {"lang": "en", **said})
    assert answer.status_code == HTTPStatus.SEE_OTHER, words(answer)
    return visitor.get(answer["Location"])
