"""The flask command's own commands."""

from flask import Flask

from server.cli.audit import audit
from server.cli.knowledge import knowledge
from server.cli.ledger import ledger
from server.cli.reference_data import reference_data
from server.cli.screening import screening
from server.cli.staff import staff


def init_app(app: Flask) -> None:
    for group in (audit, knowledge, ledger, reference_data, screening, staff):
        app.cli.add_command(group)
