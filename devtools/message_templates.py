"""The message template that development and tests use: known to the simulator, set for Sain."""

import json

RESULT_TEMPLATE = "simCampaignResult000000000000000000000000D"
RESULT_KEYS = {"thing1": "campaign", "thing2": "contest", "time3": "closed_at", "thing4": "note"}
# The value of WECHAT_TEMPLATES.
SETTING = json.dumps({"campaign_result": {"template_id": RESULT_TEMPLATE, "keys": RESULT_KEYS}})
