"""What an account may do, read from what MySQL and MariaDB print of its grants."""

from __future__ import annotations

import pytest

from tracking.migrate.rights import account, everywhere, missing, roles

NEEDED = ("SELECT", "INSERT", "CREATE", "DROP")
NOTHING = "GRANT USAGE ON *.* TO `u1`@`localhost`"
MYSQL_ROOT = (
    "GRANT SELECT, INSERT, CREATE, DROP, RELOAD ON *.* TO `u1`@`localhost` WITH GRANT OPTION",
    "GRANT AUDIT_ADMIN,BACKUP_ADMIN ON *.* TO `u1`@`localhost` WITH GRANT OPTION",
    "GRANT PROXY ON ``@`` TO `u1`@`localhost` WITH GRANT OPTION",
)
MYSQL_WITH_ROLES = (  # SHOW GRANTS FOR 'u1'@'localhost' USING 'r1', 'r2'
    NOTHING,
    "GRANT SELECT, INSERT, CREATE, DROP ON `mlflow`.* TO `u1`@`localhost`",
    "GRANT `r1`@`%`,`r2`@`%` TO `u1`@`localhost`",
)
MARIADB_WITH_A_ROLE = (  # as MariaDB 10.11 prints it, with a role inside of a role
    "GRANT `writer` TO `u1`@`%`",
    "GRANT USAGE ON *.* TO `u1`@`%` IDENTIFIED BY PASSWORD '*0011'",
    "GRANT `inner` TO `writer`",
    "GRANT USAGE ON *.* TO `writer`",
    "GRANT SELECT ON `mlflow`.* TO `writer`",
    "GRANT ALL PRIVILEGES ON `mlflow`.* TO `inner`",
    "SET DEFAULT ROLE `writer` FOR `u1`@`%`",
)


@pytest.mark.parametrize(
    "lines",
    [
        MYSQL_ROOT,
        MYSQL_WITH_ROLES,
        MARIADB_WITH_A_ROLE,
        ["GRANT ALL PRIVILEGES ON *.* TO 'root'@'localhost' WITH GRANT OPTION"],
        [NOTHING, "GRANT ALL PRIVILEGES ON `mlflow`.* TO `u1`@`localhost` WITH GRANT OPTION"],
        [NOTHING, "GRANT ALL PRIVILEGES ON `ml%`.* TO `u1`@`localhost`"],
        [NOTHING, "GRANT ALL PRIVILEGES ON `mlfl__`.* TO `u1`@`localhost`"],
        ["GRANT SELECT, INSERT ON *.* TO `u1`@`localhost`",
         "GRANT CREATE, DROP ON `mlflow`.* TO `u1`@`localhost`"],
        ["GRANT SELECT, INSERT ON `mlflow`.* TO `u1`@`localhost`",
         "GRANT CREATE, DROP ON `mlflow`.* TO PUBLIC"],
    ],
)  # fmt: skip
def test_an_account_with_all_rights_misses_none(lines: list[str]) -> None:
    assert missing(lines, "mlflow", NEEDED) == []


@pytest.mark.parametrize(
    ("lines", "lacking"),
    [
        ([NOTHING, "GRANT `r1`@`%`,`r2`@`%` TO `u1`@`localhost`"], NEEDED),
        (MARIADB_WITH_A_ROLE[:2], NEEDED),
        (["GRANT ALL PRIVILEGES ON `other`.* TO `u1`@`%`"], NEEDED),
        (["GRANT ALL PRIVILEGES ON `mlflow2`.* TO `u1`@`%`"], NEEDED),
        (["GRANT ALL PRIVILEGES ON `mlflow`.`runs` TO `u1`@`%`"], NEEDED),
        (["GRANT SELECT (`a`, `b`), INSERT (`a`) ON `mlflow`.`runs` TO `u1`@`%`"], NEEDED),
        (["GRANT EXECUTE ON PROCEDURE `mlflow`.`p` TO `u1`@`%`"], NEEDED),
        (["GRANT PROXY ON `root`@`localhost` TO `u1`@`%`"], NEEDED),
        (["GRANT SELECT, CREATE ON `mlflow`.* TO `u1`@`%`"], ("INSERT", "DROP")),
        # The exact name has the say, whatever a pattern would give; and the longer pattern.
        (["GRANT INSERT ON `mlflow`.* TO `u1`@`%`",
          "GRANT ALL PRIVILEGES ON `mlfl__`.* TO `u1`@`%`"], ("SELECT", "CREATE", "DROP")),
        (["GRANT SELECT ON `mlfl%`.* TO `u1`@`%`",
          "GRANT ALL PRIVILEGES ON `m%`.* TO `u1`@`%`"], ("INSERT", "CREATE", "DROP")),
        # MySQL's partial revokes.
        (["GRANT SELECT, INSERT, CREATE, DROP ON *.* TO `u1`@`%`",
          "REVOKE INSERT, DROP ON `mlflow`.* FROM `u1`@`%`"], ("INSERT", "DROP")),
    ],
)  # fmt: skip
def test_rights_on_something_else_do_not_count(lines: list[str], lacking: tuple[str, ...]) -> None:
    assert tuple(missing(lines, "mlflow", NEEDED)) == lacking


def test_an_escaped_wildcard_is_only_its_character() -> None:
    lines = [r"GRANT ALL PRIVILEGES ON `ml\_%`.* TO `u1`@`%`"]

    assert missing(lines, "ml_flow", NEEDED) == []
    assert missing(lines, "mlxflow", NEEDED) == list(NEEDED)
    assert missing([r"GRANT ALL PRIVILEGES ON `a\%b`.* TO `u`@`%`"], "a%b", NEEDED) == []
    assert missing([r"GRANT ALL PRIVILEGES ON `a\%b`.* TO `u`@`%`"], "axb", NEEDED) == list(NEEDED)


def test_with_partial_revokes_wildcards_are_only_characters() -> None:
    lines = ["GRANT ALL PRIVILEGES ON `ml%`.* TO `u1`@`%`"]

    assert missing(lines, "mlflow", NEEDED, patterns=False) == list(NEEDED)
    assert missing(lines, "ml%", NEEDED, patterns=False) == []


def test_names_with_quotes_and_dashes_are_names() -> None:
    lines = ["GRANT ALL PRIVILEGES ON `it``s-m.l`.* TO `u-1`@`10.0.0.%`"]

    assert missing(lines, "it`s-m.l", NEEDED) == []
    assert account(lines) == "`u-1`@`10.0.0.%`"


def test_the_account_and_its_roles_are_told_as_a_grant_names_them() -> None:
    assert account(MARIADB_WITH_A_ROLE) == "`u1`@`%`"
    assert roles(MARIADB_WITH_A_ROLE) == ["`writer`", "`inner`"]
    assert roles(MYSQL_WITH_ROLES) == ["`r1`@`%`,`r2`@`%`"]


def test_a_right_of_the_whole_server_is_not_given_with_a_database() -> None:
    assert everywhere(["GRANT ALL PRIVILEGES ON *.* TO `u1`@`%`"], "SUPER")
    assert everywhere(["GRANT RELOAD, SUPER ON *.* TO `u1`@`%`"], "SUPER")
    assert not everywhere(["GRANT ALL PRIVILEGES ON `mlflow`.* TO `u1`@`%`"], "SUPER")
