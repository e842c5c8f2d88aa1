"""Why a file is not taken as evidence."""


class EvidenceRefused(Exception):  # noqa: N818
    """The file is not taken; `str(error)` is the French sentence to show. Nothing was stored."""
