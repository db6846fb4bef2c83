"""Wire formats of pictures and videos."""

from marshmallow import Schema, fields

from server.schemas.common import Text, Wire


class ImageView(Schema):
    """A picture as it is kept."""

    id = fields.Integer(required=True)
    url = fields.String(required=True, metadata={"description": "A path on this site."})
    thumbnail_url = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    bytes = fields.Integer(required=True)


class VideoView(Schema):
    """A video as it is kept."""

    id = fields.Integer(required=True)
    url = fields.String(required=True, metadata={"description": "A path on this site."})
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    bytes = fields.Integer(required=True)


class RemotePictureBody(Wire):
    """Where a picture is."""

    url = Text(longest=2000, required=True)
