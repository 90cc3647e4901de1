"""Identity systems that depart from OpenID Connect: WeChat, WeCom, DingTalk, its government edition, Feishu."""

from wuji.identity.federation.adapters.dingtalk import DingTalk
from wuji.identity.federation.adapters.feishu import Feishu
from wuji.identity.federation.adapters.wechat import WeChat
from wuji.identity.federation.adapters.wecom import WeCom
from wuji.identity.federation.adapters.zwdd import GovernmentDingTalk

KINDS = tuple(adapter().kind() for adapter in (WeChat, WeCom, DingTalk, GovernmentDingTalk, Feishu))
__all__ = ["KINDS"]
