"""The first tables of the store."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create projects, snapshots, outbox, nudges, memory and audit."""
    op.create_table(
        "projects", sa.Column("key", sa.String, primary_key=True), sa.Column("data", sa.JSON, nullable=False)
    )
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("file_id", sa.String, nullable=False),
        sa.Column("taken_at", sa.String(32), nullable=False),
        sa.Column("modified_at", sa.String(32), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
    )
    op.create_index("snapshots_by_file", "snapshots", ["file_id", "taken_at"])
    op.create_table(
        "outbox",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("project", sa.String, nullable=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("claimed_at", sa.String(32), nullable=False),
        sa.Column("sent_at", sa.String(32), nullable=True),
        sa.Column("channel", sa.String, nullable=True),
        sa.Column("ts", sa.String, nullable=True),
        sa.Column("body", sa.JSON, nullable=True),
    )
    op.create_index("ix_outbox_project", "outbox", ["project"])
    op.create_table(
        "nudges",
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("rung", sa.Integer, nullable=False),
        sa.Column("said_at", sa.String(32), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
    )
    op.create_table(
        "memory", sa.Column("name", sa.String, primary_key=True), sa.Column("value", sa.JSON, nullable=False)
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("act", sa.String, nullable=False),
        sa.Column("project", sa.String, nullable=True),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
    )
    op.create_index("ix_audit_project", "audit", ["project"])
