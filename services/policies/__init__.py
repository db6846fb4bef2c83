"""What people are asked to consent to, and who answers for their data."""

from dataclasses import dataclass

# Raising this asks everybody for a new consent.
CURRENT_PRIVACY_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this installation, and how people reach them about their data."""

    name: str
    contact: str
