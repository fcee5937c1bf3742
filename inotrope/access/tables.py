"""The tables of users, sessions, tries and the audit, beside the courses.

Knows their columns. How a database comes to have them stands in `course/keeping/migrations/`; a test holds the two
together. Times that are compared are whole seconds since 1970; those of the audit are text, as they were hashed.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Table, Text, UniqueConstraint

METADATA = MetaData()

SITE = Table(
    "site",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("hash", Text, nullable=False),
)
"""One row: the key of this database, by which names and ids are hashed, and the head of the audit."""

USERS = Table(
    "users",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("roles", Text, nullable=False),
    Column("password", Text, nullable=True),
    Column("issuer", Text, nullable=True),
    Column("subject", Text, nullable=True),
    Column("disabled", Integer, nullable=False),
    UniqueConstraint("issuer", "subject", name="users_subject"),
)
"""Never deleted, since events are done in their names. Of a password its hash; none where another login has it."""

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("user", Text, ForeignKey("users.name"), nullable=False),
    Column("way", Text, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
)
"""A session that has ended has no row."""

TRIES = Table(
    "tries",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last", BigInteger, nullable=False),
)
"""Failed logins by name and by address, both hashed: what somebody typed for a name may be their password."""

AUDIT = Table(
    "audit",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("did", Text, nullable=False),
    Column("course", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
"""What was done in whose name. Never updated, never deleted; each row is hashed onto the one before."""
