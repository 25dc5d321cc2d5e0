"""Alembic's entry: runs on the connection that the store hands over, and sees the store's tables only."""

from alembic import context

from bot.world.store import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
