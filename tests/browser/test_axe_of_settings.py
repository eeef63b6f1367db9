"""axe looks at the pages of settings as those who may open them see them: light, dark, on a phone."""

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from prm.accounts.actions import note_access
from prm.accounts.history import changing
from prm.partners.actions import change_organization
from prm.partners.models import Organization
from prm.vocabulary.queries import term
from tests.browser import axe
from tests.browser.screen import fits
from tests.cast import NOW, ben, daniel, make_organization


def test_no_page_of_settings_has_a_fault(browser, house):
    director, faith, civic = daniel(), term("sector", "faith"), term("sector", "civic")
    client = Client()
    client.force_login(director)
    make_organization("Chapel", sector=faith)
    note_access(kind="export", about="partners", rows=1200, by=director, now=NOW)
    note_access(kind="download", about="contact:1", now=NOW)
    word = f"/words/sector/{faith.pk}"
    found = ["/accesses/", "/rules/", "/words/", "/words/sector/", word]
    found += [f"{word}/together?into={civic.pk}", f"{word}/together?into=x"]
    person, partner = ben(), Organization.objects.get()
    TOTP.activate(person, generate_totp_secret())
    with changing(lambda: director):
        change_organization(partner, city="Oakland", now=NOW)
    chosen = "rows=2&days-0=45&when-0=before&partner-0=notice&days-1=7&when-1=after&ours-1=owner&look=1"
    found += [
        "/rules/expiry/",
        "/rules/stuck/",
        f"/rules/expiry/?on=yes&{chosen}",
        f"/rules/expiry/?{chosen}",
    ]
    found += [f"/rules/?partner={partner.slug}", "/rules/expiry/?name=a"]
    found += [f"/colleagues/{person.pk}/second-step", f"/partners/{partner.slug}/changes"]
    context = browser.new_context(reduced_motion="reduce")
    context.add_cookies([{"name": "sessionid", "value": client.session.session_key, "url": house}])
    page, told = context.new_page(), []
    for path in found:
        page.goto(house + path)
        assert page.locator("h1").count() == 1, path
        assert fits(page), path
        told += [f"{path} {fault}" for fault in axe.faults(page)]
    context.close()
    assert told == []
