"""A worker that seals the ledger every two seconds, while it is told to.

Each line on stdin is an order: "on" lets it seal from now on; "off" makes it seal all that waits
and then rest. It answers each with a line once it is so.
"""

import select
import sys

from server import create_app
from server.config import Config
from server.extensions import runtime
from services import ledger
from services.context import unit_of_work

SECONDS = 2.0


def main() -> None:
    app, is_on = create_app(Config.from_env()), False
    while True:
        ready, _, _ = select.select([sys.stdin], [], [], SECONDS if is_on else None)
        if ready:
            order = sys.stdin.readline().strip()
            if not order:
                return
            is_on = order == "on"
            while not is_on and not _seal(app):
                pass
            print(order, flush=True)
        elif is_on:
            _seal(app)


def _seal(app) -> bool:
    """Seal once; whether nothing is left waiting."""
    with app.app_context():
        ctx = runtime().context()
        with unit_of_work(ctx.session):
            sealed = ledger.seal(ctx)
        return sealed is not None and sealed.has_all


if __name__ == "__main__":
    main()
