"""Finding a store: an address never opens more of a database than its configured names do.

Nor does an example that was verified there.
"""

from __future__ import annotations

from dataclasses import replace

from pydantic import SecretStr

from texttosql.configured import UTC, Policy, Stores, StoreSettings, scope_of
from texttosql.redact import Redactor

POLICY = Policy("fraud-team", frozenset({"fraud"}), frozenset())
URL = SecretStr("sqlite:////data/a.db")


def test_an_address_of_a_database_with_several_names_gets_the_one_with_a_policy() -> None:
    everything = StoreSettings("everything", URL, UTC)
    some = StoreSettings("some", URL, UTC, POLICY)

    stores = Stores({"everything": everything, "some": some}, "everything", UTC)

    assert stores.find("/data/a.db", Redactor()) == some
    assert stores.find("everything", Redactor()) == everything


def test_an_examples_scope_is_the_store_its_place_and_exactly_its_policy() -> None:
    store = StoreSettings("some", URL, UTC, POLICY)
    scope = scope_of(store)

    same = Policy("renamed", frozenset({"fraud"}), frozenset())
    assert scope.startswith("some/")
    assert scope_of(replace(store, policy=same)) == scope
    others = [
        replace(store, policy=None),
        replace(store, policy=Policy("p", frozenset({"fraud", "churn"}), frozenset())),
        replace(store, policy=Policy("p", frozenset({"fraud"}), frozenset({1}))),
        replace(store, policy=Policy("p", frozenset(), frozenset())),
        replace(store, name="other"),
        replace(store, url=SecretStr("sqlite:////data/b.db")),
    ]
    assert len({scope, *map(scope_of, others)}) == len(others) + 1


def test_an_examples_scope_is_the_same_for_every_login_and_tells_none() -> None:
    def at(login: str) -> str:
        url = f"mysql+pymysql://{login}@db/mlflow"
        return scope_of(StoreSettings("prod", SecretStr(url), UTC))

    assert at("reader:secret") == at("bot:other")
