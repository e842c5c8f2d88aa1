"""The addresses of the site; each app brings its own."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from ftap import pages
from ftap.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("sante/", health, name="health"),
    path("administration/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("contracts.urls")),
    path("", include("monitoring.urls")),
    path("", include("budget.urls")),
    path("", include("savings.urls")),
    path("", include("indicators.urls")),
    path("", include("reports.urls")),
    *pages.urlpatterns,
]
