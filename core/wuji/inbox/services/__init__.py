"""What the inbox does. `notify` is what other features and plugins call."""

from wuji.inbox.services.notifying import notify

__all__ = ["notify"]
