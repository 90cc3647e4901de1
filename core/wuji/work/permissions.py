"""Exports carry data out of the platform, so they have a permission of their own beside the list's."""

from wuji.kit.permission import Permission

MAKE = "work.export.make"
PERMISSIONS = (Permission(MAKE, roles=("operator", "head", "clerk")),)
