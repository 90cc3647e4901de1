"""WeChat, WeCom, DingTalk, its government edition and Feishu, as far as a login goes, after their own documents: errors with
status 200, JSON as text, signed calls, tokens of companies.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

Said = tuple[int, str, Mapping[str, Any]]
JSON, TEXT = "application/json", "text/plain"
APP, SECRET = "app-1", "秘密/with+odd&chars"
TOKEN = "ZT"  # noqa: S105 - of nobody


class Systems:
    """`person`: whom the next one is, by what these systems call people. `company`: the token that WeCom takes."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {"union": "u-1", "member": "zhangsan", "name": "张三"}
        self.company, self.given = "company-1", 0
        self.codes: set[str] = set()

    def use(self, code: object) -> bool:
        """Each works once."""
        known = code in self.codes
        self.codes.discard(str(code))
        return known

    def answer(self, method: str, path: str, asked: Mapping[str, Any], headers: Mapping[str, str]) -> Said:
        known = {
            ("GET", "/sns/oauth2/access_token"): self.wechat_token,
            ("GET", "/sns/userinfo"): self.wechat_person,
            ("GET", "/cgi-bin/gettoken"): self.wecom_token,
            ("GET", "/cgi-bin/auth/getuserinfo"): self.wecom_member,
            ("GET", "/cgi-bin/user/get"): self.wecom_person,
            ("POST", "/v1.0/oauth2/userAccessToken"): self.dingtalk_token,
            ("GET", "/v1.0/contact/users/me"): self.dingtalk_person,
            ("GET", "/gettoken.json"): self.zwdd_token,
            ("GET", "/rpc/oauth2/getuserinfo_bycode.json"): self.zwdd_person,
            ("POST", "/open-apis/authen/v2/oauth/token"): self.feishu_token,
            ("GET", "/open-apis/authen/v1/user_info"): self.feishu_person,
        }.get((method, path))
        return known(asked, {**headers, "path": path}) if known else (404, JSON, {})

    def wechat_token(self, asked: Mapping[str, Any], _headers: Mapping[str, str]) -> Said:
        if (asked.get("appid"), asked.get("secret")) != (APP, SECRET):
            return 200, TEXT, {"errcode": 40125, "errmsg": "invalid appsecret, rid: 1"}
        if not self.use(asked.get("code")):
            return 200, TEXT, {"errcode": 40163, "errmsg": "code been used"}
        return 200, TEXT, {"access_token": "AT", "expires_in": 7200, "openid": "o-1", "unionid": self.person["union"]}

    def wechat_person(self, asked: Mapping[str, Any], _headers: Mapping[str, str]) -> Said:
        if (asked["access_token"], asked["openid"]) != ("AT", "o-1"):
            return 200, TEXT, {"errcode": 40001, "errmsg": "invalid credential"}
        return 200, TEXT, {"openid": "o-1", "nickname": self.person["name"], "unionid": self.person["union"]}

    def wecom_token(self, asked: Mapping[str, Any], _headers: Mapping[str, str]) -> Said:
        if (asked.get("corpid"), asked.get("corpsecret")) != (APP, SECRET):
            return 200, JSON, {"errcode": 40001, "errmsg": "invalid credential"}
        self.given += 1
        return 200, JSON, {"errcode": 0, "errmsg": "ok", "access_token": self.company, "expires_in": 7200}

    def wecom_member(self, asked: Mapping[str, Any], _headers: Mapping[str, str]) -> Said:
        if asked["access_token"] != self.company:
            return 200, JSON, {"errcode": 42001, "errmsg": "access_token expired"}
        if not self.use(asked["code"]):
            return 200, JSON, {"errcode": 40029, "errmsg": "invalid code"}
        if not self.person["member"]:
            return 200, JSON, {"errcode": 0, "errmsg": "ok", "openid": "outside", "external_userid": "wm"}
        return 200, JSON, {"errcode": 0, "errmsg": "ok", "userid": self.person["member"], "user_ticket": "T"}

    def wecom_person(self, asked: Mapping[str, Any], _headers: Mapping[str, str]) -> Said:
        return 200, JSON, {"errcode": 0, "userid": asked["userid"], "name": self.person["name"], "department": [1]}

    def dingtalk_token(self, asked: Mapping[str, Any], _headers: Mapping[str, str]) -> Said:
        if (asked.get("clientId"), asked.get("clientSecret")) != (APP, SECRET) or not self.use(asked.get("code")):
            return (
                400,
                JSON,
                {"code": "invalidParameter.authCode.notFound", "message": "不合法的临时授权码", "requestid": "r"},
            )
        return 200, JSON, {"accessToken": "DAT", "refreshToken": "DRT", "expireIn": 7200, "corpId": "ding1"}

    def dingtalk_person(self, _asked: Mapping[str, Any], headers: Mapping[str, str]) -> Said:
        if headers.get("x-acs-dingtalk-access-token") != "DAT":
            return 401, JSON, {"code": "InvalidAuthentication", "message": "不合法的access_token"}
        return 200, JSON, {"nick": self.person["name"], "unionId": self.person["union"], "openId": "o", "mobile": "139"}

    def is_signed(self, asked: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
        plain = "&".join(sorted(f"{name}={value}" for name, value in asked.items()))
        at, nonce = headers["x-hmac-auth-timestamp"], headers["x-hmac-auth-nonce"]
        lines = f"GET\n{at}\n{nonce}\n{headers['path']}\n{plain}"
        made = base64.b64encode(hmac.new(SECRET.encode(), lines.encode(), hashlib.sha256).digest()).decode()
        return headers.get("apikey") == APP and headers["x-hmac-auth-signature"] == made

    def zwdd_token(self, asked: Mapping[str, Any], headers: Mapping[str, str]) -> Said:
        if not self.is_signed(asked, headers):
            return 200, JSON, {"success": False, "bizErrorCode": "INVALID_SIGN"}
        data = {"accessToken": TOKEN, "expiresIn": "7200"}
        return 200, JSON, {"success": True, "content": {"success": True, "data": data}}

    def zwdd_person(self, asked: Mapping[str, Any], headers: Mapping[str, str]) -> Said:
        if not self.is_signed(asked, headers) or asked["access_token"] != TOKEN:
            return 200, JSON, {"success": False, "bizErrorCode": "INVALID_SIGN"}
        if not self.use(asked["code"]):
            return 200, JSON, {"success": True, "content": {"success": False, "responseMessage": "bad code"}}
        data = {"accountId": self.person["union"], "lastName": self.person["name"], "realmId": 57}
        return 200, JSON, {"success": True, "content": {"success": True, "data": data}}

    def feishu_token(self, asked: Mapping[str, Any], _headers: Mapping[str, str]) -> Said:
        if (asked.get("client_id"), asked.get("client_secret")) != (APP, SECRET) or not self.use(asked.get("code")):
            return 400, JSON, {"code": 20003, "error": "invalid_grant", "error_description": "The code is used."}
        return 200, JSON, {"code": 0, "access_token": "FAT", "expires_in": 7200, "token_type": "Bearer"}

    def feishu_person(self, _asked: Mapping[str, Any], headers: Mapping[str, str]) -> Said:
        if headers.get("authorization") != "Bearer FAT":
            return 200, JSON, {"code": 99991663, "msg": "Invalid access token"}
        data = {"open_id": "ou", "union_id": self.person["union"], "name": self.person["name"]}
        return 200, JSON, {"code": 0, "msg": "success", "data": data}
