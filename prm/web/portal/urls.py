"""Every address that a partner opens by a link."""

from django.urls import URLPattern, path

from prm.web.portal import correcting, data, feed, front, listing, mail

urlpatterns: list[URLPattern] = [
    path("p/<str:token>/", front.front, name="portal"),
    path("p/<str:token>/correct", correcting.correct, name="portal-correct"),
    path("p/<str:token>/correct/<int:pk>", correcting.corrected, name="portal-corrected"),
    path("p/<str:token>/mail", mail.mail, name="portal-mail"),
    path("p/<str:token>/listing", listing.listing, name="portal-listing"),
    path("p/<str:token>/data", data.data, name="portal-data"),
    path("p/<str:token>/data.json", data.data_file, name="portal-data-file"),
    path("p/<str:token>/feed", feed.feed, name="portal-feed"),
]
