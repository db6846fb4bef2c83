"""Secrets for one developer's machine, made once and kept in `VAR_DIR/secrets.env`.

They stay the same over restarts, since what was encrypted with them could not be read otherwise.
"""

import base64
import os
import secrets
from pathlib import Path


def load_or_create(var_dir: Path) -> dict[str, str]:
    """The secrets as environment variables. Names missing from the file are added to it."""
    path = var_dir / "secrets.env"
    known = _read(path)
    fresh = {name: value for name, value in _generate().items() if name not in known}
    if fresh:
        _write(path, known | fresh)
    return known | fresh


def _generate() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATA_KEYS": f"dev1:{_random_key()}",
        "INDEX_KEY": _random_key(),
        "LEDGER_KEY": _random_key(),
        "METRICS_TOKEN": secrets.token_urlsafe(24),
    }


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _write(path: Path, values: dict[str, str]) -> None:
    # Written beside and renamed, so that an interruption never leaves half a file of keys.
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in values.items())
    unfinished.rename(path)
