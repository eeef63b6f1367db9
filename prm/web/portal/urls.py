"""Every address that a partner opens by a link."""

from django.urls import URLPattern, path

from prm.web.portal import front

urlpatterns: list[URLPattern] = [
    path("p/<str:token>/", front.front, name="portal"),
]
