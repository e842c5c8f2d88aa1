"""The addresses of the site; each app brings its own."""

from django.urls import URLPattern, URLResolver, path

from ftap.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("sante/", health, name="health"),
]
