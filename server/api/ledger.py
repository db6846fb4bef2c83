"""The public ledger in short, and what became of a ballot, for whoever holds its receipt."""

from server.endpoint import Routes
from server.schemas.ledger import LedgerView, ReceiptView
from services import ledger, voting

routes = Routes("ledger", __name__, description="The public ledger, and receipts")


@routes.endpoint(
    "GET",
    "/ledger",
    access="anyone",
    rate="read",
    summary="The public ledger: its key and its latest checkpoint",
    returns=LedgerView(),
    is_cached=True,
)
def describe_ledger(ctx):
    """The ledger itself is served below `prefix`, as c2sp.org/tlog-tiles describes it."""
    return ledger.describe_ledger(ctx)


@routes.endpoint(
    "GET",
    "/receipts/<code>",
    access="anyone",
    rate="read",
    summary="What became of a ballot",
    returns=ReceiptView(),
    refusals=("receipt_not_found",),
)
def get_receipt(ctx, code):
    """For whoever holds its receipt code: with or without dashes, in any case. `state` is as of
    now; `steps` are the ledger's records about it, each with a proof against `checkpoint`."""
    return voting.get_receipt(ctx, code=code)


@routes.endpoint(
    "GET",
    "/receipts/<code>/qr",
    access="anyone",
    rate="read",
    summary="A QR code that leads to the receipt",
    downloads="image/png",
    is_cached=True,
    refusals=("receipt_not_found",),
)
def draw_receipt_code(ctx, code):
    """Scanned by anybody, it opens the receipt's page."""
    return voting.draw_receipt_code(ctx, code=code)
