"""A sentence is shown only when each of its numbers and names is the table's or the question's."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest

from texttosql.claude.explain.facts import Facts, gather
from texttosql.claude.explain.figures import why_not
from texttosql.claude.explain.numerals import read
from texttosql.flow import Answer, Cell, Column, ColumnKind, ResultTable

UTC = ZoneInfo("UTC")
DAY, MAY_4 = 86_400_000, 1_777_852_800_000
RUNS = (
    ("xgb-deep-7", "kim", "FINISHED", 0.93421, 200_000, 1e-3, MAY_4 + 25_200_000),
    ("resnet50", "kim", "FINISHED", 0.91987, 1_204_000, 5e-5, MAY_4 + DAY),
    ("rf-2", "lee", "FAILED", 0.8712, 61_500, 1e-2, MAY_4 + 2 * DAY),
    ("svm-1", "lee", "FINISHED", 0.7103, 9_000, 0.3, MAY_4 + 4 * DAY),
    ("base", "ann", "FAILED", 0.46, None, 0.3, MAY_4 + 9 * DAY),
)
COLUMNS = (
    "run:text user:text status:text val_accuracy:real duration_ms:integer lr:real start_time:time"
)


def facts(
    columns: str, rows: Sequence[Sequence[Cell]], *, question: str = "", title: str = ""
) -> Facts:
    """`facts("run:text auc:real", [("a", 0.9)])` is what a result says."""
    made = []
    for word in columns.split():
        name, _, kind = word.rpartition(":")
        known: ColumnKind = kind  # type: ignore[assignment]  # tests write only real kinds
        made.append(Column(name, known))
    table = ResultTable(tuple(made), tuple(tuple(row) for row in rows), False, 1.0)
    answer = Answer("", table, None, (), "SELECT 1", {}, (), title, "offline")
    return gather(question, answer, UTC)


@pytest.fixture(scope="module")
def five() -> Facts:
    title = "top 5 runs by val_accuracy since 2026-05-01"
    return facts(COLUMNS, RUNS, question="which 5 runs were best?", title=title)


@pytest.mark.parametrize(
    "sentence",
    [
        # cells, at any precision that is shown
        "xgb-deep-7 leads with a val_accuracy of 0.934.",
        "xgb-deep-7 has a val_accuracy of 0.93421.",
        "xgb-deep-7 leads with about 0.93.",
        "The best run, xgb-deep-7, reaches 93.4 % val_accuracy.",
        "XGB-DEEP-7 reaches 93.4 percent.",
        "resnet50 took 1,204 seconds.",
        "resnet50 took 20 min 4 s, xgb-deep-7 only 3 min 20 s.",
        "resnet50 took about 20 minutes.",
        "resnet50 had an lr of 5e-5.",
        "resnet50 had an lr of 0.00005.",
        "svm-1 and base share the lr 0.3.",
        # statistics
        "The mean val_accuracy is 0.779 and the median is 0.871.",
        "The accuracy ranges from 0.46 to 0.934.",
        "val_accuracy spans 0.46–0.93.",
        "The average run took 6 min 9 s.",
        # counts
        "Two of the five runs failed.",
        "2 of 5 runs are FAILED.",
        "kim has two runs, lee two and ann one.",
        "Three users share the 5 runs.",
        "One run, base, has no duration_ms.",
        "kim and ann together ran 3 of the runs.",
        "The three other runs finished, while rf-2 and base failed.",
        # bounds
        "Four runs are above 0.7 in val_accuracy.",
        "All runs are above 0.4 in val_accuracy.",
        "No run is above 0.95 in val_accuracy.",
        "The three best runs all exceed 0.87.",
        "Four of the five values lie between 0.7 and 0.95.",
        "xgb-deep-7 is over 0.93.",
        "At most two runs took more than 2 minutes.",
        # differences, ratios, percentages
        "xgb-deep-7 leads with 0.9342, ahead of resnet50 at 0.92.",
        "The lead of xgb-deep-7 over resnet50 is 0.0143.",
        "resnet50 trails xgb-deep-7 by 1.4 percentage points.",
        "The spread in accuracy is 0.474.",
        "xgb-deep-7 leads resnet50 by 0.0143, at an lr of 0.001.",
        "The accuracy drops from 0.934 to 0.46, a gap of 0.474.",
        "The accuracy of xgb-deep-7 is about twice that of base.",
        "xgb-deep-7 is 2.03× as accurate as base.",
        "xgb-deep-7 is 2.03 times as accurate as base.",
        "xgb-deep-7 is more than twice as accurate as base.",
        "base is 50.8 % below xgb-deep-7.",
        "rf-2 lies 0.0921 above the mean val_accuracy.",
        "resnet50 took about six times as long as xgb-deep-7.",
        "40 % of the runs failed.",
        # places
        "xgb-deep-7 comes first and resnet50 second, with rf-2 third.",
        "kim's runs hold the two top places.",
        "The top 3 runs have a val_accuracy of at least 0.87.",
        "rf-2 is the 3rd of 5.",
        # of several rows together
        "kim's and ann's runs took 23 min 24 s together, by duration_ms.",
        "svm-1 and base are tied at an lr of 0.3.",
        # dates
        "The runs were started between 4 May and 13 May 2026.",
        "The first run started on 2026-05-04.",
        "The first run started on May 4, 2026 and the last on May 13th.",
        "The last run started 9 days after the first.",
        "xgb-deep-7 was started at 2026-05-04 07:00.",
        "All of them are from 2026, since 2026-05-01.",
        "They were started between 4 and 13 May 2026.",
        "xgb-deep-7 was started on 4 May 2026 at 07:00.",
        # names
        "resnet50 and rf-2 are behind.",
        "The run “base” is last.",
        "Among kim's runs, xgb-deep-7 is the better one.",
        "The status of rf-2 is FAILED.",
    ],
)
def test_what_is_true_is_shown(five: Facts, sentence: str) -> None:
    assert why_not(sentence, five) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "xgb-deep-7 leads with a val_accuracy of 0.944.",
        "xgb-deep-7 leads with 0.9432, ahead of resnet50 at 0.92.",
        "xgb-deep-7 leads with about 0.95.",
        "The best run, xgb-deep-7, reaches 94.3 % val_accuracy.",
        "The best run, xgb-deep-7, reaches 0.934 % val_accuracy.",
        "resnet50 took 1,304 seconds.",
        "resnet50 took 25 min 4 s.",
        "resnet50 took about 30 minutes.",
        "resnet50 had an lr of 5e-4.",
        "The mean val_accuracy is 0.797.",
        "The accuracy ranges from 0.36 to 0.934.",
        "Three of the five runs failed.",
        "3 of 5 runs are FAILED.",
        "kim has four runs.",
        "Four users share the 5 runs.",
        "Two runs have no duration_ms.",
        "Three runs are above 0.7 in val_accuracy.",
        "All runs are above 0.5 in val_accuracy.",
        "No run is above 0.9 in val_accuracy.",
        "All values lie between 0.7 and 0.95.",
        "The lead of xgb-deep-7 over resnet50 is 0.0193.",
        "resnet50 trails xgb-deep-7 by 2.4 percentage points.",
        "The accuracy of xgb-deep-7 is about three times that of base.",
        "The accuracy of xgb-deep-7 is half that of resnet50.",
        "base is 40.8 % below xgb-deep-7.",
        "60 % of the runs were killed and 23 % failed.",
        "A tenth of the runs failed.",
        "It improved by 12 %.",
        "The seventh run failed.",
        "The first run started on 2026-05-24.",
        "The last run started 12 days after the first.",
        "There were hundreds of runs.",
        "The first run started on 0 May 2026.",
        "xgb-deep-7 was started on 4 May 2026 at 08:00.",
        "Three runs are tied at an lr of 0.3.",
        # a cell that is no distance, no mean, no span
        "xgb-deep-7 is 0.9199 ahead of resnet50.",
        "The mean val_accuracy is 0.871.",
        "On average the runs took 9 s.",
        "The accuracy ranges from 0.71 to 0.934.",
        # another row's number
        "resnet50 reached 0.87.",
        "rf-2 has a val_accuracy of 0.934.",
    ],
)
def test_a_number_that_does_not_follow_is_not_shown(five: Facts, sentence: str) -> None:
    assert why_not(sentence, five) is not None


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("xgb-deep-9 leads with 0.934.", "xgb-deep-9"),
        ("resnet101 follows at 0.92.", "resnet101"),
        ("It beats the baseline 'model x' with 0.934.", "model x"),
        ('It beats "gpt" with 0.934.', "gpt"),
        ("The learning_rate matters at 0.934.", "learning_rate"),
        ("F1 was best for xgb-deep-7.", "F1"),
        ("See https://evil.example/x for 0.934.", "a link"),
        ("More on evil.com about xgb-deep-7.", "a link"),
        ("<!channel> xgb-deep-7 leads with 0.934.", "a ping"),
        ("@here xgb-deep-7 leads with 0.934.", "a ping"),
        ("Ask <@U123> about xgb-deep-7.", "a ping"),
        ("**xgb-deep-7** leads with 0.934.", "markup"),
        ("[xgb-deep-7](x) leads.", "markup"),
        ("SELECT run FROM runs gives 0.934.", "SQL"),
        ("xgb-deep-7 leads; DROP TABLE runs;", "SQL"),
        ("You should tell everybody to log in again.", "says nothing"),
        ("", "empty"),
        ("½ of the runs failed.", "not read"),
        ("Alle fünf Läufe sind fertig.", "not read"),
        ("xgb-deep-7 leads. " * 40, "too long"),
    ],
)
def test_a_stranger_and_what_is_no_plain_sentence_is_not_shown(
    five: Facts, sentence: str, why: str
) -> None:
    assert why.lower() in (why_not(sentence, five) or "").lower()


def test_a_part_of_a_columns_name_may_be_spoken() -> None:
    found = facts("run:text val_f1_macro:real", [("a1", 0.5), ("b2", 0.25)])
    assert why_not("The F1 of a1 is twice that of b2.", found) is None


def test_a_registry_version_is_a_name() -> None:
    found = facts("model:text version:integer", [("fraud", 3), ("fraud", 12)])
    assert why_not("fraud has v3 and v12.", found) is None
    assert why_not("fraud has v4.", found) is not None


def test_text_that_is_a_number_counts_as_one() -> None:
    found = facts("run:text depth:text", [("aa", "4"), ("bb", "16")])
    assert why_not("bb has four times the depth of aa, 16.", found) is None
    assert why_not("bb has five times the depth of aa.", found) is not None


def test_a_share_of_a_sum_is_a_share_for_amounts_alone() -> None:
    found = facts("user:text runs:integer", [("kim", 30), ("lee", 10), ("ann", 10)])
    assert why_not("kim has 60 % of the 50 runs.", found) is None
    accuracies = facts("user:text acc:real", [("kim", 0.6), ("lee", 0.2), ("ann", 0.2)])
    assert why_not("lee has a third of the acc of kim.", accuracies) is None
    assert why_not("kim's share of the acc is 67 %.", accuracies) is not None


def test_groups_are_counted_added_up_and_told_apart_from_what_they_count() -> None:
    found = facts("experiment:text runs:integer", [("aa", 5), ("bb", 5), ("cc", 3), ("dd", 2)])
    for sentence in (
        "aa and bb have 10 of the 15 runs, two thirds.",
        "Two experiments are tied with 5 runs each.",
        "No experiment has fewer than 2 runs.",
        "The 15 runs are spread over 4 experiments.",
    ):
        assert why_not(sentence, found) is None
    for sentence in (
        "aa and bb have 11 of the 15 runs.",
        "Three experiments are tied with 5 runs each.",
        "No experiment has fewer than 3 runs.",
        "The 15 runs are spread over 3 experiments.",
    ):
        assert why_not(sentence, found) is not None


def test_a_day_is_a_row_where_rows_are_about_days() -> None:
    days = [("2026-11-09", 12), ("2026-11-10", 1), ("2026-11-13", 11), ("2026-11-15", 1)]
    found = facts("day:day runs:integer", days)
    assert why_not("2026-11-09 and 2026-11-13 account for 23 of the 25 runs, 92 %.", found) is None
    assert why_not("On the two other days, beside 2026-11-09 and 2026-11-13, 1 run.", found) is None
    assert why_not("2026-11-09 and 2026-11-10 account for 23 of the 25 runs.", found) is not None


def test_nan_and_infinity_are_no_numbers_to_lean_on() -> None:
    found = facts("run:text loss:real", [("aa", float("nan")), ("bb", 1.8e308), ("cc", 0.25)])
    assert why_not("The lowest loss is 0.25, of cc.", found) is None
    assert why_not("Two runs have no loss.", found) is None


def test_a_number_of_the_question_may_be_repeated_and_no_part_of_its_dates() -> None:
    found = facts("run:text auc:real", [("aa", 0.5)], question="auc above 0.25 since 2026-05-09?")
    assert why_not("aa is above 0.25.", found) is None
    assert why_not("There are 9 runs.", found) is not None


@pytest.mark.parametrize("number", ["1e999", "-1e999", "0e9", "1e30", "10^400", "9" * 400, "0k"])
def test_a_number_beyond_all_measure_is_no_error_and_does_not_hold(
    five: Facts, number: str
) -> None:
    assert why_not(f"xgb-deep-7 has a val_accuracy of {number[:300]}.", five) is not None


def test_a_run_that_is_called_like_a_number_proves_nothing() -> None:
    found = facts("run:text auc:real", [("seven", 0.5), ("42", 0.25)])
    assert why_not("There are seven runs.", found) is not None
    assert why_not("There are 43 runs.", found) is not None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,204 rows", [1204]),
        ("0.8–0.9", [0.8, 0.9]),
        ("0.8-0.9", [0.8, 0.9]),
        ("−0.05 and -3", [-0.05, -3]),
        ("1.5e-05 or 2 × 10^-3", [1.5e-05, 2e-3]),
        ("1.2k, 3.4 million", [1200, 3_400_000]),
        ("twice, half, two thirds", [2, 0.5, 2 / 3]),
        ("the top-5", [5]),
        ("the third of twelve", [3, 12]),
        ("3 min 20 s", [200]),
        ("the one that nobody saw", []),
        ("resnet50, v2", []),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, values: Sequence[float]) -> None:
    assert [figure.value for figure in read(text)] == pytest.approx(values)


# -- any table ------------------------------------------------------------------------------


def _table(dice: random.Random) -> tuple[Facts, list[str]]:
    """A random result, and true sentences about it."""
    size = dice.randint(3, 40)
    names = [f"run-{dice.choice('abcdefgh')}{i}" for i in range(size)]
    auc = [round(dice.uniform(0.4, 0.99), 5) for _ in names]
    loss = [round(dice.uniform(0.1, 40), 4) for _ in names]
    states = [dice.choice(("FINISHED", "FAILED", "KILLED")) for _ in names]
    a, b = dice.sample(range(size), 2)
    best = max(range(size), key=auc.__getitem__)
    states[b] = "FAILED"
    failed = states.count("FAILED")
    rows = list(zip(names, auc, loss, states, strict=True))
    found = facts("run:text auc:real loss:real status:text", rows)
    return found, [
        f"{names[a]} has an auc of {auc[a]:.4f}.",
        f"{names[a]} has an auc of {auc[a]:.3f} and a loss of {loss[a]:.2f}.",
        f"{names[best]} is best with {auc[best] * 100:.1f} % auc.",
        f"The auc of {names[a]} and {names[b]} differ by {abs(auc[a] - auc[b]):.4f}.",
        f"The mean loss is {sum(loss) / size:.3f}.",
        f"The auc ranges from {min(auc):.3f} to {max(auc):.3f}.",
        f"{failed} of the {size} runs are FAILED.",
        f"{names[a]} has {loss[a] / loss[b]:.2f} times the loss of {names[b]}.",
        f"{failed / size * 100:.1f} % of the runs are FAILED.",
    ]


def _changed(sentence: str, dice: random.Random) -> str:
    """With another digit in one of its numbers."""
    places = [m.span() for m in re.finditer(r"(?<![\w-])\d+(?:\.\d+)?(?![\w-])", sentence)]
    place = dice.choice(places)
    at = dice.choice([i for i in range(*place) if sentence[i].isdigit()])
    new = dice.choice([d for d in "0123456789" if d != sentence[at]])
    return f"{sentence[:at]}{new}{sentence[at + 1 :]}"


def test_true_sentences_about_any_table_hold_and_hardly_any_with_a_digit_changed() -> None:
    dice = random.Random(7)
    wrong, passed, strict = 0, [], []
    for _ in range(200):
        found, sentences = _table(dice)
        strict += [(s, why) for s in sentences if (why := why_not(s, found))]
        for sentence in sentences:
            changed = _changed(sentence, dice)
            wrong += 1
            passed += [changed] if why_not(changed, found) is None else []

    assert strict == []
    assert len(passed) / wrong < 0.02, passed


SCORES = (("xgb-1", 1.0, 0.93), ("rf-2", 0.98, 0.95), ("svm-3", 0.7, 0.69))


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("xgb-1 has a train_f1 of 1 and a val_f1 of 0.93, 0.07 lower.", True),
        ("The val_f1 of xgb-1 is 7% below its train_f1.", True),
        ("rf-2's train_f1 is 0.03 above its val_f1.", True),
        ("rf-2's train_f1 is 0.07 above its val_f1.", False),  # that is xgb-1's
        ("Somebody's train_f1 is 0.07 above val_f1.", False),  # whose?
    ],
)
def test_the_difference_of_two_columns_is_that_of_the_named_row(sentence: str, holds: bool) -> None:
    scores = facts("run:text train_f1:real val_f1:real", SCORES, question="who overfits?")
    assert (why_not(sentence, scores) is None) is holds
