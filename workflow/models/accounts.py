"""Accounts, their grants, and the ways in: passwords, browser sessions, tokens."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.recorded import Entity
from workflow.models.types import BigId, Document, Instant, new_id
from workflow.policy import Role


class Account(Entity, Base):
    """Who can sign in; usually one person's, whose name it shows."""

    __tablename__ = "account"

    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"), unique=True)
    language: Mapped[str] = mapped_column(String(8), default="zh-CN")
    disabled: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)


class Credential(Base):
    """An account's password as an Argon2id hash; kept out of the record, which only tells that it was changed."""

    __tablename__ = "credential"

    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"), primary_key=True, autoincrement=False)
    password_hash: Mapped[str] = mapped_column(String(256))
    changed_at: Mapped[datetime] = mapped_column(Instant)
    must_change: Mapped[bool] = mapped_column(default=False)


class CodeMaker(Base):
    """The device of an account that makes one-time codes: its secret, encrypted, and the last time step that was used up.

    It counts once `confirmed_at` is set; kept out of the record, which only tells that it was put in place or removed.
    """

    __tablename__ = "code_maker"

    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"), primary_key=True, autoincrement=False)
    secret: Mapped[bytes] = mapped_column(LargeBinary(128))
    made_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    last_step: Mapped[int] = mapped_column(BigId, default=0)


class RoleGrant(Entity, Base):
    """An account's role within a unit and everything below it, or within the company, for a time."""

    __tablename__ = "role_grant"
    __table_args__ = (CheckConstraint("role IN ({})".format(", ".join(f"'{role}'" for role in Role)), name="role"),)

    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    unit_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("unit.id"))  # none: the company
    items: Mapped[list[str]] = mapped_column(Document, default=list)  # a recorder's items
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Access(Base):
    """A browser session or an API token: only the hash of its secret is kept."""

    __tablename__ = "access"
    __table_args__ = (CheckConstraint("kind IN ('browser', 'token')", name="kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=new_id)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    proved_at: Mapped[datetime] = mapped_column(Instant)  # when the password was last given
    expires_at: Mapped[datetime] = mapped_column(Instant)
    address: Mapped[str] = mapped_column(String(64), default="")


class SignInFailure(Base):
    """A failed sign-in, counted by user name and address to slow down guessing on every worker alike."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_username", "username", "address", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=new_id)
    username: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)


class KeptAnswer(Base):
    """The answer to a request with an Idempotency-Key, written in the transaction of its effect."""

    __tablename__ = "kept_answer"

    account_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    target: Mapped[str] = mapped_column(String(255), primary_key=True)  # method, path, and the card within a batch
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    status: Mapped[int]
    answer: Mapped[dict[str, Any]] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
