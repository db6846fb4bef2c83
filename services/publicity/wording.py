"""What staff call media, levels and states, in spreadsheets."""

from models.publicity import MEDIA as KNOWN_MEDIA
from models.publicity import MEDIA_LEVELS, PUBLICITY_STATES

MEDIA = {
    "radio": "广播",
    "television": "电视",
    "press": "报刊",
    "official_account": "公众号",
    "website": "网站",
    "short_video": "短视频",
    "other": "其他",
}
LEVELS = {
    "national": "国家级",
    "region": "自治区级",
    "city": "盟市级",
    "district": "旗县区级",
    "institution": "本单位",
}
STATES = {"recorded": "待确认", "confirmed": "已确认", "returned": "已退回"}
assert (tuple(MEDIA), tuple(LEVELS), tuple(STATES)) == (
    KNOWN_MEDIA,
    MEDIA_LEVELS,
    PUBLICITY_STATES,
)
