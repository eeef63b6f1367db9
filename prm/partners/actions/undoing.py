"""Taking back, for a day, what was changed: the rows are again as they were, unless somebody changed them since."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.actions.returning import remove_contact
from prm.partners.edits import UNDONE_WITHIN, Edit, Values, data_of, edits_of, enters, press_of, standing_of
from prm.partners.models import Contact, Entry, Organization
from prm.partners.timeline import draft, lock, record_all
from prm.rules.refusal import Refusal

UNDONE, REDONE = "edit_undone", "edit_redone"
#: Tables whose rows come and go with an organization; a row of another one is something that was written about it.
GOING_ALONG = frozenset({"entry", "reminder", "findable", "link"})


@transaction.atomic
def undo_change(
    entry: Entry, *, now: datetime.datetime, today: datetime.date | None = None, by: User | None = None
) -> list[Entry]:
    """Take back what was recorded together with `entry`; return the new entries, which can be taken back themselves.

    Where that entered the organization, it is gone with its timeline, and there are none. Refused after a day, and
    where anything of it was changed since.
    """
    lock([entry.organization])
    entries = together_with(entry)
    if not all(edits_of(one) for one in entries):
        raise Refusal(_("There is nothing here that can be undone."))
    if now - entry.recorded_at > UNDONE_WITHIN:
        raise Refusal(_("This is more than a day ago. Change it by hand."))
    edits = [edit for one in entries for edit in edits_of(one)]
    entered = any(enters(one) for one in entries)
    if entered and entry.organization.entries.exclude(pk__in=[one.pk for one in entries]).exists():
        raise _more(entry.organization)
    if any(_as_it_stands(edit) != edit.now for edit in edits):
        raise Refusal(_("This was changed again since. Nothing was undone."))
    for edit in reversed(edits):
        _write(edit)
    if entered:
        return []
    day = today or local_today(now)
    told = [_drafted(one, now=now, by=by, on=day) for one in entries]
    record_all(told, now=now)
    return told


def together_with(entry: Entry) -> list[Entry]:
    """The entries of one press, oldest first."""
    organization, moment, by = press_of(entry)
    same = Entry.objects.filter(organization=organization, recorded_at=moment, by=by)
    return list(same.select_related("organization", "contact").order_by("pk"))


def _drafted(entry: Entry, *, now: datetime.datetime, by: User | None, on: datetime.date) -> Entry:
    turned = [Edit(edit.record, edit.now, edit.was) for edit in reversed(edits_of(entry))]
    data = {name: value for name, value in entry.data.items() if name != "edits"}
    again = entry.event == UNDONE
    data["undone"] = data["undone"] if again or entry.event == REDONE else entry.event
    return draft(
        entry.organization,
        kind=entry.kind,
        event=REDONE if again else UNDONE,
        now=now,
        by=by,
        happened_on=on,
        contact=_still_here(entry),
        data={**data, **data_of(*turned)},
        private=entry.private,
        record=entry.record,
    )


def _still_here(entry: Entry) -> Contact | None:
    """Whom an entry is about; whoever was entered by it is gone now."""
    return Contact.objects.filter(pk=entry.contact_id).first() if entry.contact_id else None


def _row(edit: Edit) -> models.Model | None:
    rows: Any = edit.table._default_manager  # noqa: SLF001 - Django documents it
    found: models.Model | None = rows.select_for_update().filter(pk=edit.pk).first()
    return found


def _as_it_stands(edit: Edit) -> Values | None:
    row = _row(edit)
    if row is None:
        return None
    every = {column.attname: column.name for column in row._meta.concrete_fields}  # noqa: SLF001
    return standing_of(row, [every[name] for name in edit.now or edit.was or ()])


def _remove(row: models.Model) -> None:
    """Remove a row that a press made; who somebody is only while nothing else was written about them."""
    if isinstance(row, Contact) and not remove_contact(row):
        raise _more(row)
    if isinstance(row, Organization) and _holds(row):
        raise _more(row)
    if row.pk:
        row.delete()


def _more(about: Contact | Organization) -> Refusal:
    return Refusal(_("More was written about %(name)s since. Nothing was undone.") % {"name": about.name})


def _holds(organization: Organization) -> bool:
    """Whether anything hangs on an organization whose own rows are gone: an agreement, a mail, a file that named it."""
    for relation in organization._meta.get_fields(include_hidden=True):  # noqa: SLF001 - Django documents it
        if isinstance(relation, models.ManyToOneRel) and _name(relation) not in GOING_ALONG:
            rows: Any = relation.related_model._default_manager  # noqa: SLF001
            if rows.filter(**{relation.field.name: organization}).exists():
                return True
    return False


def _name(relation: models.ManyToOneRel) -> str:
    return str(relation.related_model._meta.model_name)  # noqa: SLF001


def _write(edit: Edit) -> None:
    row = _row(edit)
    if edit.was is None:
        if row is not None:
            _remove(row)
        return
    columns = {column.attname: column for column in edit.table._meta.concrete_fields}  # noqa: SLF001
    values = {name: columns[name].to_python(value) for name, value in edit.was.items()}
    if row is None:
        edit.table(pk=edit.pk, **values).save(force_insert=True)
        return
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
