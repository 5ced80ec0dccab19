"""What an unclear word stands for in verified answers: the team's own habit, not a guess.

A verified example settles a word only where that word was as unclear in its own question, and
its SQL has just one of the names; examples that disagree settle nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from texttosql.learning.example import Example
from texttosql.learning.statement import names_in
from texttosql.offline.clarifying import chosen_in
from texttosql.offline.frame import Choice, Context, Frame
from texttosql.offline.names import Name
from texttosql.offline.reading import read
from texttosql.offline.tokenizing import sentence_of

_HEARD = 20
"""The newest examples with a word that are asked what it stood for."""


def settled(context: Context, frame: Frame) -> dict[str, Name]:
    """The choices as they stand once habit has spoken (`Context.chosen`); empty: it is silent."""
    examples = context.examples()
    found: dict[str, Name] = {}
    for choice in frame.choices:
        meant = set(_meanings(choice, context, examples))
        if len(meant) == 1:
            found |= chosen_in(choice, meant.pop())
    return {**context.chosen, **found} if found else {}


def told(names: Mapping[str, Name]) -> list[str]:
    """What was taken for what, for the answer to say."""
    return [
        f"{key.partition(':')[2]} is {name.text}, as in verified answers"
        for key, name in names.items()
    ]


def _meanings(choice: Choice, context: Context, examples: Sequence[Example]) -> Iterator[Name]:
    """What the word stood for, by each example that can tell."""
    said = choice.said.lower()
    having = [each for each in examples if said in each.question.lower()]
    for example in having[:_HEARD]:
        names = _names_then(choice, context, example)
        used = names_in(example.sql, context.catalog.schema.dialect)
        named = [name for name in names if name.text in used]
        if len(named) == 1 and named[0] in choice.names:
            yield named[0]


def _names_then(choice: Choice, context: Context, example: Example) -> tuple[Name, ...]:
    """What the word could have meant in the example's question; nothing where it was clear."""
    alone = replace(context, earlier=None, scope=frozenset(), chosen={}, examples=tuple)
    unclear = read(sentence_of(example.question, alone), alone).choices
    said = choice.said.lower()
    return next((each.names for each in unclear if each.said.lower() == said), ())
