"""Handing one subscribe message to WeChat, and what is known of it afterwards."""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests
import urllib3
from wechatpy.exceptions import WeChatClientException

if TYPE_CHECKING:
    from services.wechat import StableTokenClient

log = logging.getLogger(__name__)

PATH = "/cgi-bin/message/subscribe/send"
PROGRAM_STATES = {"release": "formal", "trial": "trial", "develop": "developer"}


@dataclass(frozen=True, slots=True)
class MessageAnswer:
    """What WeChat said to a message: errcode 0 took it, any other refused it.

    Without an errcode there was no answer: WeChat was not reached and surely has not sent it, or
    else (`is_lost`) it was asked and nobody knows.
    """

    errcode: int | None
    msgid: str | None = None
    is_lost: bool = False


def hand_over(client: "StableTokenClient", message: dict) -> MessageAnswer:
    """Ask WeChat to send the message, once. Nothing is raised for what WeChat or the net do."""
    try:
        # Without a token nothing is asked, so what goes wrong here leaves no doubt.
        client.require_token()
    except WeChatClientException as error:
        return MessageAnswer(error.errcode)
    except (requests.RequestException, KeyError, TypeError, ValueError):
        return MessageAnswer(None)
    try:
        answer = client.call(PATH, message)
    except WeChatClientException as error:
        return MessageAnswer(error.errcode, is_lost=error.errcode is None)
    except (requests.RequestException, KeyError, TypeError, ValueError) as error:
        return MessageAnswer(None, is_lost=not _never_connected(error))
    return _read(answer)


def _read(answer: object) -> MessageAnswer:
    if not isinstance(answer, dict) or answer.get("errcode", 0) != 0:
        log.warning("WeChat's answer to a message makes no sense: a %s", type(answer).__name__)
        return MessageAnswer(None, is_lost=True)
    msgid = answer.get("msgid")
    return MessageAnswer(0, None if msgid is None else str(msgid))


def _never_connected(error: Exception) -> bool:
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), urllib3.exceptions.NewConnectionError)
