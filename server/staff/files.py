"""Pictures that staff upload."""

from server.endpoint import Routes
from server.schemas.files import ImageView
from services import files
from services.access import Permission
from services.images import LARGEST_BYTES

routes = Routes("staff_files", __name__, description="Pictures that staff upload")


@routes.endpoint(
    "POST",
    "/files",
    access="staff",
    requires=Permission.UPLOAD_FILES,
    rate="staff_heavy",
    summary="Upload a picture",
    # Room for a picture that is too large to be told so in words about pictures.
    largest_upload=2 * LARGEST_BYTES,
    returns=ImageView(),
    status=201,
    refusals=(
        "image_empty",
        "image_too_large",
        "image_too_many_pixels",
        "image_not_recognized",
        "image_damaged",
        "storage_unavailable",
    ),
)
def upload_image(ctx, content):
    """The raw bytes as the body. It is made anew, so nothing else that was in the file stays; what
    nothing refers to is deleted after a day."""
    return files.upload_image(ctx, content=content)
