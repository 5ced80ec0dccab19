"""What a process of our own says when it fails is one line that tells why."""

from __future__ import annotations

from tracking.migrate.child import told

SQLALCHEMY = """Traceback (most recent call last):
  File "x.py", line 1, in <module>
sqlalchemy.exc.OperationalError: (pymysql.err.OperationalError) (1142, "TRIGGER command denied")
[SQL:
CREATE TRIGGER a
BEFORE UPDATE ON secrets
]
[parameters: {'a': 1}]
(Background on this error at: https://sqlalche.me/e/20/e3q8)
"""


def test_the_servers_word_is_told_not_the_statement() -> None:
    assert told(SQLALCHEMY).endswith('(1142, "TRIGGER command denied")')


def test_a_plain_error_is_told_as_it_stands() -> None:
    assert told("warning\nValueError: no\n\n") == "ValueError: no"
    assert told("") == "it said nothing"
