"""Rows of the journal of which can be asked who sees them."""

from wuji.kit.visibility import VisibleKind

VISIBLE = (VisibleKind("journal_record", "wuji.journal_record", "id", "journal.record.read"),)
