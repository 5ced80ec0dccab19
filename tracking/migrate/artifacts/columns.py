"""The columns in which MLflow keeps where artifacts lie, and their values in the target.

Of MLflow's 65 tables these are all whose value MLflow opens as an artifact root. What else may
hold an address (a dataset's source, a tag, a param) says where something was, and stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pymysql.cursors import SSCursor

from tracking.migrate import server
from tracking.migrate.server import Connection, quoted


@dataclass(frozen=True, slots=True)
class UriColumn:
    """A column of addresses. `only`: the condition for rows of it that are addresses.

    `files`: it names folders of files, not of other folders that have rows of their own.
    """

    table: str
    column: str
    key: tuple[str, ...]
    files: bool = True
    only: str = ""

    @property
    def name(self) -> str:
        """Table and column."""
        return f"{self.table}.{self.column}"


_TRACE_TAGS = "`key` IN ('mlflow.artifactLocation', 'mlflow.trace.archiveLocation')"

# Places for new things first: whoever logs while addresses are rewritten gets a new one soon.
URI_COLUMNS = (
    UriColumn("workspaces", "default_artifact_root", ("name",), files=False),
    UriColumn("workspaces", "trace_archival_location", ("name",), files=False),
    UriColumn("experiments", "artifact_location", ("experiment_id",), files=False),
    UriColumn("runs", "artifact_uri", ("run_uuid",)),
    UriColumn("logged_models", "artifact_location", ("model_id",)),
    UriColumn("model_versions", "source", ("workspace", "name", "version")),
    UriColumn("model_versions", "storage_location", ("workspace", "name", "version")),
    UriColumn("trace_tags", "value", ("request_id", "key"), only=_TRACE_TAGS),
)
MENTIONS = (
    ("datasets", "dataset_source"), ("params", "value"), ("tags", "value"),
    ("experiment_tags", "value"), ("logged_model_params", "param_value"),
    ("logged_model_tags", "tag_value"), ("model_version_tags", "value"),
    ("registered_model_tags", "value"), ("trace_request_metadata", "value"),
    ("runs", "source_name"), ("jobs", "params"), ("jobs", "result"),
)  # fmt: skip
"""Columns that may mention a folder in passing. Told, and left as they are."""

Key = tuple[str, ...]


def there(connection: Connection) -> list[UriColumn]:
    """Those of the columns that the target has: an older MLflow made fewer."""
    found = set(
        server.ask(
            connection,
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = DATABASE()",
        )
    )
    return [each for each in URI_COLUMNS if (each.table, each.column) in found]


def tables(columns: Sequence[UriColumn]) -> dict[str, list[UriColumn]]:
    """The columns by their tables, in their order."""
    found: dict[str, list[UriColumn]] = {}
    for column in columns:
        found.setdefault(column.table, []).append(column)
    return found


def addresses(connection: Connection, column: UriColumn) -> Iterator[tuple[Key, str | None]]:
    """Each row's key and address, as a stream: ask nothing else over this connection meanwhile."""
    names = ", ".join(quoted(name) for name in (*column.key, column.column))
    where = f" WHERE {column.only}" if column.only else ""
    with connection.cursor(SSCursor) as cursor:
        cursor.execute(f"SELECT {names} FROM {quoted(column.table)}{where}")
        while rows := cursor.fetchmany(5_000):
            for *key, address in rows:
                yield tuple(str(part) for part in key), address


def longest(connection: Connection, column: UriColumn) -> int:
    """How many characters a column holds."""
    found = server.one(
        connection,
        "SELECT character_maximum_length FROM information_schema.columns"
        " WHERE table_schema = DATABASE() AND table_name = %s AND column_name = %s",
        [column.table, column.column],
    )
    return int(found[0])


def mentions(connection: Connection, text: str) -> dict[str, int]:
    """How many rows of other columns hold a text, by column."""
    there = {row[0] for row in server.ask(connection, "SHOW TABLES")}
    found = {}
    for table, column in MENTIONS:
        if table in there:
            query = f"SELECT COUNT(*) FROM {quoted(table)} WHERE LOCATE(%s, {quoted(column)}) > 0"
            found[f"{table}.{column}"] = int(server.one(connection, query, [text])[0])
    return {name: count for name, count in found.items() if count}
