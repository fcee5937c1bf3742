"""Run by Alembic: hands the connection that `migrating.py` opened to the steps."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
