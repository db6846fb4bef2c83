"""APIs about the API itself.

WeChat: clearQuota, clearQuotaByAppSecret, openapi/quota/get, openapi/rid/get, getcallbackip,
get_api_domain_ip.
"""

from .endpoint import ENDPOINTS, Call, api, identify_app, ok
from .errors import ApiError
from .limits import Limit, allowance, applicable_limits, counter_key, spend
from .state import CallRecord, WeChatApp

CLEARS_PER_MONTH = (Limit(10, "month", 48006, group="clear_quota"),)
LASTING_WINDOWS = ("month", "total")
RID_SECONDS = 7 * 86_400


@api("/cgi-bin/clear_quota")
def clear_quota(call: Call) -> dict:
    """WeChat: ten times a month per account, 48006 after that."""
    if call.text("appid", 40013) != call.app.appid:
        raise ApiError(40013)
    return _clear(call, call.app)


@api("/cgi-bin/clear_quota/v2", needs_token=False)
def clear_quota_by_secret(call: Call) -> dict:
    """The same with appid and appsecret instead of a token."""
    given = call.body
    return _clear(call, identify_app(call.state, given.get("appid"), given.get("appsecret")))


def _clear(call: Call, app: WeChatApp) -> dict:
    spend(call.state, app, "/cgi-bin/clear_quota", CLEARS_PER_MONTH)
    counters = call.state.counters
    for key in [key for key in counters if key[0] == app.appid and key[2] not in LASTING_WINDOWS]:
        del counters[key]
    return ok()


@api("/cgi-bin/openapi/quota/get")
def get_quota(call: Call) -> dict:
    """WeChat: quota is the day's, rate_limit the minute's; 76021 for an unknown path."""
    path = call.text("cgi_path", 76021)
    endpoint = ENDPOINTS.get(path)
    if endpoint is None:
        raise ApiError(76021)
    answer = {}
    for limit in applicable_limits(call.app, path, endpoint.limits):
        allowed = allowance(call.app, path, limit)
        if limit.window == "day":
            used = call.state.counters[counter_key(call.app, path, limit, call.now())]
            answer["quota"] = {
                "daily_limit": allowed,
                "used": used,
                "remain": max(0, allowed - used),
            }
        elif limit.window == "minute":
            answer["rate_limit"] = {"call_count": allowed, "refresh_second": 60}
    return ok(**answer)


@api("/cgi-bin/openapi/rid/get")
def get_rid(call: Call) -> dict:
    """What a call of the last seven days sent and got. WeChat: 76001 for an unknown rid."""
    rid = call.text("rid", 76001)
    for record in call.state.calls:
        if record.rid == rid and call.now() - record.at < RID_SECONDS:
            return ok(request=_describe(record))
    raise ApiError(76001)


def _describe(record: CallRecord) -> dict:
    query = "&".join(f"{name}={value}" for name, value in record.query.items())
    return {
        "invoke_time": int(record.at),
        "cost_in_ms": 1,
        "request_url": query,
        "request_body": record.body,
        "response_body": record.response or "",
        "client_ip": record.client_ip,
    }


@api("/cgi-bin/getcallbackip", "GET")
def get_callback_ips(call: Call) -> dict:
    """Where pushes come from: here, from the simulator itself."""
    return {"ip_list": ["127.0.0.1"]}


@api("/cgi-bin/get_api_domain_ip", "GET")
def get_api_ips(call: Call) -> dict:
    """Where the API is reached."""
    return {"ip_list": ["127.0.0.1"]}
