"""Generated sheets: every cell that is not empty is in a field, in a note or in the report, and nothing else breaks."""

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from prm.agreements.models import Agreement
from prm.capacity.models import Pause
from prm.exchange.dates import NoDate, spelled
from prm.exchange.partners_import import import_partners
from prm.exchange.sheet import Unreadable
from prm.exchange.words import phone_key, plain
from prm.partners.models import Assignment, Contact, Entry, Organization, Standing
from prm.training.models import Attendance, Cadence
from tests.workbooks import save

TODAY = date(2027, 1, 4)
NOW = datetime(2027, 1, 4, 10, tzinfo=ZoneInfo("America/New_York"))
LETTERS = st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"], exclude_characters='"')
WORDS = st.text(LETTERS, max_size=20).map(str.strip)
ODD = st.sampled_from(
    ["n/a", "TBD", "-", "?", "=1+1", '@SUM("x")', "none", "soon", "x" * 400, "a\nb", "31/02/2027"]
)
DAYS = st.dates(date(2024, 1, 13), date(2029, 12, 31)).flatmap(
    lambda day: st.sampled_from(
        [day.isoformat(), f"{day:%b} {day.day}, {day.year}", f"{day.month}/{day.day}/{day.year}"]
    )
)
NAMES = st.sampled_from(["Anna Reyes", "Ruth Diaz", "Zoë O'Neil", "Ana Alvarez <ana@harbor.example>"])
MAILS = st.sampled_from(
    ["anna@harbor.example", "RUTH@harbor.example", "a@b@c", "not-an-email", "a@x.example; b@x.example"]
)
CELLS = {
    "Agency": st.sampled_from(
        ["Harbor House", "HARBOR HOUSE ", "The Harbor House, Inc.", "Maple House", "", "TOTAL"]
    ),
    "City": st.sampled_from(["Aurora", "Yakima", "Joliet"]),
    "State": WORDS,
    "ZIP": st.sampled_from(["60505", "02139-1234"]),
    "Sector": st.sampled_from(["Faith communities", "police", "Beekeeping"]),
    "Contact": NAMES,
    "Email": MAILS,
    "Phone": st.sampled_from(["(644) 555-0187", "+1 644 555 0188", "call me"]),
    "Title": WORDS,
    "Second contact": NAMES,
    "Second email": MAILS,
    "Signatory": NAMES,
    "Signatory e-mail": MAILS,
    "MOU type": st.sampled_from(
        ["MOU", "MOU (evergreen)", "No MOU", "draft", "Letter of support", "handshake deal"]
    ),
    "MOU signed": DAYS,
    "MOU expires": DAYS | st.sampled_from(["evergreen", "ongoing since 2019"]),
    "MOU term (months)": st.sampled_from(["12", "24 months"]),
    "Paused from": DAYS,
    "Paused until": DAYS | st.sampled_from(["until further notice", "no", "yes"]),
    "Pause scope": st.sampled_from(["referrals", "Dental care", "all new referrals and clients"]),
    "Last training": DAYS,
    "Training every (months)": st.sampled_from(["3", "quarterly", "often"]),
    "Approval lead days": st.sampled_from(["120", "45 days", "long"]),
    "Owner": st.sampled_from(["rosa@program.example", "Nobody Known"]),
    "Status": st.sampled_from(["Active", "former", "On hold", "sleepy"]),
    "Partner since": DAYS,
    "Languages": st.sampled_from(["English, Spanish", "Elvish"]),
    "Confidential": st.sampled_from(["yes", "no", "ask Rosa"]),
    "Time zone": st.sampled_from(["Central", "America/Denver", "Moon"]),
    "Notes": WORDS,
    "Hobby": WORDS,
    "Organization": st.sampled_from(["Second name column"]),
    "=cmd": WORDS,
}
# Words whose meaning is kept, not their letters: what must be found in their place.
MEANS = {
    "evergreen": "evergreen", "mou (evergreen)": "evergreen", "draft": "draft", "no": "false", "yes": "true",
    "until further notice": "unknown end", "quarterly": "every 3", "faith communities": "faith",
    "police": "law_enforcement", "active": "active", "on hold": "a pause of", "english, spanish": "es",
    "central": "america/chicago", "mou": "mou",
    "letter of support": "letter_of_support", "24 months": "24", "45 days": "45", "referrals": "referrals",
}  # fmt: skip


@st.composite
def sheets(draw):
    headings = draw(
        st.permutations(sorted(CELLS)).map(lambda all_: ["Agency", *(h for h in all_ if h != "Agency")][:12])
    )
    cell = {heading: st.just("") | CELLS[heading] | CELLS[heading] | ODD for heading in headings}
    cell["Agency"] = CELLS["Agency"]
    rows = draw(st.lists(st.tuples(*(cell[heading] for heading in headings)), min_size=1, max_size=4))
    return headings, rows


def write(path, headings, rows):
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    Path(path).write_text(text.getvalue(), encoding="utf-8", newline="")


def everything_known(report):
    """All that the installation and the report say now, as one text."""
    tables = (Organization, Contact, Agreement, Pause, Cadence, Attendance, Standing)
    said = [str(value) for table in tables for row in table.objects.values() for value in row.values()]
    said += Assignment.objects.values_list("user__email", flat=True)
    said += Organization.objects.exclude(sector=None).values_list("sector__key", flat=True)
    said += Agreement.objects.values_list("kind__key", flat=True)
    said += [f"a pause of {scope}" for scope in Pause.objects.values_list("scope", flat=True)]
    said += ["unknown end" for _ in Pause.objects.filter(ends_on=None)]
    said += [f"every {months}" for months in Cadence.objects.values_list("every_months", flat=True)]
    said += [phone_key(phone) for phone in Contact.objects.values_list("phone", flat=True)]
    return "\n".join([*said, json.dumps(report.as_json(), ensure_ascii=False)]).casefold()


def is_accounted(cell, known):
    text = cell.strip().casefold()
    if text in known or " ".join(text.split()) in known or MEANS.get(text, "\0") in known:
        return True
    if json.dumps(text, ensure_ascii=False)[1:-1] in known or plain(text) in plain(known):
        return True
    try:
        return spelled(text).on(False).isoformat() in known
    except NoDate:
        return all(part in known for part in text.replace("<", " ").replace(">", " ").split())


@pytest.mark.django_db
@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # making a failing sheet smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sheet=sheets())
def test_every_cell_is_in_a_field_a_note_or_the_report(tmp_path, sheet):
    path = tmp_path / "sheet.csv"
    write(path, *sheet)
    with transaction.atomic():
        report = import_partners(path, now=NOW, today=TODAY, day_first=False)
        known = everything_known(report)
        lost = [cell for row in sheet[1] for cell in row if cell.strip() and not is_accounted(cell, known)]
        size = (
            Entry.objects.count(),
            Contact.objects.count(),
            Agreement.objects.count(),
            Pause.objects.count(),
        )
        again = import_partners(path, now=NOW, today=TODAY, day_first=False)
        again_size = (
            Entry.objects.count(),
            Contact.objects.count(),
            Agreement.objects.count(),
            Pause.objects.count(),
        )
        transaction.set_rollback(True)
    assert lost == []
    assert (again.new, again.changed, again_size) == ([], [], size)
    assert report.rows == len(report.new) + len(report.changed) + report.unchanged + len(report.merged) + len(
        report.skipped
    )


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sheet=sheets())
def test_workbook_says_the_same_as_the_csv_of_its_cells(tmp_path, sheet):
    headings, rows = sheet
    rows = [[cell.replace("\n", " ") for cell in row] for row in rows]
    write(tmp_path / "sheet.csv", headings, rows)
    workbook = save(tmp_path, {"Partners": [headings, *([cell or None for cell in row] for row in rows)]})
    reports = [tried(path) for path in (tmp_path / "sheet.csv", workbook)]
    assert reports[0] == reports[1]


def tried(path):
    """The report of a dry run, without the name of the sheet."""
    report = import_partners(path, now=NOW, today=TODAY, day_first=False, dry_run=True).as_json()
    text = json.dumps(report, ensure_ascii=False).replace(" of sheet “Partners”", "")
    return json.loads(text.replace('"Partners"', '""'))


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300)
    | st.binary(max_size=200).map(lambda noise: b"Organization,City,MOU expires\n" + noise)
)
def test_whatever_bytes_come_they_are_read_or_refused(tmp_path, content):
    path = tmp_path / "noise.csv"
    path.write_bytes(content)
    refused = ""
    with transaction.atomic():
        try:
            import_partners(path, now=NOW, today=TODAY)
        except Unreadable as reason:
            refused = str(reason)
        transaction.set_rollback(True)
    assert "\n" not in refused
