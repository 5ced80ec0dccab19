"""What answers on this machine's own address is a stand-in."""

from __future__ import annotations

import pytest

from tests.unit.texttosql.evaluation.verdicts import verdict
from texttosql.cost import Cost
from texttosql.evaluation.stand_in import stand_in

BY_MODEL = verdict("rows", "rows", right=True, cost=Cost(calls=1))
BY_RULE = verdict("rows", "rows", right=True)


@pytest.mark.parametrize("host", ["127.0.0.1:8900", "localhost:80", "[::1]:8900", "127.8.0.1"])
def test_a_model_on_the_loopback_address_is_a_stand_in(host: str) -> None:
    assert stand_in(f"http://{host}", [BY_RULE, BY_MODEL]) == f"http://{host}"
    assert stand_in(f"http://key:secret@{host}/v1", [BY_MODEL]) == f"http://{host}"


@pytest.mark.parametrize("address", [None, "https://gateway.example.com", "https://10.0.0.7:443"])
def test_any_other_address_has_a_model(address: str | None) -> None:
    assert stand_in(address, [BY_MODEL]) is None


def test_where_no_model_was_asked_nothing_stood_in() -> None:
    assert stand_in("http://127.0.0.1:8900", [BY_RULE]) is None
