"""WeChat's pushes as they arrive: envelopes opened and messages read, for others to handle."""

from services.push_channel.channel import Delivery, PushChannel
from services.push_channel.parsing import Content

__all__ = ["Content", "Delivery", "PushChannel"]
