"""All addresses belong to the doors in prm/web."""

from django.urls import include, path

urlpatterns = [path("", include("prm.web.urls"))]
