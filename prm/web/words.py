"""How days, spans and names are put into words on a screen: one template library, loaded everywhere.

Within 60 days a date is told by its distance, "in 9 days (30 Nov)"; beyond, by itself, with the distance below it in
rough units. Spaces inside a date never break.
"""

from datetime import date

from django import template
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

NEAR = 60
NO_BREAK = "\N{NO-BREAK SPACE}"


def unbroken(text: str) -> str:
    """The same words, kept on one line."""
    return text.replace(" ", NO_BREAK)


@register.filter
def plain_day(day: date | None) -> str:
    """ "30 Sep 2028"."""
    return unbroken(date_format(day, "j M Y")) if day else ""


@register.filter
def day_and_month(day: date) -> str:
    """ "30 Nov", where the year is plain from the place it stands in."""
    return unbroken(date_format(day, "j M"))


@register.filter
def short_day(day: date | None, today: date) -> str:
    """ "30 Nov", with its year when that is not obvious."""
    if day is None:
        return ""
    obvious = abs((day - today).days) <= NEAR or day.year == today.year
    return unbroken(date_format(day, "j M" if obvious else "j M Y"))


@register.filter
def weekday(day: date | None, today: date) -> str:
    """ "Tue 23 Nov": for days on which someone must act."""
    return unbroken(f"{date_format(day, 'D')} {short_day(day, today)}") if day else ""


def _rough(days: int) -> str:
    """A length in the unit that a person would use: 12 days, 11 weeks, 3 months, 2 years."""
    if days <= NEAR:
        return ngettext("%d day", "%d days", days) % days
    if days < 90:
        weeks = days // 7
        return ngettext("%d week", "%d weeks", weeks) % weeks
    if days < 24 * 30:
        months = round(days / 30.44)
        return ngettext("%d month", "%d months", months) % months
    years = round(days / 365.25)
    return ngettext("%d year", "%d years", years) % years


@register.filter
def day_of_week(day: date) -> str:
    """ "Fri 25 Dec 2026", for a list of days by themselves."""
    return unbroken(date_format(day, "D j M Y"))


@register.filter
def distance(day: date | None, today: date) -> str:
    """ "Today", "Tomorrow", "in 7 days", "11 weeks ago"."""
    if day is None:
        return ""
    days = (day - today).days
    near = {0: _("Today"), 1: _("Tomorrow"), -1: _("Yesterday")}.get(days)
    if near:
        return near
    text = _("in %s") % _rough(days) if days > 0 else _("%s ago") % _rough(-days)
    return unbroken(text)


@register.filter
def near_day(day: date | None, today: date) -> str:
    """ "Today", "in 9 days (30 Nov)", beyond 60 days "30 Sep 2028"."""
    if day is None:
        return ""
    days = (day - today).days
    if days in (0, 1):
        return distance(day, today)
    if abs(days) > NEAR:
        return plain_day(day)
    return f"{distance(day, today)} ({short_day(day, today)})"


@register.filter
def due_day(day: date | None, today: date) -> str:
    """Like `near_day`, but a day that has passed is late: "4 days late (12 Nov)"."""
    if day is None or day >= today:
        return near_day(day, today)
    days = (today - day).days
    if days > NEAR:
        return _("late since %s") % plain_day(day)
    late = unbroken(ngettext("%d day late", "%d days late", days) % days)
    return f"{late} ({short_day(day, today)})"


@register.filter
def far(day: date | None, today: date) -> bool:
    """Whether a date stands by itself and wants its distance below it."""
    return day is not None and abs((day - today).days) > NEAR


@register.filter
def figure(number: int) -> str:
    """ "1,200"."""
    return number_format(number, force_grouping=True)


@register.filter
def listed(words: list[str]) -> str:
    """ "Anna, Ben and Carla"."""
    names = [str(word) for word in words]
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s and %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


@register.simple_tag(takes_context=True)
def querystring_of(context: template.Context, name: str, value: str | None = None) -> str:
    """The present address with one parameter, whose name is not known beforehand, set or taken away; page 1 again."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    query.pop(name, None)
    if value is not None:
        query[name] = value
    return f"?{query.urlencode()}"
