"""What a page of training says, read as a reader does."""

from bs4 import BeautifulSoup


def read(answer):
    """The page of an answer."""
    return BeautifulSoup(answer.content, "html.parser")


def text(answer):
    return " ".join(read(answer).main.get_text(" ", strip=True).split())


def wrong(answer):
    """The fields at which something is said, and what."""
    page = read(answer)
    found = {}
    for one in page.select("[id$=_error]"):
        found[one["id"].removeprefix("id_").removesuffix("_error")] = one.get_text(" ", strip=True)
    return found
