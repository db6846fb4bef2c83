"""A code to be scanned that leads to an item."""

import io

import segno

from services.context import Context
from services.downloads import Download
from services.knowledge.reading.reading import fetch_publication

# Below the site; server/site.py leads from there to the page.
PATH = "k"
QR_SCALE, QR_BORDER = 8, 4


def draw_code(ctx: Context, *, item_id: int) -> Download:
    """A picture that leads to a published item; raises Missing."""
    publication = fetch_publication(ctx, item_id)
    picture = io.BytesIO()
    qr = segno.make_qr(f"{ctx.services.site_url}/{PATH}/{publication.item_id}")
    qr.save(picture, kind="png", scale=QR_SCALE, border=QR_BORDER)
    return Download(f"{publication.item_id}.png", picture.getvalue())
