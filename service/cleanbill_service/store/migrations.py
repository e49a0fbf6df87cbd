"""The schema and its versions: `schema/NNNN_name.sql`, applied in order at start, by one process at a time."""

from __future__ import annotations

from importlib.resources import files

from .connection import Connection


class SchemaTooNew(RuntimeError):
    """The database was upgraded by a newer cleanbill."""


def steps() -> list[tuple[int, str]]:
    """Every migration: its number and its statements."""
    found = (files(__package__) / "schema").iterdir()
    return sorted((int(file.name[:4]), file.read_text("utf-8")) for file in found if file.name.endswith(".sql"))


def migrate(connection: Connection) -> None:
    """Bring the schema up to date. Raises SchemaTooNew where the database is ahead of this package."""
    connection.begin(alone=True)
    connection.rows("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)")
    reached = int(connection.rows("SELECT coalesce(max(version), 0) AS version FROM schema_version")[0]["version"])
    known = steps()
    if reached > known[-1][0]:
        raise SchemaTooNew("the database was upgraded by a newer cleanbill; run that one")
    for version, text in known:
        if version > reached:
            for statement in text.split(";\n"):
                if statement.strip():
                    connection.rows(statement)
            connection.rows("INSERT INTO schema_version (version) VALUES (:version)", {"version": version})
    connection.commit()
