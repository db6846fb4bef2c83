"""What the sheets themselves say to those who fill them in; errors are in server/messages/."""

from services.spreadsheets.columns import MOST_TEXT, Column

EXAMPLE_MARK = "【示例】"
TITLE_OF_INSTRUCTIONS = "填写说明"
TITLE_OF_CHOICES = "选项"
HEADINGS = ("列名", "必填", "怎么填", "示例")
YES, NO = "是", "否"
CHOICE_REFUSED = "请从下拉列表中选择。"
ABOUT_EXAMPLE = f"第一张表里以“{EXAMPLE_MARK}”开头的一行是示例，导入时会跳过，也可以删去。"
ABOUT_RED = "列名为红色的必须填写。列的先后可以调整，请不要改列名。"

_HINTS = {
    "whole": "整数。",
    "decimal": "数字，可以有小数。",
    "moment": "北京时间，例如 2026-11-20 09:30。",
    "day": "日期，例如 2026-11-20。",
    "picture": "把图片插入这一格（嵌入或浮动都可以），每张不超过 8 MB；"
    "也可以填图片的文件名，把图片和表格放进同一个 zip 压缩包上传。",
}


def describe(column: Column) -> str:
    """How to fill in a column."""
    return f"{_describe_kind(column)}{column.note}"


def _describe_kind(column: Column) -> str:
    if column.kind == "yes_no":
        return f"填“{YES}”或“{NO}”。"
    if column.kind == "choice":
        return f"从下拉列表中选择：{'、'.join(column.choices.values())}。"
    if column.kind in ("text", "line") and column.max_length < MOST_TEXT:
        return f"不超过 {column.max_length} 个字。"
    return _HINTS.get(column.kind, "")
