"""Pictures and videos that staff upload."""

from server.endpoint import Routes
from server.problems import IMAGE_REFUSALS
from server.schemas.files import ImageView, RemotePictureBody, VideoView
from services import files, videos
from services.access import Permission
from services.images import LARGEST_BYTES

# So that a video somewhat too large is told so in words about videos.
ROOM_TO_SAY_SO = 4 * 1024 * 1024

routes = Routes("staff_files", __name__, description="Pictures and videos that staff upload")


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
    refusals=IMAGE_REFUSALS,
)
def upload_image(ctx, content):
    """The raw bytes as the body. It is made anew, so nothing else that was in the file stays; what
    nothing refers to is deleted after a day."""
    return files.upload_image(ctx, content=content)


@routes.endpoint(
    "POST",
    "/files/videos",
    access="staff",
    requires=Permission.UPLOAD_FILES,
    rate="staff_heavy",
    summary="Upload a video",
    largest_upload=videos.LARGEST_BYTES + ROOM_TO_SAY_SO,
    uploads=videos.MEDIA_TYPE,
    returns=VideoView(),
    status=201,
    refusals=(
        "video_empty",
        "video_too_large",
        "video_not_recognized",
        "video_fragmented",
        "video_codec_unsupported",
        "video_damaged",
        "storage_unavailable",
    ),
)
def upload_video(ctx, content):
    """An MP4 as the body. Where it was filmed and all that players need not is overwritten; what
    nothing refers to is deleted after a day."""
    return files.upload_video(ctx, content=content)


@routes.endpoint(
    "POST",
    "/files/remote",
    access="staff",
    requires=Permission.UPLOAD_FILES,
    rate="staff_heavy",
    summary="Take over a picture from an article",
    body=RemotePictureBody(),
    returns=ImageView(),
    status=201,
    refusals=("remote_picture_not_allowed", "remote_picture_unavailable", *IMAGE_REFUSALS),
)
def fetch_picture(ctx, **values):
    """From the hosts of the setting PICTURE_HOSTS only; made anew like an uploaded one."""
    return files.fetch_picture(ctx, **values)
