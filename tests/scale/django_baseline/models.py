"""The least that django-tenants asks for."""

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin


class Organisation(TenantMixin):
    """Saving one makes its schema and runs every migration in it."""

    name = models.CharField(max_length=100)
    auto_create_schema = True


class Domain(DomainMixin):
    """Which host is whose."""
