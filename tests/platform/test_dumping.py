"""The dump by plan gives what marshmallow's own dump gives."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from marshmallow import Schema, fields

from server.api import all_endpoints
from server.schemas.dumping import make_dump
from server.schemas.imports import Words

SAMPLES = {
    fields.String: ["", "蒙医", None],
    fields.Integer: [0, 2**62, None],
    fields.Float: [0.5, -39.82, None],
    fields.Boolean: [True, False],
    fields.AwareDateTime: [datetime(2026, 11, 20, 4, 0, 0, 5, tzinfo=UTC), None],
    fields.Date: [date(2026, 11, 20), None],
    fields.Dict: [{}, {"名称": ["旧", 7]}, None],
    Words: [("required", {}), ("too_long", {"limit": 7}), ("organization_closed", {})],
}
RETURNED = [endpoint.returns for _, endpoint in all_endpoints() if endpoint.returns is not None]


def sample_value(field: fields.Field, place: int):
    if isinstance(field, fields.Nested):
        return sample(field.schema, place)
    if isinstance(field, fields.List):
        return [sample_value(field.inner, each) for each in range(place)]
    if isinstance(field, fields.Dict) and field.value_field:
        return {"名称": sample_value(field.value_field, place)}
    values = SAMPLES[type(field)]
    return values[place % len(values)]


def sample(schema: Schema, place: int) -> SimpleNamespace:
    root = SimpleNamespace()
    for name, field in schema.dump_fields.items():
        *path, last = (field.attribute or name).split(".")
        holder = root
        for step in path:
            holder = vars(holder).setdefault(step, SimpleNamespace())
        value = sample_value(field, place)
        existing = vars(holder).get(last)
        if isinstance(existing, SimpleNamespace) and isinstance(value, SimpleNamespace):
            vars(existing).update(vars(value))
        else:
            setattr(holder, last, value)
    return root


@pytest.mark.parametrize("schema", RETURNED, ids=lambda schema: type(schema).__name__)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_every_answer_is_dumped_as_marshmallow_would(app, schema, place):
    source = sample(schema, place)
    with app.test_request_context():
        assert make_dump(schema)(source) == schema.dump(source)


def test_reasons_are_put_into_words_of_the_reader(app):
    schema = Schema.from_dict({"message": Words(attribute="reason")})()
    row = SimpleNamespace(reason=("too_long", {"limit": 7}))
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        assert make_dump(schema)(row) == {"message": "最多 7 个字，请缩短。"}


def test_a_dict_at_the_top():
    schema = Schema.from_dict({"items": fields.List(fields.Integer())})()
    assert make_dump(schema)({"items": [1, 2]}) == {"items": [1, 2]}


def test_a_kind_of_field_without_a_plan_is_refused_at_once():
    schema = Schema.from_dict({"price": fields.Decimal()})()
    with pytest.raises(TypeError, match="Decimal"):
        make_dump(schema)
