"""Wire formats of pictures."""

from marshmallow import Schema, fields


class ImageView(Schema):
    """A picture as it is kept."""

    id = fields.Integer(required=True)
    url = fields.String(required=True, metadata={"description": "A path on this site."})
    thumbnail_url = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    bytes = fields.Integer(required=True)
