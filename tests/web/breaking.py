"""Addresses that break, beside those of the product."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def breaks(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("as asked for")


urlpatterns = [path("breaks/", breaks), path("", include("prm.web.urls"))]
