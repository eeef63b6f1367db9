"""The steps of an import as a browser without scripts takes them."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from prm.exchange.models import Import, ImportState

MESSY = Path(__file__).parents[1] / "journeys/data/partners-messy.xlsx"
LIST = "Agency,Contact,Email,MOU end,Hobby\nHarbor House,Anna Reyes,anna@harbor.example,2027-09-30,sailing\n"


def upload(client, content, name="list.csv", **options):
    """Send the form with a file; the answer of the page."""
    content = content.encode() if isinstance(content, str) else content
    return client.post("/imports/", {"file": SimpleUploadedFile(name, content)}, **options)


def uploaded(client, content=LIST, name="list.csv"):
    """The import of a file that was taken."""
    answer = upload(client, content, name)
    source = Import.objects.latest("pk")
    assert (answer.status_code, answer["Location"]) == (302, f"/imports/{source.pk}/columns")
    return source


def as_proposed(source):
    """What the form sends when nobody changes a thing."""
    sheets = source.layout["sheets"]
    said = {
        f"column-{at}-{place}": meaning
        for at, sheet in enumerate(sheets)
        for place, meaning in enumerate(sheet["meanings"])
    }
    return said | ({f"sheet-{at}": "on" for at in range(len(sheets))} if len(sheets) > 1 else {})


def looked_through(client, content=LIST, name="list.csv"):
    source = uploaded(client, content, name)
    client.post(f"/imports/{source.pk}/columns", as_proposed(source))
    source.refresh_from_db()
    assert source.phase == ImportState.TRIED
    return source


def imported(client, content=LIST, name="list.csv"):
    source = looked_through(client, content, name)
    client.post(f"/imports/{source.pk}/take")
    source.refresh_from_db()
    assert source.phase == ImportState.IMPORTED
    return source


def text(answer):
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())
