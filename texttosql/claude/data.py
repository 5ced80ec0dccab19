"""Text that others wrote, on its way to the model: as JSON in a marked block, never as prose.

Names, values and results come from whoever could log a run. Each is one line, short, and cannot
hold the block's closing mark: < and > are written as JSON escapes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from texttosql.format import clean, shorten

OPEN, CLOSE = "<data>", "</data>"
_MARK = re.compile(r"<(?=\s*/?\s*data\b)", re.IGNORECASE)
LONGEST = 80
"""Characters of a name or value; a longer one is cut, and found by LIKE if need be."""


def safe(text: object, width: int = LONGEST) -> str:
    """One line without control or bidi characters, at most `width` characters."""
    # The cut comes first as well: cleaning looks at each character, and a value may be a megabyte.
    return shorten(clean(str(text)[: 4 * width]), width)


def question_line(text: str, width: int) -> str:
    """The asker's own words, as the last line of a message; a quoted mark of the block is none.

    Of a very long one the middle is left out: what is asked stands before what was pasted, or
    after it.
    """
    whole = safe(text, len(text) + 1)
    if len(whole) > width:
        half = width // 2
        whole = f"{whole[: half - 2].rstrip()} … {whole[1 - half :].lstrip()}"
    return f"Question: {unmarked(whole)}"


def unmarked(text: str) -> str:
    """With ‹ where it would open or close a block; nothing is cut out, so that none can form."""
    return _MARK.sub("‹", text)


def plain_json(value: object) -> str:
    """Compact JSON, as a model would write it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def as_json(value: object) -> str:
    """Compact JSON in which no tag can be opened or closed."""
    return plain_json(value).replace("<", "\\u003c").replace(">", "\\u003e")


def block(parts: Mapping[str, object]) -> str:
    """The marked block, one line a part; a part that is a str is JSON already."""
    lines = (f'"{name}":{part if isinstance(part, str) else as_json(part)}'
             for name, part in parts.items())  # fmt: skip
    return "\n".join((OPEN, *lines, CLOSE))
