"""Building blocks of the wire formats.

The words of a validation error are keys of server/messages, so that they reach the user in the
user's language; what follows the key after a space fills its blanks.
"""

import re
from collections.abc import Iterable
from datetime import UTC

from marshmallow import RAISE, Schema, fields, validate

from services.paging import LARGEST_ID

LARGEST_PAGE = 100
MISSING_MESSAGES = {"required": "field_required", "null": "field_required"}
TEXT_MESSAGES = MISSING_MESSAGES | {"invalid": "field_not_text", "invalid_utf8": "field_not_text"}
NUMBER_MESSAGES = MISSING_MESSAGES | {
    "invalid": "field_not_number",
    "too_large": "field_not_number",
}
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# The same in the dialect of JSON Schema, where half surrogates cannot be named.
PRINTABLE_PATTERN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"


class Wire(Schema):
    """A request's part: unknown fields are refused."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "field_unknown", "type": "field_not_object"}  # noqa: RUF012


class Text(fields.String):
    """Text of a bounded length without control characters or half surrogates."""

    default_error_messages = TEXT_MESSAGES | {"unprintable": "field_unprintable"}

    def __init__(self, *, longest: int, shortest: int = 1, **kwargs) -> None:
        limits = validate.Length(min=shortest, max=longest, error="field_length {min} {max}")
        metadata = {"pattern": PRINTABLE_PATTERN} | kwargs.pop("metadata", {})
        super().__init__(validate=limits, metadata=metadata, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        text = super()._deserialize(value, attr, data, **kwargs)
        if UNPRINTABLE.search(text):
            raise self.make_error("unprintable")
        return text


class Line(Text):
    """A name or the like: one line, without the spaces around it that come with copying."""

    def _deserialize(self, value, attr, data, **kwargs):
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        if "\n" in text or "\r" in text:
            raise self.make_error("unprintable")
        return text


class Moment(fields.AwareDateTime):
    """A moment as in RFC 3339, with its offset from UTC."""

    default_error_messages = MISSING_MESSAGES | dict.fromkeys(
        ("invalid", "invalid_awareness", "format"), "field_not_moment"
    )

    def _deserialize(self, value, attr, data, **kwargs):
        try:
            return super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)
        except OverflowError:
            raise self.make_error("invalid") from None


class Flag(fields.Boolean):
    """true or false; in a query string their names."""

    truthy = {True, "true"}  # noqa: RUF012
    falsy = {False, "false"}  # noqa: RUF012
    default_error_messages = MISSING_MESSAGES | {"invalid": "field_not_flag"}


class Degrees(fields.Float):
    """An angle on a map."""

    default_error_messages = NUMBER_MESSAGES | {"special": "field_not_number"}

    def __init__(self, *, most: int, **kwargs) -> None:
        limits = validate.Range(min=-most, max=most, error="field_range {min} {max}")
        super().__init__(validate=limits, **kwargs)

    def _validated(self, value):
        if isinstance(value, bool | str):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Whole(fields.Integer):
    """A whole number in a range, or its digits, as every value in a query string is text."""

    default_error_messages = NUMBER_MESSAGES

    def __init__(self, *, least: int, most: int, **kwargs) -> None:
        limits = validate.Range(min=least, max=most, error="field_range {min} {max}")
        super().__init__(validate=limits, **kwargs)

    def _validated(self, value):
        if type(value) is int:
            return value
        if isinstance(value, str) and re.fullmatch("-?[0-9]{1,19}", value):
            return int(value)
        raise self.make_error("invalid", input=value)


class RowId(Whole):
    """The id of a row, in JSON: a number, not text that looks like one."""

    def __init__(self, **kwargs) -> None:
        super().__init__(least=1, most=LARGEST_ID, **kwargs)

    def _validated(self, value):
        if type(value) is not int:
            raise self.make_error("invalid", input=value)
        return value


class Choice(fields.String):
    """One of some words."""

    default_error_messages = TEXT_MESSAGES

    def __init__(self, *choices: str, **kwargs) -> None:
        super().__init__(validate=validate.OneOf(choices, error="field_choice"), **kwargs)


class PageQuery(Wire):
    """How much of a list, and from where."""

    limit = Whole(
        least=1,
        most=LARGEST_PAGE,
        load_default=20,
        metadata={"description": "How many items a page has at most."},
    )
    cursor = Text(
        longest=512,
        metadata={"description": "`next_cursor` of the page before; absent for the first page."},
    )


class ReasonBody(Wire):
    """Why."""

    reason = Line(longest=500, required=True)


class ProblemView(Schema):
    """What went wrong, after RFC 9457."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(
        required=True, metadata={"description": "Stable: programs may depend on it."}
    )
    detail = fields.String(
        required=True, metadata={"description": "In the language asked for by Accept-Language."}
    )
    request_id = fields.String(required=True)
    errors = fields.Dict(
        keys=fields.String(),
        metadata={"description": "What is wrong with which field of the request."},
    )


def page_of(item: type[Schema], name: str, **extra: fields.Field) -> Schema:
    """The schema of a page of such items."""
    members = {
        "items": fields.List(fields.Nested(item), required=True),
        "next_cursor": fields.String(
            required=True,
            allow_none=True,
            metadata={"description": "Send as `cursor` for the next page; null on the last."},
        ),
    }
    return Schema.from_dict(members | extra, name=name)()


def sort_choices(keys: Iterable[str]) -> list[str]:
    """The values of a `sort` parameter: each key, and its reverse with a minus."""
    return [f"{sign}{key}" for key in keys for sign in ("", "-")]
