"""Health knowledge: what staff write, review and publish, and what citizens read and find."""

from models.knowledge import (
    KNOWLEDGE_STATES as ITEM_STATES,
)
from models.knowledge_readers import (
    COMMENT_CHECKS,
    COMMENT_STATES,
    CONTRIBUTION_STATES,
    REPORT_STATES,
    UNHELPFUL_REASONS,
)
from services.knowledge.exchange.archive import (
    export_archive,
    import_archive,
)
from services.knowledge.exchange.spreadsheet import (
    export_items,
    import_items,
    import_template,
)
from services.knowledge.kinds import (
    KINDS,
)
from services.knowledge.reading.accepting import (
    accept_contribution,
    decline_contribution,
    get_contribution,
    list_contributions,
    select_undecided_contributions,
)
from services.knowledge.reading.cards import (
    Card,
    cards_of,
    select_cards,
    to_card,
)
from services.knowledge.reading.codes import (
    draw_code,
)
from services.knowledge.reading.comments import (
    delete_own_comment,
    list_comments,
    list_own_comments,
    list_staff_comments,
    reject_comment,
    select_pending_comments,
    show_comment,
    write_comment,
)
from services.knowledge.reading.contributions import (
    get_own_contribution,
    list_own_contributions,
    list_receivers,
    send_contribution,
    upload_picture,
)
from services.knowledge.reading.counting import (
    find_miscounted,
    note_view,
    roll_up_views,
)
from services.knowledge.reading.description import (
    describe_citizen,
)
from services.knowledge.reading.erasure import (
    erase_citizen,
)
from services.knowledge.reading.favourites import (
    drop_favourite,
    keep_favourite,
    list_favourites,
)
from services.knowledge.reading.opinions import (
    get_own_state,
    give_opinion,
)
from services.knowledge.reading.reading import (
    get_institution,
    get_item,
    list_items,
)
from services.knowledge.reading.reports import (
    answer_report,
    list_own_reports,
    list_reports,
    report_error,
    select_waiting_reports,
)
from services.knowledge.searching.hot_words import (
    list_hot_words,
    note_searched_name,
    purge_searched_names,
)
from services.knowledge.searching.indexing import (
    index_publication,
    reindex_all,
)
from services.knowledge.searching.searching import (
    search,
)
from services.knowledge.searching.suggesting import (
    suggest,
)
from services.knowledge.searching.synonyms import (
    change_synonyms,
    create_synonyms,
    delete_synonyms,
    list_synonyms,
)
from services.knowledge.writing.comparing import (
    compare_revisions,
)
from services.knowledge.writing.drafting import (
    change_settings,
    create_item,
    delete_item,
    save_content,
)
from services.knowledge.writing.flow import (
    STEPS,
)
from services.knowledge.writing.previewing import (
    preview_item,
)
from services.knowledge.writing.publishing import (
    publish_item,
    publish_scheduled,
    unschedule_item,
    withdraw_item,
)
from services.knowledge.writing.reviewing import (
    approve_item,
    confirm_review,
    recall_item,
    return_item,
    submit_item,
)
from services.knowledge.writing.revisions import (
    get_revision,
    list_revisions,
    restore_revision,
)
from services.knowledge.writing.staff_views import (
    SORTS as ITEM_SORTS,
)
from services.knowledge.writing.staff_views import (
    WAITING,
    list_kinds,
    select_waiting,
)
from services.knowledge.writing.staff_views import (
    get_item as get_staff_item,
)
from services.knowledge.writing.staff_views import (
    list_items as list_staff_items,
)
from services.knowledge.writing.topics import (
    add_topic,
    delete_topic,
    edit_topic,
    list_topics,
)

ITEM_ACTIONS = tuple(STEPS)
ITEM_KINDS = tuple(KINDS)

__all__ = [
    "COMMENT_CHECKS",
    "COMMENT_STATES",
    "CONTRIBUTION_STATES",
    "ITEM_ACTIONS",
    "ITEM_KINDS",
    "ITEM_SORTS",
    "ITEM_STATES",
    "KINDS",
    "REPORT_STATES",
    "UNHELPFUL_REASONS",
    "WAITING",
    "Card",
    "accept_contribution",
    "add_topic",
    "answer_report",
    "approve_item",
    "cards_of",
    "change_settings",
    "change_synonyms",
    "compare_revisions",
    "confirm_review",
    "create_item",
    "create_synonyms",
    "decline_contribution",
    "delete_item",
    "delete_own_comment",
    "delete_synonyms",
    "delete_topic",
    "describe_citizen",
    "draw_code",
    "drop_favourite",
    "edit_topic",
    "erase_citizen",
    "export_archive",
    "export_items",
    "find_miscounted",
    "get_contribution",
    "get_institution",
    "get_item",
    "get_own_contribution",
    "get_own_state",
    "get_revision",
    "get_staff_item",
    "give_opinion",
    "import_archive",
    "import_items",
    "import_template",
    "index_publication",
    "keep_favourite",
    "list_comments",
    "list_contributions",
    "list_favourites",
    "list_hot_words",
    "list_items",
    "list_kinds",
    "list_own_comments",
    "list_own_contributions",
    "list_own_reports",
    "list_receivers",
    "list_reports",
    "list_revisions",
    "list_staff_comments",
    "list_staff_items",
    "list_synonyms",
    "list_topics",
    "note_searched_name",
    "note_view",
    "preview_item",
    "publish_item",
    "publish_scheduled",
    "purge_searched_names",
    "recall_item",
    "reindex_all",
    "reject_comment",
    "report_error",
    "restore_revision",
    "return_item",
    "roll_up_views",
    "save_content",
    "search",
    "select_cards",
    "select_pending_comments",
    "select_undecided_contributions",
    "select_waiting",
    "select_waiting_reports",
    "send_contribution",
    "show_comment",
    "submit_item",
    "suggest",
    "to_card",
    "unschedule_item",
    "upload_picture",
    "withdraw_item",
    "write_comment",
]
