"""Run by Alembic: hands the connection that `migrating.py` opened to the steps."""

from __future__ import annotations

from alembic import context


def run() -> None:
    """Run the steps in the transaction that is open: all of them, or none."""
    context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
    context.run_migrations()


if __name__ == "env_py":  # what Alembic calls this file; whoever imports it otherwise looks and does nothing
    run()
