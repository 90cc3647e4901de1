"""Whom a webhook calls."""

import pytest

from wuji.inbox.webhook import Webhook
from wuji.plugin.running import Outgoing, RefusedError


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_the_usual_webhook_never_calls_the_machine_itself(host):
    with pytest.raises(RefusedError):
        Webhook().send(outgoing(f"https://{host}:9/"))


def outgoing(address: str) -> Outgoing:
    return Outgoing(id="1", address=address, secret="whsec_AAAA", subject="", text="", url="", locale="en", values={})
