"""WeChat, by the open platform's login with a QR code: JSON as text, errors with status 200, the secret in a query."""

from urllib.parse import urlencode

from wuji.identity.federation.adapters.base import Adapter, Json, text
from wuji.kit.calling import Caller
from wuji.plugin.logins import Joined, LoginFailedError, Recognised

PAGE = "https://open.weixin.qq.com"


class WeChat(Adapter):
    """`extra`: what its open platform account is called here. Only within one of these is a person's `unionid` theirs alone;
    an `openid` is another one in every app, so who has no `unionid` is not known.
    """

    name = "wechat"
    base = "https://api.weixin.qq.com"

    def authorize(self, joined: Joined, back: str, state: str) -> str:
        """The order of parameters and the fragment are part of it."""
        page = PAGE if joined.base == self.base else joined.base
        asked = {"appid": joined.client_id, "redirect_uri": back, "response_type": "code", "scope": "snsapi_login"}
        return f"{page}/connect/qrconnect?{urlencode({**asked, 'state': state})}#wechat_redirect"

    def demand(self, answer: Json) -> None:
        if answer.get("errcode"):
            raise self.fault(answer["errcode"], answer.get("errmsg"))

    def exchange(self, joined: Joined, caller: Caller, code: str) -> Json:
        asked = {"appid": joined.client_id, "secret": joined.secret, "code": code, "grant_type": "authorization_code"}
        return self.get(caller, f"{joined.base}/sns/oauth2/access_token", asked)

    def identity(self, joined: Joined, caller: Caller, token: Json) -> Recognised:
        asked = {"access_token": text(token, "access_token"), "openid": text(token, "openid"), "lang": "zh_CN"}
        found = self.get(caller, f"{joined.base}/sns/userinfo", asked)
        if text(found, "unionid") != text(token, "unionid"):
            raise LoginFailedError("wechat: it answers about somebody else")
        return Recognised(
            realm=f"open:{joined.extra or joined.client_id}", sub=text(found, "unionid"), name=text(found, "nickname")
        )
