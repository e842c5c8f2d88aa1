"""Administration of people and roles; no figure is seen or changed here."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from accounts.models import RoleGrant, User

admin.site.site_header = "Administration du suivi des contrats FTAP"
admin.site.site_title = "Administration"
admin.site.index_title = "Personnes, rôles et organisations"
admin.site.unregister(Group)


class StaffAdmin(admin.options.BaseModelAdmin):  # type: ignore[type-arg]
    """Open to the administrators of the service: being staff is enough, nothing is ever deleted."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RoleGrantInline(StaffAdmin, admin.StackedInline):  # type: ignore[type-arg]
    """The roles of a person. Nobody grants themselves a role: another administrator does."""

    model = RoleGrant
    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj != request.user or request.user.is_superuser)

    has_add_permission = has_change_permission

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


@admin.register(User)
class PersonAdmin(StaffAdmin, UserAdmin):  # type: ignore[type-arg]
    """People; one who leaves is made inactive, what they declared stays theirs."""

    ordering = ["last_name", "first_name", "email"]
    list_display = ["email", "last_name", "first_name", "service", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "grants__role"]
    search_fields = ["email", "last_name", "first_name", "service"]
    readonly_fields = ["created_at", "last_login"]
    filter_horizontal = ()
    inlines = [RoleGrantInline]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        ("Identité", {"fields": ["first_name", "last_name", "service"]}),
        ("Accès", {"fields": ["is_active", "is_staff", "created_at", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "first_name", "last_name", "service", "usable_password", "password1", "password2"]})
    ]
