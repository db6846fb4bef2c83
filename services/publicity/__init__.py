"""What appeared in the media: recorded by institutions, confirmed by commissions, counted."""

from models.publicity import MEDIA, MEDIA_LEVELS, PUBLICITY_STATES
from services.publicity.deciding import confirm_record, return_record
from services.publicity.export import export_figures, export_records
from services.publicity.figures import get_figures, sum_up
from services.publicity.recording import create_record, delete_record, edit_record
from services.publicity.views import SORTS as PUBLICITY_SORTS
from services.publicity.views import get_record, list_records, select_to_confirm, select_to_mend

__all__ = [
    "MEDIA",
    "MEDIA_LEVELS",
    "PUBLICITY_SORTS",
    "PUBLICITY_STATES",
    "confirm_record",
    "create_record",
    "delete_record",
    "edit_record",
    "export_figures",
    "export_records",
    "get_figures",
    "get_record",
    "list_records",
    "return_record",
    "select_to_confirm",
    "select_to_mend",
    "sum_up",
]
