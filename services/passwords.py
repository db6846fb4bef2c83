"""Staff passwords: how they are kept, and which are good enough."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from services.errors import Invalid

# OWASP's second choice for argon2id (19 MiB, 2 passes, 1 lane): some 30 ms on a small server.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# What a try against no account is compared with, so that it takes as long as any other.
_NOBODYS_HASH = _hasher.hash(secrets.token_urlsafe())
# zxcvbn counts guesses; 10^8 withstands years of tries that are locked out after a few.
LEAST_GUESSES_LOG10 = 8
LONGEST_PASSWORD = 128


@dataclass(frozen=True, slots=True)
class StaffRules:
    """How staff sign in. The defaults are what assessors of GB/T 22239-2019 level 3 expect."""

    password_min_length: int = 8
    # How many of lower case, upper case, digits and others a password needs.
    password_classes: int = 3
    # None where passwords need not be changed, as OWASP ASVS 5.0 V6.2.10 would have it.
    password_max_age: timedelta | None = timedelta(days=90)
    lock_after: int = 5
    lock_for: timedelta = timedelta(minutes=30)
    idle_limit: timedelta = timedelta(minutes=30)
    session_limit: timedelta = timedelta(hours=12)
    invitation_lifetime: timedelta = timedelta(days=7)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def is_right_password(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; takes as long where there is no hash to fit."""
    try:
        return _hasher.verify(password_hash or _NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError):
        return False


def check_password(rules: StaffRules, password: str, *, about: list[str]) -> None:
    """Raise Invalid for a password too short, too simple, too common or made of `about`."""
    if len(password) < rules.password_min_length:
        raise Invalid("password_too_short", least=rules.password_min_length)
    if count_classes(password) < rules.password_classes:
        raise Invalid("password_too_simple", classes=rules.password_classes)
    estimate = zxcvbn(password, user_inputs=about, max_length=LONGEST_PASSWORD)
    if estimate["guesses_log10"] < LEAST_GUESSES_LOG10:
        raise Invalid("password_too_common")


def count_classes(password: str) -> int:
    """How many of lower case, upper case, digits and others occur."""
    kinds = (str.islower, str.isupper, str.isdigit, lambda each: not each.isalnum())
    return sum(any(is_kind(each) for each in password) for is_kind in kinds)
