"""Feishu 飞书: nearly OAuth, but its errors have a code of their own, and who somebody is lies in an envelope."""

from urllib.parse import urlencode

from wuji.identity.federation.adapters.base import Adapter, Json, text
from wuji.kit.calling import Caller
from wuji.plugin.logins import Joined, Recognised

PAGE = "https://accounts.feishu.cn"


class Feishu(Adapter):
    """`extra`: whose app it is. A `union_id` is a person's own among the apps of one developer."""

    name = "feishu"
    base = "https://open.feishu.cn"

    def authorize(self, joined: Joined, back: str, state: str) -> str:
        page = PAGE if joined.base == self.base else joined.base
        asked = {"client_id": joined.client_id, "redirect_uri": back, "response_type": "code", "state": state}
        return f"{page}/open-apis/authen/v1/authorize?{urlencode(asked)}"

    def demand(self, answer: Json) -> None:
        if answer.get("code"):
            raise self.fault(answer["code"], text(answer, "error_description", "error", "msg"))

    def exchange(self, joined: Joined, caller: Caller, code: str) -> Json:
        sent = {"grant_type": "authorization_code", "client_id": joined.client_id, "client_secret": joined.secret}
        return self.post(caller, f"{joined.base}/open-apis/authen/v2/oauth/token", {**sent, "code": code})

    def identity(self, joined: Joined, caller: Caller, token: Json) -> Recognised:
        headers = {"Authorization": f"Bearer {text(token, 'access_token')}"}
        answer = self.get(caller, f"{joined.base}/open-apis/authen/v1/user_info", {}, headers)
        data = answer.get("data")
        found = data if isinstance(data, dict) else {}
        return Recognised(
            realm=f"app:{joined.extra or joined.client_id}", sub=text(found, "union_id"), name=text(found, "name")
        )
