"""Tips, their pictures and recordings, marks, chosen crops, counts."""

from typing import Any

import sqlalchemy as sa

from wuji.api.migration import Wall, drop_table, found_schema, make_table

revision = "0001"
down_revision = None

SCHEMA = "plugin_agri_tips"
TABLES = ("tip", "tip_media", "tip_mark", "crop_choice", "tip_count")
column = sa.Column
TEXT, AT, NUMBERS = sa.Text(collation="C"), sa.DateTime(timezone=True), sa.ARRAY(sa.Integer())
NOW, NEW_ID = sa.text("now()"), sa.text("wuji.new_id()")
TIP = [f"{SCHEMA}.tip.id"]


def upgrade() -> None:
    found_schema(SCHEMA)
    tip()
    tip_media()
    tip_mark()
    crop_choice()
    tip_count()


def downgrade() -> None:
    for table in reversed(TABLES):
        drop_table(table, schema=SCHEMA)


def words(*names: str) -> list[Any]:
    return [column(name, TEXT, server_default="", nullable=False) for name in names]


def id_() -> Any:
    return column("id", sa.Uuid(), server_default=NEW_ID, nullable=False)


def versioned() -> list[Any]:
    return [
        column("version", sa.Integer(), server_default="1", nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        column("updated_at", AT, server_default=NOW, nullable=False),
    ]


def owned(table: str) -> list[Any]:
    return [
        column("tenant_id", sa.Integer(), nullable=False),
        column("pos", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pos"],
            ["wuji.tenant.id", "wuji.tenant.pos"],
            name=f"fk_{table}_tenant_id_pos",
            onupdate="CASCADE",
        ),
        sa.Index(f"ix_{table}_pos", "pos"),
    ]


def shared(table: str) -> list[Any]:
    return [
        column("audience", NUMBERS),
        sa.CheckConstraint("wuji.audience_ok(audience)", name=f"ck_{table}_audience"),
        sa.Index(
            f"ix_{table}_audience",
            "audience",
            postgresql_using="gin",
            postgresql_where=sa.text("audience is not null"),
        ),
    ]


def of_tip(table: str, *, name: str = "tip_id", nullable: bool = False) -> list[Any]:
    key = sa.ForeignKeyConstraint([name], TIP, name=f"fk_{table}_{name}", ondelete="CASCADE")
    return [column(name, sa.Uuid(), nullable=nullable), key]


def tip() -> None:
    make_table(
        "tip",
        id_(),
        column("state", TEXT, server_default="draft", nullable=False),
        *of_tip("tip", name="replaces_id", nullable=True),
        column("months", NUMBERS, server_default="{}", nullable=False),
        column("terms", NUMBERS, server_default="{}", nullable=False),
        *words("subject", "locality", "title", "summary", "body", "title_en", "summary_en"),
        column("reach_id", sa.Integer(), nullable=False),
        column("audience_class", sa.SmallInteger(), server_default="0", nullable=False),
        column("authors", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        column("submitted_at", AT),
        column("due_on", sa.Date()),
        column("reviewed_by", sa.Uuid()),
        column("reviewed_at", AT),
        column("reviewed_at_id", sa.Integer()),
        *words("reason"),
        column("published_at", AT),
        column("withdrawn_at", AT),
        *words("origin"),
        *shared("tip"),
        *owned("tip"),
        *versioned(),
        *TIP_CHECKS,
        sa.ForeignKeyConstraint(["reach_id"], ["wuji.tenant.id"], name="fk_tip_reach_id"),
        sa.ForeignKeyConstraint(["reviewed_at_id"], ["wuji.tenant.id"], name="fk_tip_reviewed_at_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tip"),
        sa.Index("uq_tip_replaces_id", "replaces_id", unique=True),
        sa.Index("uq_tip_origin", "tenant_id", "origin", unique=True, postgresql_where=sa.text("origin <> ''")),
        sa.Index("ix_tip_tenant_id_updated_at_id", "tenant_id", "updated_at", "id"),
        sa.Index("ix_tip_reach_id", "reach_id"),
        sa.Index("ix_tip_reviewed_at_id", "reviewed_at_id"),
        wall=Wall(kind="tenant", audience=True, write="select", definer="select insert update delete"),
        schema=SCHEMA,
    )


TIP_CHECKS = (
    sa.CheckConstraint("state in ('draft', 'in_review', 'returned', 'published', 'withdrawn')", name="ck_tip_state"),
    sa.CheckConstraint("(state = 'published') = (audience is not null)", name="ck_tip_shown"),
    sa.CheckConstraint("state <> 'published' or published_at is not null", name="ck_tip_published_at"),
    sa.CheckConstraint("not reviewed_by = any(authors)", name="ck_tip_reviewed_by"),
    sa.CheckConstraint("state not in ('published', 'returned') or reviewed_at is not null", name="ck_tip_reviewed_at"),
    sa.CheckConstraint("months <@ array[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]", name="ck_tip_months"),
    sa.CheckConstraint("0 < all(terms) and 24 >= all(terms)", name="ck_tip_terms"),
    sa.CheckConstraint("audience_class between 0 and 3", name="ck_tip_audience_class"),
    sa.CheckConstraint("length(body) <= 60000", name="ck_tip_body"),
)


def tip_media() -> None:
    files = ("file_id", "medium_id", "small_id")
    make_table(
        "tip_media",
        id_(),
        *of_tip("tip_media"),
        column("number", sa.SmallInteger(), nullable=False),
        column("place", sa.SmallInteger(), nullable=False),
        column("kind", TEXT, nullable=False),
        column("name", TEXT, nullable=False),
        *words("alt", "caption", "transcript"),
        *(column(name, sa.Integer()) for name in ("width", "height", "seconds")),
        column("size", sa.BigInteger(), nullable=False),
        *(column(name, sa.Uuid(), nullable=name != "file_id") for name in files),
        *(
            sa.ForeignKeyConstraint([name], ["wuji.file.id"], name=f"fk_tip_media_{name}", ondelete="CASCADE")
            for name in files
        ),
        *(sa.Index(f"ix_tip_media_{name}", name) for name in files),
        *shared("tip_media"),
        *owned("tip_media"),
        *versioned(),
        sa.CheckConstraint("kind in ('picture', 'audio', 'video')", name="ck_tip_media_kind"),
        sa.CheckConstraint("number between 1 and 99", name="ck_tip_media_number"),
        sa.CheckConstraint(
            "(kind = 'picture') = (medium_id is not null and small_id is not null)", name="ck_tip_media_sizes"
        ),
        sa.UniqueConstraint("tip_id", "number", name="uq_tip_media_tip_id_number"),
        sa.PrimaryKeyConstraint("id", name="pk_tip_media"),
        wall=Wall(kind="tenant", audience=True, definer="select insert update delete"),
        schema=SCHEMA,
    )


def tip_mark() -> None:
    make_table(
        "tip_mark",
        column("account_id", sa.Uuid(), nullable=False),
        *of_tip("tip_mark"),
        column("kind", TEXT, server_default="helpful", nullable=False),
        column("marked_at_id", sa.Integer(), nullable=False),
        column("created_at", AT, server_default=NOW, nullable=False),
        sa.CheckConstraint("kind in ('helpful')", name="ck_tip_mark_kind"),
        sa.ForeignKeyConstraint(["account_id"], ["wuji.account.id"], name="fk_tip_mark_account_id"),
        sa.ForeignKeyConstraint(["marked_at_id"], ["wuji.tenant.id"], name="fk_tip_mark_marked_at_id"),
        sa.PrimaryKeyConstraint("account_id", "tip_id", "kind", name="pk_tip_mark"),
        sa.Index("ix_tip_mark_tip_id", "tip_id"),
        wall=Wall(
            kind="account",
            own="account_id",
            key=False,
            versioned=False,
            write="select",
            definer="select insert delete",
        ),
        schema=SCHEMA,
    )


def crop_choice() -> None:
    make_table(
        "crop_choice",
        column("account_id", sa.Uuid(), nullable=False),
        column("crops", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        *versioned(),
        sa.CheckConstraint("cardinality(crops) <= 50", name="ck_crop_choice_crops"),
        sa.ForeignKeyConstraint(["account_id"], ["wuji.account.id"], name="fk_crop_choice_account_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_crop_choice"),
        wall=Wall(kind="account", own="account_id", key=False, write="select insert update"),
        schema=SCHEMA,
    )


def tip_count() -> None:
    make_table(
        "tip_count",
        id_(),
        *of_tip("tip_count"),
        *(column(name, sa.BigInteger(), server_default="0", nullable=False) for name in ("reads", "helpful")),
        *owned("tip_count"),
        sa.CheckConstraint("reads >= 0 and helpful >= 0", name="ck_tip_count_figures"),
        sa.UniqueConstraint("tip_id", "tenant_id", name="uq_tip_count_tip_id_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tip_count"),
        wall=Wall(kind="tenant", versioned=False, write="select", definer="select insert update"),
        schema=SCHEMA,
    )
