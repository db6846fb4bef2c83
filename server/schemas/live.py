"""Wire formats of a campaign's live figures."""

from marshmallow import Schema, fields

from server.schemas.common import LARGEST_ID, Whole, Wire
from server.schemas.voting import MODES
from services.voting import BALLOT_SOURCES


class CodeQuery(Wire):
    """What a mini-program code shall lead to."""

    entry_id = Whole(
        least=1, most=LARGEST_ID, metadata={"description": "Absent for the campaign itself."}
    )


class HourFiguresView(Schema):
    """What an hour brought; voters are those whose first ballot it was."""

    at = fields.AwareDateTime(required=True, metadata={"description": "When the hour begins."})
    ballots = fields.Integer(required=True)
    voters = fields.Integer(required=True)


class DayFiguresView(Schema):
    """What a calendar day in Asia/Shanghai brought."""

    on = fields.Date(required=True)
    ballots = fields.Integer(required=True)
    voters = fields.Integer(required=True)


class DivisionFiguresView(Schema):
    """The ballots for entries from one division; null for entries of no organization."""

    code = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    name_mn = fields.String(required=True, allow_none=True)
    ballots = fields.Integer(
        required=True, allow_none=True, metadata={"description": "null for 1 to 4."}
    )


class SourceFiguresView(Schema):
    """The ballots cast from one place; null where the client did not say."""

    source = fields.String(
        required=True, allow_none=True, metadata={"enum": [*BALLOT_SOURCES, None]}
    )
    ballots = fields.Integer(
        required=True, allow_none=True, metadata={"description": "null for 1 to 4."}
    )


class LiveStandingsRowView(Schema):
    """An entry's place, as far as one may see it; withdrawn entries have none."""

    entry_id = fields.Integer(required=True)
    number = fields.Integer(required=True)
    name = fields.String(required=True)
    name_mn = fields.String(required=True, allow_none=True)
    organization_name = fields.String(required=True, allow_none=True)
    rank = fields.Integer(required=True, allow_none=True)
    votes = fields.Integer(required=True, allow_none=True)
    is_withdrawn = fields.Boolean(required=True)


class LiveView(Schema):
    """All of a campaign's ballots, counted in several ways."""

    votes = fields.Integer(required=True)
    voters = fields.Integer(required=True)
    population = fields.Integer(required=True, allow_none=True)
    turnout = fields.Float(
        required=True, allow_none=True, metadata={"description": "Voters by population."}
    )
    by_hour = fields.List(fields.Nested(HourFiguresView), required=True)
    by_day = fields.List(fields.Nested(DayFiguresView), required=True)
    by_division = fields.List(fields.Nested(DivisionFiguresView), required=True)
    by_source = fields.List(fields.Nested(SourceFiguresView), required=True)
    standings = fields.List(fields.Nested(LiveStandingsRowView), required=True)
    shown = fields.String(
        required=True,
        metadata={
            "enum": list(MODES),
            "description": "How much of the standings one sees; all divisions only with `live`.",
        },
    )
    is_final = fields.Boolean(required=True)
    is_frozen = fields.Boolean(required=True)
    standings_as_of = fields.AwareDateTime(required=True)
    as_of = fields.AwareDateTime(required=True)
