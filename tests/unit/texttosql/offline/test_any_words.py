"""Whatever words are put together, a turn ends in rows, a question back or a reason why not."""

from __future__ import annotations

import random

import pytest

from tests.unit.texttosql.offline.asking import Ask

OPENINGS = (
    "top 3", "best", "worst", "average", "median", "p90 of", "how many", "which", "list",
    "percentage of", "compare", "latest", "show", "how many different", "share of failed", "std of",
    "highest", "params of", "metrics of", "curve of", "longest", "who ran", "when was",
)  # fmt: skip
THINGS = (
    "runs", "experiments", "models", "versions", "users", "f1", "val_loss", "accuracy", "lr",
    "depth", "optimizers", "tags", "datasets", "metrics", "forest and gbm", "cnn-1", "churn-model",
    "duration", "aliases", "children", "stages", "steps", "nonsense",
)  # fmt: skip
CONDITIONS = (
    "in churn", "in price: house v2", "by user", "by model", "per week", "by month", "by alice",
    "last week", "since september", "with f1 above 0.7", "with depth above 5", "tagged prod",
    "that failed", "by step", "of gbm-1", "by f1", "and val_loss", "per dataset", "by stage",
    "deleted", "including deleted ones", "with nan val_loss", "as a bar chart", "sorted by lr",
    "with alias champion", "above average", "vs last week", "in production", "with no parent",
    "instead", "only bob's", "its params", "?", "🙂", "'", "%", "-- ",
)  # fmt: skip


def made_up(chance: random.Random) -> str:
    conditions = chance.sample(CONDITIONS, chance.choice([0, 1, 1, 2, 2, 3]))
    return " ".join([chance.choice(OPENINGS), chance.choice(THINGS), *conditions])


@pytest.mark.parametrize("seed", range(8))
def test_a_thread_of_any_words_never_breaks(seed: int, ask: Ask) -> None:
    chance = random.Random(seed)
    for number in range(20):
        question = made_up(chance)
        said = ask(question, thread=f"any words {seed}/{number // 4}")
        assert said.outcome in {"rows", "clarify", "refuse"}, question
        assert said.reply.error is None, f"{question}: {said.words}"
        assert said.words, question
