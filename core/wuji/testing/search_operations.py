"""What search's operations are asked, for the isolation matrix."""

from wuji.testing.operations import queries

queries["find"] = {"q": "village", "tenant": "{tenant_code}"}
queries["complete"] = {"q": "vil", "tenant": "{tenant_code}"}
queries["list_places"] = {"q": "vil"}
