"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

from prm.web import health
from prm.web.staff import more, outbox, outlook, partner, partners, pause, renewal, replacement, talk

urlpatterns: list[URLPattern | URLResolver] = [
    path("", partners.home, name="home"),
    path("partners/", partners.partners, name="partners"),
    path("partners/<slug:slug>/", partner.partner, name="partner"),
    path("partners/<slug:slug>/talk", talk.talk, name="partner-talk"),
    path("partners/<slug:slug>/pause", pause.pause, name="partner-pause"),
    path("partners/<slug:slug>/pauses/<int:pk>", pause.pause_end_page, name="partner-pause-end"),
    path("partners/<slug:slug>/renewal", renewal.renewal, name="partner-renewal"),
    path("partners/<slug:slug>/replace", replacement.replacement, name="partner-replacement"),
    path("outlook/", outlook.outlook_page, name="outlook"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/sending", outbox.sending, name="outbox-sending"),
    path("outbox/<int:pk>/", outbox.outbox, name="outbox-message"),
    path("outbox/<int:pk>/again", outbox.again, name="outbox-again"),
    path("more/", more.more, name="more"),
    path("more/theme", more.theme, name="more-theme"),
    path("accounts/", include("allauth.account.urls")),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
