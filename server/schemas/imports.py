"""Wire formats of what imports report."""

from flask import request
from marshmallow import Schema, fields

from server.messages import choose_language, translate_row_error
from server.schemas.common import Flag, Wire


class Words(fields.String):
    """The reason of a row's refusal, in the words of who reads the answer."""

    @staticmethod
    def put(reason: tuple[str, dict]) -> str:
        code, details = reason
        return translate_row_error(code, choose_language(request.accept_languages), **details)

    def _serialize(self, value, attr, obj, **kwargs):
        return self.put(value)


class RowErrorView(Schema):
    """What is wrong with a row; `row` is its number in the spreadsheet."""

    row = fields.Integer(required=True)
    column = fields.String(required=True, attribute="column_title", metadata={"example": "名称"})
    code = fields.String(required=True)
    message = Words(required=True, attribute="reason", metadata={"example": "不能为空。"})


class ImportReportView(Schema):
    """What became of an import: everything if `is_applied`, else nothing."""

    is_applied = fields.Boolean(required=True)
    rows = fields.Integer(required=True)
    created = fields.Integer(required=True)
    updated = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    error_count = fields.Integer(required=True)
    errors = fields.List(
        fields.Nested(RowErrorView), required=True, metadata={"description": "The first of them."}
    )
    ignored_columns = fields.List(fields.String(), required=True)


class ImportQuery(Wire):
    """Whether to change anything."""

    dry_run = Flag(required=True, metadata={"description": "Only check, and change nothing."})
