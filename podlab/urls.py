"""Every address of the site: the watchers' first, then the pages."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("podlab.health")),
    path("", include("podlab.web.urls")),
]

handler404 = "podlab.web.views.not_found"
handler500 = "podlab.web.views.server_error"
