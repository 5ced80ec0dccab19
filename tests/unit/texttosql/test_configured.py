"""Finding a store: an address never opens more of a database than its configured names do."""

from __future__ import annotations

from pydantic import SecretStr

from texttosql.configured import UTC, Policy, Stores, StoreSettings
from texttosql.redact import Redactor

POLICY = Policy("fraud-team", frozenset({"fraud"}), frozenset())
URL = SecretStr("sqlite:////data/a.db")


def test_an_address_of_a_database_with_several_names_gets_the_one_with_a_policy() -> None:
    everything = StoreSettings("everything", URL, UTC)
    some = StoreSettings("some", URL, UTC, POLICY)

    stores = Stores({"everything": everything, "some": some}, "everything", UTC)

    assert stores.find("/data/a.db", Redactor()) == some
    assert stores.find("everything", Redactor()) == everything
