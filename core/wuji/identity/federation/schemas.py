"""What the API says about login providers and linked identities."""

from urllib.parse import urlsplit

from marshmallow import ValidationError, fields

from wuji.kit.http.fields import Choice, In, Out, Said, Words

ADMITS = ("linked", "residents")


def demand_issuer(value: str) -> None:
    """Nothing, or an address without query or fragment (Discovery 3). Whether it may be called is seen then."""
    parts = urlsplit(value)
    if (
        parts.scheme not in {"https", "http"}
        or not parts.netloc
        or "@" in parts.netloc
        or parts.query
        or parts.fragment
    ):
        raise ValidationError(Said("identity.invalid.issuer"))


def demand_scope(value: str) -> None:
    words = value.split(" ")
    if "openid" not in words or not all(word.isascii() and word.isprintable() and word for word in words):
        raise ValidationError(Said("identity.invalid.provider_scope"))


def demand_values(value: str) -> None:
    if not all(word.isascii() and word.isprintable() for word in value.split(" ")):
        raise ValidationError(Said("identity.invalid.provider_strong"))


class ProviderChangeIn(In):
    """`client_secret`: left out, the one of before stays; empty, there is none. `extra`: what else its kind wants to know.
    `strong`: what an OpenID provider says in `acr` or `amr` of whoever showed two factors, separated by blanks; it is asked for
    by `acr_values`.
    """

    name = Words(least=1, most=60, required=True)
    client_id = Words(least=1, most=200, required=True)
    client_secret = Words(most=400, metadata={"format": "password"})
    extra = Words(most=300, load_default="")
    scope = Words(most=200, load_default="openid profile", validate=demand_scope)
    strong = Words(most=300, load_default="", validate=demand_values)
    admits = Choice(*ADMITS, required=True)
    is_on = fields.Boolean(load_default=True)
    reason = Words(most=200)


class ProviderIn(ProviderChangeIn):
    kind = Words(most=60, load_default="oidc")
    issuer = Words(most=300, load_default="", validate=demand_issuer)


class ProviderOut(Out):
    """`back`: the redirect URI that has to be registered at the provider."""

    id = fields.UUID()
    kind = fields.String()
    name = fields.String()
    issuer = fields.String()
    client_id = fields.String()
    scope = fields.String()
    extra = fields.String()
    strong = fields.String()
    admits = Choice(*ADMITS)
    is_on = fields.Boolean()
    created_at = fields.AwareDateTime()
    back = fields.String()


class ProviderKindOut(Out):
    """`base`: where it answers, unless a place names another address; empty where it must."""

    name = fields.String()
    label = fields.String()
    base = fields.String()


class LoginProvidersOut(Out):
    """All of the tenant's own: there are few. `kinds`: what may be added."""

    items = fields.List(fields.Nested(ProviderOut))
    kinds = fields.List(fields.Nested(ProviderKindOut))


class ProviderCheckOut(Out):
    """What the provider answered. `fault` says in ASCII what is wrong with it; empty where nothing is."""

    fault = fields.String()
    algorithms = fields.List(fields.String())
    pushes = fields.Boolean()


class LoginOptionOut(Out):
    id = fields.UUID()
    name = fields.String()
    kind = fields.String()
    tenant_name = fields.String()


class LoginOptionsOut(Out):
    """What people of a place may log in with beside their password, the nearest first."""

    items = fields.List(fields.Nested(LoginOptionOut))


class ExternalIdentityOut(Out):
    id = fields.UUID()
    name = fields.String()
    iss = fields.String()
    linked_at = fields.AwareDateTime()
    used_at = fields.AwareDateTime(allow_none=True)


class ExternalIdentitiesOut(Out):
    items = fields.List(fields.Nested(ExternalIdentityOut))


class LinkBeginIn(In):
    provider_id = fields.UUID(required=True)


class LinkBeginOut(Out):
    """Where the browser goes to prove who its person is there."""

    address = fields.String()
