"""What a stock client needs to know of us (OpenID Connect Discovery 1.0; RFC 8414): all that is said here works."""

from typing import Any

from wuji.identity.oauth.claims import CLAIMS
from wuji.identity.oauth.scopes import SCOPES
from wuji.identity.oauth.services.keys import ALGORITHMS
from wuji.identity.oauth.services.tokens import GRANTS
from wuji.kit.http.proof import ALGORITHMS as PROOFS
from wuji.kit.options import Options

METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt", "none")
LOCALES = ("zh-CN", "en")


def server(options: Options) -> dict[str, Any]:
    """The authorization server's metadata (RFC 8414, 2)."""
    base = options.base_url
    return {
        "issuer": base,
        "authorization_endpoint": f"{base}/oauth/authorize",
        "token_endpoint": f"{base}/oauth/token",
        "pushed_authorization_request_endpoint": f"{base}/oauth/par",
        "require_pushed_authorization_requests": False,
        "registration_endpoint": f"{base}/oauth/register",
        "device_authorization_endpoint": f"{base}/oauth/device_authorization",
        "jwks_uri": f"{base}/oauth/jwks",
        "introspection_endpoint": f"{base}/oauth/introspect",
        "revocation_endpoint": f"{base}/oauth/revoke",
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": list(GRANTS),
        "token_endpoint_auth_methods_supported": list(METHODS),
        "token_endpoint_auth_signing_alg_values_supported": list(PROOFS),
        "introspection_endpoint_auth_methods_supported": list(METHODS[:3]),
        "introspection_endpoint_auth_signing_alg_values_supported": list(PROOFS),
        "revocation_endpoint_auth_methods_supported": list(METHODS),
        "revocation_endpoint_auth_signing_alg_values_supported": list(PROOFS),
        "dpop_signing_alg_values_supported": list(PROOFS),
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "ui_locales_supported": list(LOCALES),
        "service_documentation": f"{base}/api/v1/openapi.json",
    }


def provider(options: Options) -> dict[str, Any]:
    """The same with what an OpenID provider adds (OpenID Connect Discovery 1.0, 3)."""
    return {
        **server(options),
        "userinfo_endpoint": f"{options.base_url}/oauth/userinfo",
        "end_session_endpoint": f"{options.base_url}/oauth/logout",
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": list(ALGORITHMS),
        "userinfo_signing_alg_values_supported": list(ALGORITHMS),
        "acr_values_supported": ["urn:wuji:acr:1", "urn:wuji:acr:2"],
        "claims_supported": list(CLAIMS),
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "display_values_supported": ["page", "popup", "touch"],
    }
