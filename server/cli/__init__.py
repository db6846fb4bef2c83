"""The flask command's own commands."""

from flask import Flask

from server.cli.reference_data import reference_data


def init_app(app: Flask) -> None:
    app.cli.add_command(reference_data)
