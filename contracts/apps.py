from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """The promise's frame: organisations, contracts, versions, axes, sheets, calendar, stated figures."""

    name = "contracts"
    verbose_name = "Contrats"

    def ready(self) -> None:
        """Adds this room's part of every contract version, its checks, and what a funding not stopped allowed."""
        from contracts.checks.startup import register_checks
        from contracts.lifecycle import granted
        from contracts.lifecycle.selectors import dates_were_corrected
        from contracts.part import FramePart
        from contracts.parts import register, register_guard
        from contracts.subprojects.granted import sub_projects_granted
        from contracts.subprojects.selectors import sub_projects_hang_on

        register(FramePart())
        register_guard(sub_projects_hang_on)
        register_guard(dates_were_corrected)
        register_checks()
        granted.register(sub_projects_granted)
