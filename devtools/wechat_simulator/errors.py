"""Error answers: the codes WeChat uses and the words that usually come with them.

WeChat: 全局返回码. Clients must match on errcode; the words change without notice.
"""

NOT_LATEST_TOKEN = (
    "invalid credential, access_token is invalid or not latest, could get access_token by "
    "getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r"
)

MESSAGES = {
    -1: "system error",
    40001: NOT_LATEST_TOKEN,
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40029: "invalid code",
    40037: "invalid template_id",
    40066: "invalid url",
    40097: "invalid args",
    40125: "invalid appsecret",
    40129: "invalid scene",
    40159: "invalid path",
    40163: "code been used",
    40165: "invalid weapp pagepath",
    40169: "invalid length for scene, or the data is not json string",
    40212: "invalid query",
    40226: "code blocked",
    40243: "AppSecret frozen",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41008: "missing code",
    41030: "invalid page",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43101: "user refuse to accept the msg",
    43104: "this appid does not have permission",
    43107: "subscribe message capability or template is banned",
    43108: "concurrent sends to the same user are not allowed",
    44002: "empty post data",
    44990: "rate limit",
    44991: "reach max api minute quota limit",
    44993: "reach the daily limit of links",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45029: "qrcode count out of limit",
    45168: "the message contains a sensitive word",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    48006: "forbid to clear quota because of reaching the limit",
    50002: "user limited",
    50007: "account frozen",
    61010: "code is expired",
    76001: "rid not found",
    76021: "cgi_path not found, please check",
    85079: "miniprogram has no online release",
    85096: "not allow include scancode_time field",
    85401: "time limit between 1min and 30 days",
    85402: "invalid env_version",
    87007: "session_key is not existd or expired",
    87008: "invalid sig_method",
    87009: "invalid signature",
    87014: "risky content",
    87020: "repeat request limit",
    89503: "the call from this ip needs the confirmation of an administrator",
}


class ApiError(Exception):
    """An answer with an errcode; the endpoint decorator adds the ` rid: …` tail."""

    def __init__(self, errcode: int, errmsg: str | None = None):
        super().__init__(errcode)
        self.errcode = errcode
        self.errmsg = errmsg or MESSAGES.get(errcode, "error")
