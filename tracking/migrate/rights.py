"""What an account may do in a database, by the server's own word (SHOW GRANTS).

Rights come from the account itself, from its active roles and from PUBLIC. Of several grants on
databases that one grantee has, the server takes one: the exact name before any pattern, and of
patterns the one that says most before its first wildcard (seen on MariaDB 10.11). Rights on
single tables do not count: they cannot be given before MLflow has made the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_NAME = r"(?:`(?:[^`]|``)*`|[^\s`'\".,@]+)"
_WHO = rf"(?:{_NAME}|'[^']*')"
_ACCOUNT = rf"{_WHO}(?:@{_WHO})?"
_PRIVILEGES = re.compile(
    rf"(?P<verb>GRANT|REVOKE) (?P<given>.+?) ON (?P<database>{_NAME})\.(?P<table>{_NAME})"
    rf" (?:TO|FROM) (?P<account>{_ACCOUNT})",
    re.IGNORECASE,
)
_ROLES = re.compile(
    rf"GRANT (?P<roles>{_ACCOUNT}(?:, ?{_ACCOUNT})*) TO (?P<account>{_ACCOUNT})", re.IGNORECASE
)
_ALL = "ALL PRIVILEGES"


@dataclass(frozen=True, slots=True)
class Grant:
    """Privileges on all tables of a database; "*" are all databases. `taken`: a partial revoke."""

    account: str
    database: str
    rights: frozenset[str]
    taken: bool

    def gives(self, needed: frozenset[str]) -> frozenset[str]:
        """Which of the needed rights it is about."""
        return needed if _ALL in self.rights else needed & self.rights


def missing(
    lines: Iterable[str], database: str, needed: Iterable[str], *, patterns: bool = True
) -> list[str]:
    """The needed rights that the account does not have, in their order.

    `patterns`: whether `_` and `%` in a grant's database are wildcards.
    """
    by_account: dict[str, list[Grant]] = {}
    for grant in _grants(lines):
        by_account.setdefault(grant.account, []).append(grant)
    wanted = frozenset(needed)
    have = [_of_one(grants, database, wanted, patterns) for grants in by_account.values()]
    return [each for each in needed if each not in frozenset[str]().union(*have)]


def everywhere(lines: Iterable[str], right: str) -> bool:
    """Whether the account has a right of the server as a whole, like SUPER."""
    return any(
        each.database == "*" and not each.taken and each.gives(frozenset({right}))
        for each in _grants(lines)
    )


def account(lines: Iterable[str]) -> str | None:
    """The account as a GRANT has to name it: with its host, which a role of MariaDB has not."""
    found = (_PRIVILEGES.match(line) or _ROLES.match(line) for line in lines)
    return next((each["account"] for each in found if each and "@" in each["account"]), None)


def roles(lines: Iterable[str]) -> list[str]:
    """The roles that were granted, whether or not they are active."""
    found = (_ROLES.match(line) for line in lines)
    return [each["roles"] for each in found if each]


def _grants(lines: Iterable[str]) -> Iterator[Grant]:
    for line in lines:
        found = _PRIVILEGES.match(line)
        if found and _bare(found["table"]) == "*":
            rights = frozenset(each.strip().upper() for each in found["given"].split(","))
            taken = found["verb"].upper() == "REVOKE"
            yield Grant(found["account"], _bare(found["database"]), rights, taken)


def _bare(name: str) -> str:
    return name[1:-1].replace("``", "`") if name.startswith("`") else name


def _of_one(
    grants: list[Grant], database: str, needed: frozenset[str], patterns: bool
) -> frozenset[str]:
    everywhere = [each.gives(needed) for each in grants if each.database == "*"]
    taken = [each.gives(needed) for each in grants if each.taken and each.database == database]
    matching = [
        each
        for each in grants
        if not each.taken and each.database != "*" and _covers(each.database, database, patterns)
    ]
    here = max(matching, key=lambda each: _literal(each.database, database), default=None)
    given = here.gives(needed) if here else frozenset()
    nothing = frozenset[str]()
    return (nothing.union(*everywhere) - nothing.union(*taken)) | given


def _covers(pattern: str, database: str, patterns: bool) -> bool:
    """Whether a grant's database is this one; it may be a pattern like that of LIKE."""
    if pattern == database or not patterns:
        return pattern == database
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    wild = {"_": ".", "%": ".*"}
    written = [wild.get(part, re.escape(part.removeprefix("\\") or part)) for part in parts]
    return re.fullmatch("".join(written), database, re.DOTALL) is not None


def _literal(pattern: str, database: str) -> int:
    """How much a pattern says before its first wildcard; the exact name says more than any."""
    plain = re.sub(r"\\([_%\\])", r"\1", pattern)
    if plain == database:
        return len(database) + 1
    return len(re.split(r"(?<!\\)[_%]", pattern, maxsplit=1)[0].replace("\\", ""))
