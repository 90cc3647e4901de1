"""Programs that share one name for a person say which they are at an address of their own (OpenID Connect Core, 8.1)."""

from http import HTTPStatus

import msgspec

from wuji.identity.oauth.metadata import Metadata, MetadataError
from wuji.kit.calling import Caller, CallFailedError
from wuji.kit.outbound import InwardError


def check_sector(caller: Caller, metadata: Metadata) -> None:
    """Raises MetadataError where the address does not name every redirect address of the program."""
    if metadata.sector_identifier_uri is None:
        return
    try:
        answer = caller.call("GET", metadata.sector_identifier_uri, headers={"Accept": "application/json"})
        named = msgspec.json.decode(answer.body, type=list[str]) if answer.status == HTTPStatus.OK else []
    except (InwardError, CallFailedError, OSError, msgspec.DecodeError) as error:
        raise MetadataError("sector_identifier_uri: no JSON list of addresses can be read there") from error
    if missing := set(metadata.redirect_uris) - set(named):
        raise MetadataError(f"sector_identifier_uri: {min(missing)!a} is not named there")
