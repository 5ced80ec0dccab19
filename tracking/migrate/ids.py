"""Experiment ids that do not fit: a FileStore's have 18 digits, MySQL's column holds 2147483647.

They get new ones, everywhere MLflow keeps an experiment's id: in columns, as text beside an entity
type, in a prompt's tag, in what a span says of its trace, and in what a job was asked to do.
Addresses of artifacts keep the old number: that is where the files are.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from tracking.migrate.source import Table, quoted, tables

LARGEST = 2**31 - 1
"""MySQL's INT, as MLflow makes the column."""
_PROMPT_TAG = "_mlflow_experiment_ids"
"""A tag of a registered model: ",1,2," are the experiments in which a prompt is shown."""
_SPAN_ATTRIBUTE = "mlflow.experimentId"
_ENTITY = "experiment"
_JOBS = ("params", "result", "scoped_permissions")
"""Columns with JSON of a job: its arguments, its answer, and what it may do with what."""


def remap(store: sqlite3.Connection, given: Mapping[int, int]) -> dict[int, int]:
    """Give new ids to those that do not fit; which, and what they got. `given` ones keep theirs."""
    found = tables(store)
    if "experiments" not in found:
        return {}
    chosen = _choose(store, given)
    if chosen:
        _everywhere(store, found, chosen)
    return chosen


def restore(store: sqlite3.Connection, given: Mapping[int, int]) -> None:
    """Give experiments the ids back that they had before `given` ones were theirs."""
    if given:
        _everywhere(store, tables(store), {new: old for old, new in given.items()})


def _everywhere(
    store: sqlite3.Connection, found: Mapping[str, Table], chosen: Mapping[int, int]
) -> None:
    store.execute("CREATE TEMP TABLE chosen (old INTEGER PRIMARY KEY, new INTEGER)")
    store.executemany("INSERT INTO chosen VALUES (?, ?)", chosen.items())
    for table in found.values():
        _in_columns(store, table)
    _in_entities(store, found)
    _in_prompts(store, found, chosen)
    _in_spans(store, found, chosen)
    _in_jobs(store, found, chosen)
    store.execute("DROP TABLE chosen")


def _choose(store: sqlite3.Connection, given: Mapping[int, int]) -> dict[int, int]:
    known = [row[0] for row in store.execute("SELECT experiment_id FROM experiments ORDER BY 1")]
    taken = {each for each in known if each <= LARGEST} | set(given.values())
    following = count(max(taken, default=0) + 1)
    large = (old for old in known if old > LARGEST)
    return {old: given[old] if old in given else next(following) for old in large}


def _in_columns(store: sqlite3.Connection, table: Table) -> None:
    for column in table.stored:
        if column.name == "experiment_id":
            name = quoted(column.name)
            store.execute(
                f"UPDATE {quoted(table.name)} SET {name} ="
                f" (SELECT new FROM chosen WHERE old = {name})"
                f" WHERE {name} IN (SELECT old FROM chosen)"
            )


def _in_entities(store: sqlite3.Connection, found: Iterable[str]) -> None:
    for table in {"entity_associations", "inputs"} & set(found):
        for end in ("source", "destination"):
            store.execute(
                f"UPDATE {table} SET {end}_id ="
                f" (SELECT CAST(new AS TEXT) FROM chosen WHERE CAST(old AS TEXT) = {end}_id)"
                f" WHERE lower({end}_type) = ? AND {end}_id IN"
                " (SELECT CAST(old AS TEXT) FROM chosen)",
                (_ENTITY,),
            )


def _in_prompts(store: sqlite3.Connection, found: Iterable[str], chosen: Mapping[int, int]) -> None:
    for table in {"registered_model_tags", "model_version_tags"} & set(found):
        tags = store.execute(
            f"SELECT rowid, value FROM {table} WHERE key = ?", (_PROMPT_TAG,)
        ).fetchall()
        for row, value in tags:
            new = re.sub(r"\d+", lambda number: str(_new(number[0], chosen)), value or "")
            if new != value and value is not None:
                store.execute(f"UPDATE {table} SET value = ? WHERE rowid = ?", (new, row))


def _in_spans(store: sqlite3.Connection, found: Iterable[str], chosen: Mapping[int, int]) -> None:
    if "spans" not in found:
        return
    # The rows by number first: a span may be large, and all of them do not fit into memory.
    query = "SELECT rowid FROM spans WHERE instr(content, ?)"
    for (row,) in store.execute(query, (_SPAN_ATTRIBUTE,)).fetchall():
        query = "SELECT content FROM spans WHERE rowid = ?"
        content = store.execute(query, (row,)).fetchone()[0]
        new = _in_span(content, chosen)
        if new != content:
            store.execute("UPDATE spans SET content = ? WHERE rowid = ?", (new, row))


def _in_span(content: str, chosen: Mapping[int, int]) -> str:
    try:
        told = json.loads(content)
        attributes = told["attributes"]
        value = attributes[_SPAN_ATTRIBUTE]  # a JSON text within the JSON, or plain
    except (ValueError, KeyError, TypeError):
        return content
    new = re.sub(r"\d+", lambda number: str(_new(number[0], chosen)), str(value))
    if new == str(value):
        return content
    attributes[_SPAN_ATTRIBUTE] = new if isinstance(value, str) else int(new)
    return json.dumps(told)


def _in_jobs(store: sqlite3.Connection, found: Iterable[str], chosen: Mapping[int, int]) -> None:
    for column in _JOBS if "jobs" in found else ():
        query = f"SELECT rowid, {column} FROM jobs WHERE instr({column}, ?)"
        for row, text in store.execute(query, (_ENTITY,)).fetchall():
            try:
                told = json.loads(text)
            except ValueError:
                continue  # a plain text: nothing that MLflow reads an id from
            new = _in_json(told, chosen)
            if new != told:
                statement = f"UPDATE jobs SET {column} = ? WHERE rowid = ?"
                store.execute(statement, (json.dumps(new), row))


def _in_json(value: Any, chosen: Mapping[int, int]) -> Any:  # Any: JSON
    """JSON with new ids: under the names `experiment_id` and `experiment_ids`, and of resources."""
    if isinstance(value, list):
        return [_in_json(each, chosen) for each in value]
    if not isinstance(value, dict):
        return value
    names = {"experiment_id", "experiment_ids"}
    if value.get("resource_type") == _ENTITY:
        names.add("resource_identifier")
    return {
        name: _renumbered(each, chosen) if name in names else _in_json(each, chosen)
        for name, each in value.items()
    }


def _renumbered(value: Any, chosen: Mapping[int, int]) -> Any:  # Any: JSON
    """An id, as a number or as text, or a list of such."""
    if isinstance(value, list):
        return [_renumbered(each, chosen) for each in value]
    if isinstance(value, str) and value.isdecimal():
        return str(_new(value, chosen))
    return chosen.get(value, value) if isinstance(value, int) else value


def _new(number: str, chosen: Mapping[int, int]) -> int | str:
    return chosen.get(int(number), number)
