"""The names that live in a store right now: what a question's words can mean.

Read through the guard and the warehouse like any other query, and kept for a while by
`CatalogCache`. Bounded: a store with 20,000 param values costs no more than its caps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from texttosql.schema import Schema


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment that is not deleted, and how many live runs it has."""

    id: int
    name: str
    runs: int


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """A param or tag key: on how many live runs, its values, whether all are numbers.

    `values` maps value -> runs for the most frequent values; `complete` says whether it has all.
    """

    runs: int
    numeric: bool
    values: Mapping[str, int]
    complete: bool


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """A registered model with its aliases (alias -> version), live versions and tag keys."""

    name: str
    versions: tuple[int, ...]
    aliases: Mapping[str, int]
    stages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Catalog:
    """A snapshot of the names. Counts are of live runs (neither run nor experiment deleted)."""

    schema: Schema
    experiments: tuple[Experiment, ...] = ()
    metrics: Mapping[str, int] = field(default_factory=dict)
    params: Mapping[str, KeyInfo] = field(default_factory=dict)
    tags: Mapping[str, KeyInfo] = field(default_factory=dict)
    users: Mapping[str, int] = field(default_factory=dict)
    run_names: Mapping[str, int] = field(default_factory=dict)
    models: tuple[RegisteredModel, ...] = ()
    datasets: Mapping[str, int] = field(default_factory=dict)
    runs: int = 0
