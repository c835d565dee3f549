"""The roles of the database, and how each is reached: least privilege inside PostgreSQL too.

`rightshare_owner` owns the tables and cannot log in; migrations act as it. The web process is
`rightshare_app`. IG leads' pages read as `rightshare_ig_lead`. Roles belong to the whole server, so
their passwords derive from the administrator's: two installations on one server agree on them.
"""

import hashlib
import hmac
from typing import Final

from psycopg import sql
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import IntegrityError, InternalError, ProgrammingError

OWNER: Final = "rightshare_owner"
APP: Final = "rightshare_app"
SEQUENCER: Final = "rightshare_sequencer"
IG_LEAD: Final = "rightshare_ig_lead"
ERASER: Final = "rightshare_eraser"
LOGIN_ROLES: Final = (APP, SEQUENCER, IG_LEAD, ERASER)
_TRIES: Final = 5


class RolesMissing(RuntimeError):
    """The administrator's URL may not create the roles; the message says what to run instead."""


def role_url(admin_url: str, role: str) -> str:
    """Return the URL by which a role reaches the database that the administrator's URL names."""
    url = make_url(driver_url(admin_url))
    password = _password(url.password, role)
    return url.set(username=role, password=password).render_as_string(hide_password=False)


def driver_url(url: str) -> str:
    """Return a PostgreSQL URL as SQLAlchemy must have it to use the one driver that we install."""
    found = make_url(url).set(drivername="postgresql+psycopg")
    return found.render_as_string(hide_password=False)


def ensure_roles(connection: Connection, admin_url: str) -> None:
    """Create the roles that are missing and let them into this database."""
    for _ in range(_TRIES - 1):
        try:
            with connection.begin_nested():
                _ensure_roles(connection, admin_url)
        except (IntegrityError, InternalError):
            continue  # roles are the server's: another of its databases is being made just now
        return
    _ensure_roles(connection, admin_url)


def _ensure_roles(connection: Connection, admin_url: str) -> None:
    admin_password = make_url(admin_url).password
    try:
        for role in (OWNER, *LOGIN_ROLES):
            _ensure_role(connection, role, _password(admin_password, role))
        database = connection.scalar(text("select current_database()"))
        for grant in (
            f"grant {OWNER} to current_user",
            f'grant connect, create, temporary on database "{database}" to {OWNER}',
            f'grant connect on database "{database}" to {", ".join(LOGIN_ROLES)}',
            f"grant usage, create on schema public to {OWNER}",
            f"grant usage on schema public to {', '.join(LOGIN_ROLES)}",
        ):
            connection.execute(text(grant))
    except ProgrammingError as error:
        raise RolesMissing(
            "the user of DATABASE_URL may not create the service's roles: "
            "use an administrator's URL for `rightshare db upgrade`, "
            "or let an administrator run it once"
        ) from error


def _ensure_role(connection: Connection, role: str, password: str | None) -> None:
    exists = connection.scalar(text("select 1 from pg_roles where rolname = :role"), {"role": role})
    if not exists:
        connection.execute(text(f"create role {role} nosuperuser nocreatedb nocreaterole"))
    if role == OWNER:
        return
    login = sql.SQL("alter role {} login password {}").format(sql.Identifier(role), password)
    if not exists or password is not None:
        driver = connection.connection.driver_connection
        connection.exec_driver_sql(login.as_string(driver))


def _password(admin_password: str | object | None, role: str) -> str | None:
    if admin_password is None:
        return None
    key = str(admin_password).encode()
    return hmac.new(key, f"rightshare role {role}".encode(), hashlib.sha256).hexdigest()
