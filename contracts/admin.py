"""Administration of organisations, the reference data that contracts share."""

from django.contrib import admin

from accounts.admin import StaffAdmin
from contracts.models import Organisation


@admin.register(Organisation)
class OrganisationAdmin(StaffAdmin, admin.ModelAdmin):  # type: ignore[type-arg]
    """Ministries, prefectures, operators; the code is what contract files say and never changes."""

    list_display = ["name", "code", "kind", "ministry", "region"]
    list_filter = ["kind", "region"]
    list_select_related = ["ministry"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["ministry"]

    def get_readonly_fields(self, request: object, obj: Organisation | None = None) -> list[str]:
        return ["code"] if obj else []
