"""Reads where and how many from its input, prints seconds a tenant. A program: Django's settings belong to a process.

Each schema gets the tables of two small apps of Django's own; a real one has more.
"""

import json
import sys
from time import perf_counter

import django
from django.apps import apps
from django.conf import settings
from django.db import connection

OURS = "tests.scale.django_baseline"
THEIRS = ["django.contrib.contenttypes", "django.contrib.auth"]


def main() -> None:
    asked = json.load(sys.stdin)
    settings.configure(
        DATABASES={"default": {"ENGINE": "django_tenants.postgresql_backend", **asked["place"]}},
        DATABASE_ROUTERS=["django_tenants.routers.TenantSyncRouter"],
        INSTALLED_APPS=["django_tenants", OURS, *THEIRS],
        SHARED_APPS=["django_tenants", OURS, *THEIRS],
        TENANT_APPS=THEIRS,
        TENANT_MODEL="django_baseline.Organisation",
        TENANT_DOMAIN_MODEL="django_baseline.Domain",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
    organisation = apps.get_model("django_baseline", "Organisation")
    with connection.schema_editor() as editor:
        editor.create_model(organisation)
    began = perf_counter()
    for number in range(asked["number"]):
        organisation(schema_name=f"tenant_{number}", name=f"{number}").save(verbosity=0)
    sys.stdout.write(str((perf_counter() - began) / asked["number"]))


main()
