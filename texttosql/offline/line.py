"""A question as a line of words that rules can match with patterns and take words from.

Rules are regular expressions over the words in small letters joined by single spaces; a match is
always whole words, and what a rule took no later rule sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from texttosql.offline.lexer import Word

TAKEN = "·"
Hit = tuple[re.Match[str], int, int]
"""A match, its first word, one past its last."""


@lru_cache(maxsize=2_048)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")


class Line:
    """The words, and which of them are already accounted for."""

    def __init__(self, words: tuple[Word, ...]) -> None:
        self.words = words
        self.taken = [False] * len(words)
        self._texts = [word.lower.replace(" ", "_") for word in words]

    @property
    def text(self) -> str:
        """The words not yet taken, in small letters; a taken word is a single dot."""
        return " ".join(
            TAKEN if taken else text for text, taken in zip(self._texts, self.taken, strict=True)
        )

    def find(self, pattern: str, start: int = 0) -> Hit | None:
        """The first match of whole untaken words, from word `start` on."""
        text = self.text
        match = _compiled(pattern).search(text, self._offset(start))
        if match is None:
            return None
        first = text.count(" ", 0, match.start())
        return match, first, first + match.group().count(" ") + 1

    def find_all(self, pattern: str) -> Iterator[Hit]:
        """All matches that do not overlap, on the line as it is when called."""
        text = self.text
        for match in _compiled(pattern).finditer(text):
            first = text.count(" ", 0, match.start())
            yield match, first, first + match.group().count(" ") + 1

    def each(self, pattern: str) -> Iterator[Hit]:
        """Matches from left to right while rules take words, each a word on from the one before."""
        start = 0
        while (hit := self.find(pattern, start)) is not None:
            yield hit
            start = hit[1] + 1

    def take(self, first: int, end: int) -> None:
        """Account for words [first, end)."""
        for index in range(max(first, 0), min(end, len(self.words))):
            self.taken[index] = True

    def eat(self, pattern: str) -> re.Match[str] | None:
        """Find a pattern and take its words."""
        found = self.find(pattern)
        if found is None:
            return None
        match, first, end = found
        self.take(first, end)
        return match

    def has(self, pattern: str) -> bool:
        """Whether untaken words match."""
        return self.find(pattern) is not None

    def said(self, first: int, end: int) -> str:
        """Words [first, end) as they were typed."""
        return " ".join(word.text for word in self.words[first:end])

    def lower(self, index: int) -> str:
        """Word `index` in small letters, or '' outside the line."""
        return self._texts[index] if 0 <= index < len(self.words) else ""

    def _offset(self, start: int) -> int:
        text = self.text
        position = 0
        for _ in range(start):
            space = text.find(" ", position)
            if space < 0:
                return len(text)
            position = space + 1
        return position
