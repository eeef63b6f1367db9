"""The icons of the sprite as a template tag: `{% icon "clock" %}`. An icon never speaks alone, so it is hidden from
screen readers; the word beside it says the same."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """One symbol of `static/vendor/bootstrap-icons/sprite.svg`."""
    sprite = static("vendor/bootstrap-icons/sprite.svg")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name)
