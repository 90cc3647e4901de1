"""What the inbox does. `notify` and `list_holders` are what other features and plugins call."""

from wuji.inbox.services.notifying import list_holders, notify

__all__ = ["list_holders", "notify"]
