"""专有钉钉, the government's edition of DingTalk (as 浙政钉): every call is signed, and what matters lies two levels down."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import timedelta, timezone
from urllib.parse import urlencode, urlsplit

from wuji.identity.federation.adapters.base import Adapter, Json, text
from wuji.kit.calling import Caller
from wuji.kit.clock import now
from wuji.plugin.logins import Joined, Recognised

CHINA = timezone(timedelta(hours=8))


class GovernmentDingTalk(Adapter):
    """`base` is the gateway of a province's own installation, `extra` the address of its login page where that lies elsewhere."""

    name = "zwdd"
    base = ""

    def authorize(self, joined: Joined, back: str, state: str) -> str:
        asked = {"response_type": "code", "client_id": joined.client_id, "redirect_uri": back, "scope": "get_user_info"}
        page = joined.extra if urlsplit(joined.extra).scheme == "https" else joined.base
        return f"{page}/oauth2/auth.htm?{urlencode({**asked, 'authType': 'QRCODE', 'state': state})}"

    def demand(self, answer: Json) -> None:
        content = answer.get("content")
        inner = content if isinstance(content, dict) else {}
        if answer.get("success") is not True or inner.get("success") is not True:
            raise self.fault(text(answer, "bizErrorCode", "errorCode"), text(inner, "responseMessage"))

    def exchange(self, joined: Joined, caller: Caller, code: str) -> Json:
        asked = {"appkey": joined.client_id, "appsecret": joined.secret}
        path = f"{joined.base}/gettoken.json"
        answer = self.get(caller, path, asked, signed(joined, "GET", path, asked))
        return {"access_token": text(_data(answer), "accessToken"), "code": code}

    def identity(self, joined: Joined, caller: Caller, token: Json) -> Recognised:
        asked = {"access_token": text(token, "access_token"), "code": text(token, "code")}
        path = f"{joined.base}/rpc/oauth2/getuserinfo_bycode.json"
        found = _data(self.get(caller, path, asked, signed(joined, "GET", path, asked)))
        name = text(found, "nickNameCn", "lastName")
        return Recognised(realm=text(found, "realmId"), sub=text(found, "accountId"), name=name)


def _data(answer: Json) -> Json:
    content = answer["content"]
    found = content.get("data")
    return found if isinstance(found, dict) else {}


def signed(joined: Joined, method: str, address: str, params: Mapping[str, str]) -> dict[str, str]:
    """HMAC-SHA256 over method, time, nonce, path and the sorted parameters, a line each."""
    at = now().astimezone(CHINA).strftime("%Y-%m-%dT%H:%M:%S.000+08:00")
    nonce = secrets.token_hex(16)
    plain = "&".join(sorted(f"{name}={value}" for name, value in params.items()))
    lines = f"{method}\n{at}\n{nonce}\n{urlsplit(address).path}\n{plain}"
    made = hmac.new(joined.secret.encode(), lines.encode(), hashlib.sha256).digest()
    return {
        "X-Hmac-Auth-Timestamp": at,
        "X-Hmac-Auth-Version": "1.0",
        "X-Hmac-Auth-Nonce": nonce,
        "apiKey": joined.client_id,
        "X-Hmac-Auth-Signature": base64.b64encode(made).decode(),
    }
