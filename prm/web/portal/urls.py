"""Every address that a partner opens by a link."""

from django.urls import URLPattern, path

from prm.web.portal import (
    correcting,
    data,
    feed,
    front,
    full,
    leaving,
    listing,
    mail,
    new,
    renewal,
    said,
    talk,
)

urlpatterns: list[URLPattern] = [
    path("p/<str:token>/", front.front, name="portal"),
    path("p/<str:token>/full", full.full, name="portal-full"),
    path("p/<str:token>/full/until", full.full_until, name="portal-until"),
    path("p/<str:token>/said/<int:pk>", said.said, name="portal-said"),
    path("p/<str:token>/said/<int:pk>/talk.ics", said.talk_entry, name="portal-talk-entry"),
    path("p/<str:token>/talk/<int:pk>", talk.talk, name="portal-talk"),
    path("p/<str:token>/renewal/<int:pk>", renewal.renewal, name="portal-renewal"),
    path("p/<str:token>/correct", correcting.correct, name="portal-correct"),
    path("p/<str:token>/correct/<int:pk>", correcting.corrected, name="portal-corrected"),
    path("p/<str:token>/mail", mail.mail, name="portal-mail"),
    path("p/<str:token>/listing", listing.listing, name="portal-listing"),
    path("p/<str:token>/data", data.data, name="portal-data"),
    path("p/<str:token>/data.json", data.data_file, name="portal-data-file"),
    path("p/<str:token>/feed", feed.feed, name="portal-feed"),
    path("p/<str:token>/leaving", leaving.leaving, name="portal-leaving"),
    path("p/<str:token>/new", new.new, name="portal-new"),
]
