"""Pages of the portal as a person reads them."""

import re

from bs4 import BeautifulSoup


def words(page):
    """The visible words of a page in one line, with ordinary spaces."""
    text = BeautifulSoup(page.content, "html.parser").get_text(" ").replace("\u00a0", " ")
    return re.sub(r" ([,.:])", r"\1", " ".join(text.split()))
