"""What the frame of a contract adds to the catalogue when the application starts."""

from contracts.checks.codes import CODES
from contracts.checks.dates import DATES
from contracts.checks.figures import SHARES, STATED, read_shares, read_stated
from contracts.checks.frame import read_frame
from contracts.checks.readings import READINGS
from contracts.checks.registry import register
from contracts.subprojects.checks import CHECKS as SUB_PROJECTS
from contracts.subprojects.checks import read_sub_projects


def register_checks() -> None:
    """Called once."""
    register(*STATED, facts=read_stated)
    register(*SHARES, facts=read_shares)
    register(*CODES, *DATES, *READINGS, facts=read_frame)
    register(*SUB_PROJECTS, facts=read_sub_projects)
