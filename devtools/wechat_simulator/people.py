"""A few invented people whom developers and tests can be, the same in every app."""

import secrets
from dataclasses import dataclass

from .control_input import Field, InputError, one_of, text
from .state import User, WeChatApp


@dataclass(frozen=True)
class Person:
    """Somebody with a WeChat account: one unionid for all apps, an openid in each."""

    key: str
    name: str
    about: str

    def visit(self, app: WeChatApp) -> User:
        """The person as this app knows them."""
        user = app.user(f"o-{app.appid}-{self.key}")
        user.unionid = f"u-{self.key}"
        return user


PEOPLE = {
    person.key: person
    for person in (
        Person("sarnai", "萨仁高娃", "蒙古族，退休教师，读蒙古文"),
        Person("batu", "巴特尔", "蒙古族，牧民"),
        Person("suri", "苏日娜", "蒙古族，护士"),
        Person("wang", "王秀兰", "汉族，75 岁，用大字"),
        Person("li", "李建国", "汉族，出租车司机"),
        Person("zhang", "张子涵", "汉族，大学生"),
    )
}


def somebody_new() -> Person:
    """A person whom no app has seen before."""
    return Person(f"new-{secrets.token_hex(8)}", "新的微信用户", "第一次来")


# Fields of control requests that are about a user: one of the people, or any openid.
USER_FIELDS: dict[str, Field] = {
    "openid": text(),
    "person": one_of(*PEOPLE),
    "appid": text(),
    "unionid": text(),
}


def chosen_user(app: WeChatApp, given: dict) -> User:
    """The user that a control request with USER_FIELDS names."""
    if ("openid" in given) == ("person" in given):
        raise InputError("Give one of the fields 'openid' and 'person'.")
    if "person" in given:
        return PEOPLE[given["person"]].visit(app)
    user = app.user(given["openid"])
    user.unionid = given.get("unionid", user.unionid)
    return user
