"""What a build of a front end leaves behind, as small as it can be."""

import gzip
from pathlib import Path

SCRIPT = "const greeting = 'sain';\n" * 100


def leave_build(folder: Path, title: str) -> Path:
    """A page, hashed files below assets/, some of them packed; returns the folder."""
    assets = folder / "assets"
    assets.mkdir()
    (folder / "index.html").write_text(f"<!doctype html><title>{title}</title>")
    (assets / "index-abc123.js").write_text(SCRIPT)
    (assets / "index-abc123.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (assets / "index-abc123.js.br").write_bytes(b"as if packed")
    (assets / "font-abc123.woff2").write_bytes(b"wOF2")
    return folder
