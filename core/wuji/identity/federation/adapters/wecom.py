"""WeCom 企业微信: no token of the person, but one of the company and a code; whoever is no member of it is refused."""

from threading import Lock
from time import monotonic
from urllib.parse import urlencode

from wuji.identity.federation.adapters.base import Adapter, Json, text
from wuji.kit.calling import Caller
from wuji.plugin.logins import Joined, LoginFailedError, Recognised

PAGE = "https://login.work.weixin.qq.com"
EARLY = 300.0  # seconds before its end in which a company's token is not used any more
MOST = 500
OVER = (40014, 42001)  # errcode: the company's token is no more


class WeCom(Adapter):
    """`extra`: the id of the agent. How often a company's token may be asked for is limited, so it is kept for its two hours."""

    name = "wecom"
    base = "https://qyapi.weixin.qq.com"

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], tuple[str, float]] = {}
        self._lock = Lock()

    def authorize(self, joined: Joined, back: str, state: str) -> str:
        page = PAGE if joined.base == self.base else joined.base
        asked = {"login_type": "CorpApp", "appid": joined.client_id, "agentid": joined.extra, "redirect_uri": back}
        return f"{page}/wwlogin/sso/login?{urlencode({**asked, 'state': state})}"

    def demand(self, answer: Json) -> None:
        if answer.get("errcode"):
            raise self.fault(answer["errcode"], answer.get("errmsg"))

    def exchange(self, joined: Joined, caller: Caller, code: str) -> Json:
        """With a token that they take back early once more with another."""
        path = f"{joined.base}/cgi-bin/auth/getuserinfo"
        for last in (False, True):
            try:
                company = self._token(joined, caller, fresh=last)
                return {**self.get(caller, path, {"access_token": company, "code": code}), "company": company}
            except LoginFailedError as error:
                if last or not any(f" {code_} " in f"{error} " for code_ in OVER):
                    raise
        raise LoginFailedError("wecom: no token")

    def _token(self, joined: Joined, caller: Caller, *, fresh: bool) -> str:
        key = (joined.base, joined.client_id, joined.secret)
        with self._lock:
            kept, until = self._kept.get(key, ("", 0.0))
        if kept and not fresh and monotonic() < until:
            return kept
        asked = {"corpid": joined.client_id, "corpsecret": joined.secret}
        answer = self.get(caller, f"{joined.base}/cgi-bin/gettoken", asked)
        made, seconds = text(answer, "access_token"), answer.get("expires_in")
        good = float(seconds) if isinstance(seconds, int | float) else 0.0
        with self._lock:
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[key] = (made, monotonic() + good - EARLY)
        return made

    def identity(self, joined: Joined, caller: Caller, token: Json) -> Recognised:
        member = text(token, "userid", "UserId")
        if not member:
            raise LoginFailedError("wecom: no member of the company")
        asked = {"access_token": text(token, "company"), "userid": member}
        found = self.get(caller, f"{joined.base}/cgi-bin/user/get", asked)
        return Recognised(realm=joined.client_id, sub=member, name=text(found, "name"))
