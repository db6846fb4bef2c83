"""Risk rank of a user, and the rule that the user must have visited lately.

WeChat: getUserRiskRank (安全风控).
"""

import secrets

from .endpoint import Call, api, is_whole_number, known_user
from .errors import ApiError
from .state import User

VISIT_SECONDS = 2 * 3600


def recent_visitor(call: Call) -> User:
    """The user of the body's openid. WeChat: 61010 after two hours without a visit."""
    user = known_user(call)
    if user.last_visit_at is None or call.now() - user.last_visit_at > VISIT_SECONDS:
        raise ApiError(61010)
    return user


@api("/wxa/getuserriskrank")
def get_user_risk_rank(call: Call) -> dict:
    """The answer's id is spelt `unoin_id` by WeChat."""
    if call.text("appid") != call.app.appid:
        raise ApiError(43104)
    if not is_whole_number(call.body.get("scene"), 0, 2):
        raise ApiError(40129)
    call.text("client_ip")
    user = recent_visitor(call)
    return {
        "errcode": 0,
        "errmsg": "getuserriskrank succ",
        "risk_rank": user.risk_rank,
        "unoin_id": secrets.randbelow(2**31),
    }
