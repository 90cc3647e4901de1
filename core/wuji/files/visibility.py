"""Stored files of which can be asked who sees them."""

from wuji.kit.visibility import VisibleKind

VISIBLE = (VisibleKind("file", "wuji.file", "id"),)
