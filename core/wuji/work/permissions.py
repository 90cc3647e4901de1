"""Exports carry data out of the platform, so they have a permission of their own beside the list's."""

from wuji.kit.permission import Permission

PERMISSIONS = (Permission("work.export.make", roles=("operator", "head", "clerk")),)
