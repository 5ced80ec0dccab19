"""What this engine says no to, and what it says instead: a reason, and questions that work."""

from __future__ import annotations

import re

from texttosql.catalog import Catalog
from texttosql.effort import is_effort
from texttosql.flow import Clarification, Declined, Option
from texttosql.offline import lexicon
from texttosql.offline.directions import higher_is_better
from texttosql.offline.frame import Frame
from texttosql.offline.names import NameIndex
from texttosql.offline.sentence import Sentence
from texttosql.offline.spelling import near
from texttosql.words import listed

ENGINE = "offline"
LONGEST = 2_000
_SQL = re.compile(
    r"^\s*(?:--.*\n|/\*.*?\*/|\(|\s)*(?:select\s+.+\s+from\b|select\s+[\d'*(@]|"
    r"with\s+\w+\s+as\s*\(|insert\s+into|update\s+\w+\s+set|delete\s+from|"
    r"drop\s+(?:table|database|schema|view)|truncate\s+table|alter\s+table|"
    r"create\s+(?:table|view|index)|grant\s+\w+|explain\s+select|call\s+\w+\(|"
    r"show\s+tables|set\s+@|load\s+data|union\s+select)",
    re.IGNORECASE | re.DOTALL,
)
_POLITE = (
    r"(?:(?:please|pls|plz|can|could|would|will|you|u|hey|hi|hello|ok|okay|now|just|go|ahead|"
    r"and|kindly|i|want|need|to|us|let|lets|then|bot|tracktalk|also|should|we|the|for|me|so|"
    r"try|like|have|get|it|ahead) )*"
)
_CHANGE = re.compile(rf"^{_POLITE}(?P<verb>{'|'.join(sorted(lexicon.CHANGES))})(?: |$)")
_COMMON_VERBS = frozenset("set log train schedule tag write add start stop fix merge push".split())
"""Verbs that a question may well use in passing: they ask for a change only at its beginning."""
_NO_VERB = re.compile(r"(?:(?:and|or|times?|dates?|date|of|status|by|rate|size)\b|:)")
"""What behind a verb shows that it is none: "start dates", "log of"."""
_RARE_CHANGE = "|".join(sorted(lexicon.CHANGES - _COMMON_VERBS))
_THEN = re.compile(
    r"(?:please|can you|could you|then|and then|i want to|want you to|need to|let us|lets|"
    r"you should|need you to|go ahead and|and|so) "
    rf"(?P<verb>{_RARE_CHANGE}) "
    r"(?:the |all |every |this |that |those |these |my |our |any |it|them|run|runs|experiment)"
)
_INJECTED = re.compile(
    r"ignore (?:all |any |your |the )*(?:previous|prior|above|earlier|instructions|rules|"
    r"guard)|system prompt|you are now|jailbreak|"
    r"disregard|bypass|without (?:the )?guard|;\s*(?:drop|delete|insert|update)|"
    r"pretend (?:to be|you)|act as|reveal (?:your|the)|"
    r"(?:api|secret|access) keys?|passwords?|credentials|/etc/|information_schema|base64",
    re.IGNORECASE,
)
_DEFINED = re.compile(
    r"^\W*what (?:does|do) .{1,60} (?:mean|stand for)\W*$|\bdefinition of\b", re.IGNORECASE
)
_AHEAD = re.compile(
    (
        r"\b(?:predict|forecast what|will (?:the|we|it|our|my|this)|going to be|next (?:week|"
        r"month|year|quarter)|tomorrow|expect (?:the|it|to))\b"
    ),
    re.IGNORECASE,
)
_REGISTRY = (
    r"(?:model )?(?:registry|aliase?s?)|(?:model )?versions|version (?:of|NUM#\d+)|"
    r"registered models?|models? (?:\S+ )?registered|(?:in|to) (?:the )?(?:production|staging)|"
    r"(?:production|staging|champion) (?:models?|version)"
)
_LOGGED_MODELS = r"logged models?|models? (?:did|have|has) \S+ log(?:ged)?"
_ALL_OF_THEM = re.compile(
    r"(?:remove|drop) (?:those|these|them|all of (?:them|those|these)|it)(?: (?:runs?|ones))?"
    r"(?: (?:please|now|then|from \w+))*\W*$|"
    r"(?:remove|drop) (?:\w+ ){0,3}(?:tables?|databases?|schema|store)\W*$"
)
_NARROWS = frozenset(
    "add remove drop set change exclude sort log edit fix move modify copy assign".split()
)
_ASKS_FOR = re.compile(
    r"\b(?:show|give|list|results?|numbers?|values?|data|stats|info|summary|overview|"
    r"performance|report)\b"
)


_HELP = re.compile(r"\b(?:help|hi|hello|hey|who are you|what (?:can|do) you)\b")


def before_reading(text: str, catalog: Catalog) -> Declined | None:
    """What can be turned down from the text alone."""
    stripped = "".join(c for c in text if c.isprintable() or c.isspace()).strip()
    if not stripped or not any(c.isalnum() for c in stripped):
        return declined("There is no question in that.", catalog)
    if len(text) > LONGEST:
        return declined(
            f"That is {len(text):,} characters; a question may have {LONGEST:,}. "
            "Please ask it shorter.", catalog)  # fmt: skip
    if _SQL.match(stripped):
        return declined(
            "That is SQL, and I take questions in words. The command tracktalk check-sql judges "
            "statements.", catalog)  # fmt: skip
    if _DEFINED.search(stripped):
        return declined("I answer what was logged, not what words mean.", catalog)
    if _INJECTED.search(stripped):
        return declined(
            "I only answer questions about runs, metrics and models in this store.", catalog
        )
    return None


def change_asked(
    sentence: Sentence, catalog: Catalog, *, in_thread: bool = False
) -> Declined | None:
    """Requests to do something: nothing here can change the store.

    In a thread, "drop the failed ones" and "add the gpu" narrow or widen the answer before.
    """
    plain = sentence.text
    match = _CHANGE.match(plain) or _THEN.search(plain)
    narrows = in_thread and match is not None and match["verb"] in _NARROWS
    if match is None or (narrows and not _ALL_OF_THEM.search(plain)):
        return None
    if _NO_VERB.match(plain[match.end("verb") :].strip()):
        return None
    return declined(
        f"I can't {match['verb']} anything: I only read the tracking store, and never change it.",
        catalog)  # fmt: skip


def registry_asked(sentence: Sentence, catalog: Catalog) -> Declined | None:
    """Questions about the registry of a store that has none, and about MLflow 3's logged models."""
    if sentence.has(_LOGGED_MODELS):
        return declined(
            "I don't read MLflow's logged models: only runs, and models that are registered.",
            catalog,
        )
    if catalog.models or not sentence.has(_REGISTRY):
        return None
    return declined("No model is registered in this store yet.", catalog)


def not_understood(frame: Frame, index: NameIndex, text: str) -> Declined:
    """Words that mean nothing here, with the store's nearest names."""
    catalog = index.catalog
    if _AHEAD.search(text):
        return declined("I can tell what was logged, not what will be.", catalog)
    said = list(dict.fromkeys(frame.unknown))[:3]
    close = [name for word in said for name in near(word, _names(catalog), 2)][:3]
    quoted = " and ".join(f"“{word}”" for word in said)
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    verb = "mean" if len(said) > 1 else "means"
    reason = f"I don't know what {quoted} {verb} in this store.{hint}"
    swapped = tuple(text.replace(said[0], name) for name in close[:2]) if close and said else ()
    return Declined(reason, (*swapped, *examples(catalog))[:3], ENGINE)


def nobodys(catalog: Catalog) -> Declined:
    """No to “my runs” of who is none of the store's users: everybody's would be wrong."""
    users = list(catalog.users)[:3]
    known = f" It knows {listed(users, 3)}." if users else ""
    reason = (
        f"None of this store's users has your name, so I can't tell which runs are yours.{known}"
    )
    return Declined(reason, tuple(f"latest 10 runs by {user}" for user in users), ENGINE)


def _names(catalog: Catalog) -> list[str]:
    """What a word may be a slip of."""
    experiments = (experiment.name for experiment in catalog.experiments)
    models = (model.name for model in catalog.models)
    return [*catalog.metrics, *catalog.params, *experiments, *catalog.users, *models]


def vague(text: str, catalog: Catalog) -> Declined | Clarification:
    """Nothing but small words: a request is asked back about, small talk is let go."""
    if _ASKS_FOR.search(text.lower()) and catalog.runs:
        options = tuple(Option(question, question) for question in examples(catalog))
        return Clarification("What would you like to see?", options, ENGINE)
    if _HELP.search(text.lower()):
        return declined(
            "I answer questions about the runs, metrics, params and models in this store, "
            "in plain words.", catalog)  # fmt: skip
    return declined("I could not make out a question in that.", catalog)


def unread(catalog: Catalog) -> Declined:
    """No to going on from an answer that has no plan: it would go on from another one."""
    return declined(
        "I can't go on from the answer before this: it wasn't me who read that question. "
        "Ask the whole question in one, with its experiment and its conditions.",
        catalog,
    )


def declined(reason: str, catalog: Catalog) -> Declined:
    """A refusal with questions that this store can answer."""
    return Declined(reason, examples(catalog), ENGINE)


def examples(catalog: Catalog) -> tuple[str, ...]:
    """Three questions made of what is really in the store."""
    found: list[str] = []
    judged = (key for key in catalog.metrics if higher_is_better(key) is not None)
    telling = sorted(judged, key=is_effort)
    if telling:
        found.append(f"top 5 runs by {telling[0]}")
    if catalog.experiments:
        found.append("how many runs by experiment?")
    if catalog.runs:
        found.append("latest 10 runs")
    return tuple(found[:3])
