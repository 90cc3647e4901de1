"""DingTalk 钉钉: the code is called `authCode`, the token comes by JSON in camelCase and goes into a header of its own."""

from urllib.parse import urlencode

from wuji.identity.federation.adapters.base import Adapter, Json, text
from wuji.kit.calling import Caller
from wuji.plugin.logins import Joined, Recognised

PAGE = "https://login.dingtalk.com"


class DingTalk(Adapter):
    """`extra`: whose app it is. A `unionId` is a person's own among the apps of one developer."""

    name = "dingtalk"
    base = "https://api.dingtalk.com"
    code = "authCode"

    def authorize(self, joined: Joined, back: str, state: str) -> str:
        page = PAGE if joined.base == self.base else joined.base
        asked = {"redirect_uri": back, "response_type": "code", "client_id": joined.client_id, "scope": "openid"}
        return f"{page}/oauth2/auth?{urlencode({**asked, 'state': state, 'prompt': 'consent'})}"

    def demand(self, answer: Json) -> None:
        if "code" in answer:
            raise self.fault(answer["code"], answer.get("message"))

    def exchange(self, joined: Joined, caller: Caller, code: str) -> Json:
        sent = {"clientId": joined.client_id, "clientSecret": joined.secret, "code": code}
        return self.post(
            caller, f"{joined.base}/v1.0/oauth2/userAccessToken", {**sent, "grantType": "authorization_code"}
        )

    def identity(self, joined: Joined, caller: Caller, token: Json) -> Recognised:
        headers = {"x-acs-dingtalk-access-token": text(token, "accessToken")}
        found = self.get(caller, f"{joined.base}/v1.0/contact/users/me", {}, headers)
        return Recognised(
            realm=f"app:{joined.extra or joined.client_id}", sub=text(found, "unionId"), name=text(found, "nick")
        )
