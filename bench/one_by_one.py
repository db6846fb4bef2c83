"""The application with one transaction for each ballot instead of group commit."""

from dataclasses import replace

from server import create_app
from server.config import Config
from services.ballot_box import BallotBox, CastBallot, CastRequest
from services.ballot_box.connection import connect_box
from services.ballot_box.settling import settle
from services.errors import ServiceError


class OneByOneBox(BallotBox):
    """Runs the very statements of the ballot box, each ballot a batch of its own."""

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self._engine = connect_box(database_url, connections=12)

    def cast(self, request: CastRequest) -> CastBallot:
        outcome = None
        while outcome is None:
            with self._engine.connect() as connection:
                (outcome,) = settle(connection, [request], shard=self._shard)
        if isinstance(outcome, ServiceError):
            raise outcome
        return outcome


config = Config.from_env()
app = create_app(config)
runtime = app.extensions["sain"]
app.extensions["sain"] = replace(
    runtime, services=replace(runtime.services, ballot_box=OneByOneBox(config.database_url))
)
