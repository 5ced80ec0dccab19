"""No secret leaves, whichever way a text takes."""

from __future__ import annotations

import io
import json
import logging
from urllib.parse import quote, quote_plus

import pytest
from pydantic import SecretStr

from texttosql.redact import Redactor

SECRET = 'p@ss "w/ö rd\\%41'  # noqa: S105  of nothing


@pytest.mark.parametrize(
    "text",
    [
        f"login with {SECRET} failed",
        f"mysql://bot:{SECRET}@db/mlflow",
        quote(SECRET, safe=""),
        quote(SECRET),
        quote_plus(SECRET),
        json.dumps([SECRET]),
        json.dumps([SECRET], ensure_ascii=False),
        repr([SECRET]),
        f"{SECRET}{SECRET}",
    ],
)
def test_a_registered_secret_is_masked_in_every_spelling(text: str) -> None:
    shown = Redactor(SecretStr(SECRET)).redact(text)

    assert "********" in shown
    assert "ss" not in shown.replace("password", "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mysql+pymysql://bot:s3cr3t@db/mlflow", "mysql+pymysql://bot:********@db/mlflow"),
        ("mysql://bot:a@b:c/d@db/mlflow", "mysql://bot:********@db/mlflow"),
        ("mysql://mlflow:mlflow@db/mlflow", "mysql://mlflow:********@db/mlflow"),
        ("key sk-ant-api03-Ab_c9 used", "key sk-ant-******** used"),
        ("token xoxb-12-34-abc", "token xoxb-********"),
        ("xapp-1-A0-9f", "xapp-********"),
        ("Authorization: Bearer ab.cd-ef", "Authorization: Bearer ********"),
        ("password=abc, user=x", "password=********, user=x"),
        ("{'api_key': 'abc d', 'n': 1}", "{'api_key': ********, 'n': 1}"),
    ],
)
def test_what_looks_like_a_secret_is_masked_unasked(text: str, shown: str) -> None:
    assert Redactor().redact(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "sqlite:////home/ann/mlflow.db",
        "mysql+pymysql://bot@db:3306/mlflow",
        "Best: run 6 (0.6), mail ann@example.org: done",
        "which runs have the tag team:nlp@eu?",
        "input_tokens 12",
    ],
)
def test_a_text_without_secrets_stays_as_it_is(text: str) -> None:
    assert Redactor(None, "", "a").redact(text) == text


def test_a_longer_secret_is_masked_whole_although_a_shorter_one_begins_it() -> None:
    assert Redactor("secret", "secret-tail").redact("secret-tail secret") == "******** ********"


def test_a_log_line_and_its_traceback_are_redacted() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.Logger("alone")  # noqa: LOG001  known to no other test
    logger.addHandler(handler)
    redactor = Redactor("hush-hush")
    redactor.watch(logger)

    try:
        raise ValueError("hush-hush")  # noqa: TRY301, EM101  the secret in an error's own text
    except ValueError:
        logger.exception("could not use %s", "hush-hush")

    lines = written.getvalue()
    assert lines.startswith("ERROR could not use ********\n")
    assert "ValueError: ********" in lines
    assert "hush" not in lines


def test_a_secret_registered_later_is_masked_by_what_already_watches() -> None:
    written = io.StringIO()
    logger = logging.Logger("alone")  # noqa: LOG001  known to no other test
    logger.addHandler(logging.StreamHandler(written))
    redactor = Redactor()
    redactor.watch(logger)
    redactor.watch(logger)

    redactor.add("learned-late")
    logger.warning("learned-late")

    assert written.getvalue() == "********\n"
