"""Conditions by name: "adam runs", "batch size 64", "alice's", "in churn", "not failed"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from texttosql.offline import tokens as t
from texttosql.offline.choosing import choose, of_key, same_key
from texttosql.offline.comparing import number_of, ref_of
from texttosql.offline.frame import Choice, Context, Frame
from texttosql.offline.lexicon import MODEL_WORDS, STATUSES, SUPERLATIVES
from texttosql.offline.names import Name
from texttosql.offline.sentence import Sentence, Token
from texttosql.plan import Op, Ref, Test

_AND = r"(?: (?:,|ahead of|ahead|or|and|vs|versus|against|/|to|than|compared|with|over|beat|beats|better|outperform|outperforms|worse|faster|slower))+(?: (?:the|a|an|with|by|in|for|that|those|of))*"
_WORTH = rf"(?:{t.VALUE}|{t.NUM}|{t.QUOTED}|true|false|none|null)"
STATUS = t.any_of(STATUSES)
_CLEARLY = 4


def scopes(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The experiments in question: read first, since they settle which metrics are meant."""
    pattern = rf"(?P<neg>{t.NEGATION} )?(?P<all>{t.EXP}(?:{_AND} {t.EXP})*)"
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        tokens = _tokens(sentence, match["all"])
        _versus(match["all"], frame)
        ids = [_experiment(sentence, token, frame, context) for token in tokens]
        values = tuple(dict.fromkeys(value for found in ids for value in found))
        op: Op = "not in" if match["neg"] else "in"
        frame.add(
            Test(Ref("field", "experiment_id"), op, values, match_said(sentence, tokens)), first
        )
        sentence.take(first, end)
    _by_number(sentence, frame, context)


def _experiment(
    sentence: Sentence, token: Token, frame: Frame, context: Context
) -> tuple[int, ...]:
    name = choose(sentence, token, frame, context)
    if name.key == "":  # a chosen "all of them"
        return tuple(int(n.key) for n in token.names)
    return (int(name.key),)


def _by_number(sentence: Sentence, frame: Frame, context: Context) -> None:
    hit = sentence.find(rf"{t.EXPERIMENTS}(?: (?:id|#|number))? (?P<n>{t.NUM})")
    if hit is None:
        return
    match, first, end = hit
    token = sentence.token(match["n"])
    number = int(token.word.number or 0) if token.word else -1
    if any(experiment.id == number for experiment in context.catalog.experiments):
        frame.add(
            Test(Ref("field", "experiment_id"), "in", (number,), sentence.said(first, end)), first
        )
        sentence.take(first, end)


def match_said(sentence: Sentence, tokens: Iterable[Token]) -> str:
    """How some tokens were typed."""
    return " and ".join(token.said for token in tokens)


def _tokens(sentence: Sentence, text: str) -> list[Token]:
    return [sentence.token(found) for found in re.findall(r"[A-Z]+#\d+", text)]


def _versus(said: str, frame: Frame) -> None:
    if re.search(
        r" (?:vs|versus|against|compared|than|over|ahead|beats?|better|outperforms?|worse|faster|slower) ",
        f" {said} ",
    ):
        frame.compare = True


def merge(frame: Frame) -> None:
    """Two equalities on one thing mean either: "show A next to B"."""
    for index in range(len(frame.tests) - 1, 0, -1):
        test = frame.tests[index]
        for place, other in enumerate(frame.tests[:index]):
            if (
                other.ref == test.ref
                and {other.op, test.op} <= {"=", "in"}
                and test.values
                and other.values
                and (test.ref.kind in {"field", "param", "tag", "either"})
            ):
                values = tuple(dict.fromkeys([*other.values, *test.values]))
                frame.tests[place] = Test(test.ref, "in", values, f"{other.words} and {test.words}")
                del frame.tests[index], frame.positions[index]
                break


def read(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Every condition by name, the most explicit first."""
    for rule in (
        _notes, _flags, _presence, _key_equals, _known_words, _value_before_key, _values, _statuses, _mine, _users, _runs,
        _datasets, _nested, _deleted,
    ):  # fmt: skip
        rule(sentence, frame, context)


def noise(sentence: Sentence) -> None:
    """Words that only say what kind of thing the next one is, and reminders we keep anyway."""
    while (
        hit := sentence.find(
            rf"(?:params?|parameters?|hyperparameters?|hyperparams?|metrics?|tags?|labels?)(?= (?:{t.KEY}))"
        )
    ) is not None:
        sentence.take(hit[1], hit[2])
    while (
        hit := sentence.find(
            rf"(?P<key>{t.KEY}|RTAG#\d+) (?P<noun>params?|parameters?|hyperparameters?|metrics?|tags?|settings?|config|choices?|options?|tickets?|variants?|flags?|labels?)(?= |$)"
        )
    ) is not None:
        sentence.take(hit[2] - 1, hit[2])
    sentence.eat(r"\( ?(?:tag|param|metric|parameter) ?\)")
    sentence.eat(
        r"(?:in|from|among) (?:the |our |all )*(?:tags|params|parameters|hyperparameters|metrics)(?= |$)"
    ) if sentence.has(t.KEY) else None
    sentence.eat(
        r"(?:(?:,|\() )?(?:skip|skipping|ignore|ignoring|excluding|exclude|without|drop|no|not counting|leave out|leaving out) (?:the |any |all )*(?:nans?|nulls?|infs?|infinities)"
    )
    if sentence.has(rf"{t.COMPARE} {t.NUM}.* i\.?e {t.COMPARE} {t.NUM}".replace(".* ", "(?: \\S+)*? ")):
        sentence.eat(rf"i\.?e {t.COMPARE} {t.NUM}")  # the same bound said twice
    sentence.eat(r"(?:i\.?e|e\.?g|aka|a\.k\.a|viz)")
    sentence.eat(r"(?:in |across |for |from )?(?:any|every|all|whichever|whatever) experiments?(?= |$)") if not sentence.has(r"(?:how many|list|show|name|count) .*experiments?") else None


def _presence(sentence: Sentence, frame: Frame, context: Context) -> None:
    """ "without dropout", "that never logged loss", "with a release tag"."""
    missing = (
        rf"(?:(?:without|lacking|missing|no|never|not|lack)(?: (?:a|an|any|the|logged|logging|log|have|has|having|set|recorded|tracked|reported|report|did|that|value|for|tag|param|parameter|metric))*)"
        rf" (?P<key>{t.KEY})(?: (?:tag|param|parameter|metric|set|logged|value|recorded|at all|reported))*"
    )
    present = (
        rf"(?:with|have|has|having|that have|which have|logged|log|logging|recorded|contain|containing|carry|carrying|tracking|reported|report)(?: (?:a|an|any|the|logged|set))*"
        rf" (?P<key>{t.TAG}|{t.METRIC}|{t.PARAM})(?: (?:tag|metric|param|parameter|logged|set|value))*(?=$| (?:\?|\.|,|PERIOD|in|for|by|EXP|USER|·))"
    )
    while (hit := sentence.find(missing)) is not None:
        match, first, end = hit
        after = sentence.lower(end)
        if after in {"=", ">", "<"} or after.startswith(("NUM#", "VALUE#")):
            break
        ref = ref_of(sentence, match["key"], frame, context)
        frame.add(Test(ref, "missing", (), sentence.said(first, end)), first)
        sentence.take(first, end)
    hit = sentence.find(present)
    logged = hit and re.match(
        r"logged|log|logging|recorded|reported|report|have|has|having|contain|with|carry|carrying|tracking", hit[0].group()
    )
    if (
        hit is not None
        and logged
        and sentence.has(rf"{t.RUNS}|who|which|how")
        and not _ranks(sentence)
    ):
        match, first, end = hit
        kind = sentence.token(match["key"]).kind
        if kind == "tag" or re.match(r"logged|log|recorded|report|tracking|contain|carry|carrying", match.group()):
            ref = ref_of(sentence, match["key"], frame, context)
            frame.add(Test(ref, "exists", (), sentence.said(first, end)), first)
            sentence.take(first, end)


_ON = (
    r"(?:with|using|used|use|uses|enabled|having|had|has|have|that used|via)(?: (?:a|the|any))*"
)
_OFF = r"(?:without|not using|no|not use|disabled|lacking|non|not with|never used|not used)(?: (?:a|the|any))*"


def _flags(sentence: Sentence, frame: Frame, context: Context) -> None:
    """ "fp16 runs", "with early stopping", "used lora": a param that is on, off, or just there."""
    ending = rf"(?=$| (?:\?|\.|,|PERIOD|in|for|by|EXP|USER|·|and|or|that|which|on|since|from|last|this|at|{t.RUNS}|failed|finished))"
    for pattern in (
        rf"(?P<off>{_OFF}) (?P<key>{t.PARAM})(?P<on>){ending}",
        rf"(?P<off>)(?P<on>{_ON}) (?P<key>{t.PARAM}){ending}",
        rf"(?P<off>non |not )?(?P<on>)(?P<key>{t.PARAM})(?= (?:enabled )?{t.RUNS})",
        rf"(?P<on>)(?P<key>{t.PARAM}) (?P<off>(?=enabled|turned on|on )|disabled|turned off|off)",
    ):
        start = 0
        while (hit := sentence.find(pattern, start)) is not None:
            match, first, end = hit
            start = first + 1
            token = sentence.token(match["key"])
            if re.search(
                r"\b(?:by|per|each|which|what|vs|versus)$",
                sentence.said(max(0, first - 1), first).lower(),
            ):
                continue
            if not _flag(
                sentence,
                token,
                frame,
                context,
                off=bool(match["off"]),
                adjective=not match["on"] and not match["off"],
            ):
                continue
            sentence.take(first, end)


def _flag(
    sentence: Sentence, token: Token, frame: Frame, context: Context, *, off: bool, adjective: bool
) -> bool:
    infos = [(name, context.catalog.params.get(name.text)) for name in token.names]
    name, info = infos[0]
    if info is None:
        return False
    first = sentence.tokens.index(token)
    spelled = {value.lower(): value for value in info.values}
    if set(spelled) <= {"true", "false", "none", "yes", "no"} and info.complete:
        name = choose(sentence, token, frame, context)
        wanted = [
            v
            for low, v in spelled.items()
            if low in ({"false", "no", "none"} if off else {"true", "yes"})
        ]
        if wanted:
            ref = Ref("param", name.text)
            frame.add(
                Test(ref, "in", tuple(wanted), sentence.said(max(first - 1, 0), first + 1)), first
            )
            return True
    if adjective or off or (len(infos) == 1 and info.runs >= context.catalog.runs):
        return False
    frame.add(Test(Ref("param", name.text), "exists", (), f"with {token.said}"), first)
    return True


def _ranks(sentence: Sentence) -> bool:
    return sentence.has(r"best|top|highest|lowest|worst|most|average|avg|mean|max|min|median")


def several_values(sentence: Sentence, frame: Frame, context: Context) -> None:
    """ "does sample_frac 1.0 beat 0.1": read before bounds, which would take "beat 0.1"."""
    pattern = rf"(?P<key>{t.PARAM}|{t.TAG})(?:{t.SETTING}) (?P<worth>{_WORTH}(?:{_AND} {_WORTH})+)"
    if (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        ref = ref_of(sentence, match["key"], frame, context)
        values = _worths(sentence, re.findall(_WORTH, match["worth"]), ref, frame, context)
        if len(values) > 1 and not sentence.has(rf"(?:between|from) {t.NUM}"):
            _versus(match["worth"], frame)
            both = {str(value).lower() for value in values} == {"true", "false"}
            frame.compare = frame.compare or both
            frame.add(Test(ref, "in", values, sentence.said(first, end)), first)
            sentence.take(first, end)


def _key_equals(sentence: Sentence, frame: Frame, context: Context) -> None:
    pattern = (
        rf"(?P<neg>{t.NEGATION} )?(?:(?:tagged|labelled|labeled|with tag|tag) (?:as |with )?)?(?P<key>{t.PARAM}|{t.TAG}|{t.METRIC})(?P<set>{t.SETTING})(?P<neg2> not| !=)?(?: the| a)?"
        rf" (?P<worth>{_WORTH}(?:{_AND} {_WORTH})*)"
    )
    start = 0
    while (hit := sentence.find(pattern, start)) is not None:
        match, first, end = hit
        start = first + 1
        token = sentence.token(match["key"])
        worths = re.findall(_WORTH, match["worth"])
        if token.kind == "metric" and not re.search(r"=|equal|exactly|is", match["set"]):
            continue
        ref = ref_of(sentence, match["key"], frame, context)
        values = _worths(sentence, worths, ref, frame, context)
        if not values:
            continue
        negated = bool(match["neg"] or match["neg2"])
        _versus(match["worth"], frame)
        if len(worths) > 1 and " and " in match["worth"]:
            frame.compare = frame.compare or sentence.has(r"compare|difference|between")
        frame.add(Test(ref, _op(values, negated), values, sentence.said(first, end)), first)
        sentence.take(first, end)


def _known_words(sentence: Sentence, frame: Frame, context: Context) -> None:
    """ "priority = high", "high priority": everyday words that are values of the key beside them."""
    plain = r"(?P<word>[^\s#·?,!.]+)"
    for pattern in (
        rf"(?P<neg>{t.NEGATION} )?(?:(?:tagged|with tag|tag) )?(?P<key>{t.PARAM}|{t.TAG}){t.SETTING} {plain}",
        rf"(?P<neg>{t.NEGATION} )?{plain} (?P<key>{t.PARAM}|{t.TAG})(?! (?:=|>|<))",
    ):
        start = 0
        while (hit := sentence.find(pattern, start)) is not None:
            match, first, end = hit
            start = first + 1
            token = sentence.token(match["key"])
            table = context.catalog.tags if token.kind == "tag" else context.catalog.params
            for name in token.names:
                info = table.get(name.text)
                values = tuple(
                    v for v in (info.values if info else ()) if v.lower() == match["word"]
                )
                if values:
                    ref = Ref("tag" if token.kind == "tag" else "param", name.text)
                    frame.add(
                        Test(
                            ref, _op(values, bool(match["neg"])), values, sentence.said(first, end)
                        ),
                        first,
                    )
                    sentence.take(first, end)
                    break


def _notes(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """ "a note about leakage", "with 'v2' in the name": a piece of free text."""
    word = r"(?P<word>\S+)"
    says = r"(?:starts? with|starting with|begins? with|beginning with|about|containing|mentioning|mention|mentions|saying|says|say|contains|contain|that says|that mentions|with|including|like|has|starting with|that contains|matching)"
    for pattern, key in (
        (
            rf"(?:with |whose |that have |have |has |where |the )*(?:a |the )?(?:notes?|descriptions?|comments?)(?: that)? {says}(?: the)?(?: words?)? {word}",
            "note",
        ),
        (
            rf"(?:with |whose |where |the |that have |having )*(?:run )?(?:names?|titles?)(?: that)? {says}(?: the)?(?: words?)? {word}",
            "run",
        ),
        (rf"(?:called|named) (?:something )?(?:like|with) {word}", "run"),
        (
            rf"(?:with |has |have |having |containing )+{word} in (?:the|its|their)(?: run)? names?",
            "run",
        ),
        (
            rf"(?:that |which )?(?:mention|mentions|mentioning) {word}(?: in (?:the|their|its) (?:notes?|descriptions?))?",
            "note",
        ),
    ):
        if (hit := sentence.find(pattern)) is not None:
            match, first, end = hit
            text = match["word"]
            said = (
                sentence.token(text).said
                if "#" in text
                else sentence.tokens[_at(sentence, first, match, text)].said
            )
            starts = re.search(r"\b(?:starts?|starting|begins?|beginning) with", match.group())
            op: Op = "starts" if starts else "contains"
            frame.add(
                Test(Ref("field", key), op, (said.strip("'\""),), sentence.said(first, end)), first
            )
            sentence.take(first, end)
            sentence.eat(r"in (?:the|their|its) (?:notes?|descriptions?|names?)")


def _at(sentence: Sentence, first: int, match: re.Match[str], text: str) -> int:
    """The place of a matched word among the tokens."""
    return first + match.group()[: match.start("word") - match.start()].count(" ")


def _op(values: tuple[object, ...], negated: bool) -> Op:
    if len(values) == 1:
        return "!=" if negated else "="
    return "not in" if negated else "in"


def _worths(
    sentence: Sentence, worths: Iterable[str], ref: Ref, frame: Frame, context: Context
) -> tuple[str | float | int, ...]:
    """What the words after a key are worth to it; empty where they are not its values."""
    found: list[str | float | int] = []
    for worth in worths:
        if worth.startswith("VALUE#"):
            names = of_key(sentence.token(worth), ref.key)
            if not names:
                return ()
            found += [name.text for name in names]
        elif worth.startswith("NUM#"):
            found.append(_number_or_text(sentence.token(worth), ref, frame, context))
        else:
            said = sentence.token(worth).said if "#" in worth else worth
            found += _spelled(said, ref, context)
    return tuple(dict.fromkeys(found))


def _number_or_text(token: Token, ref: Ref, frame: Frame, context: Context) -> str | float | int:
    info = (context.catalog.params if ref.kind == "param" else context.catalog.tags).get(ref.key)
    if info is not None and (not info.numeric or ref.kind == "tag"):
        for value in info.values:
            if value.lower() == token.said.lower():
                return value
    return number_of(token, ref, frame, context)


def _spelled(said: str, ref: Ref, context: Context) -> list[str]:
    """The store's own spellings of a value, whatever the case; what was typed if it has none."""
    info = (context.catalog.params if ref.kind == "param" else context.catalog.tags).get(ref.key)
    wanted = {said.lower()}
    wanted |= {"1"} if said.lower() == "true" else set()
    known = [v for v in (info.values if info else ()) if v.lower() in wanted]
    exact = [v for v in known if v.lower() == said.lower()]
    return exact or known or [said]


def _value_before_key(sentence: Sentence, frame: Frame, context: Context) -> None:
    """ "adam optimizer", "64 batch size", "100 trees"."""
    pattern = rf"(?P<neg>{t.NEGATION} )?(?P<worth>(?:{t.VALUE}|{t.NUM})(?:{_AND} (?:{t.VALUE}|{t.NUM}|none|true|false|null))*) (?P<key>{t.PARAM}|{t.TAG})"
    start = 0
    while (hit := sentence.find(pattern, start)) is not None:
        match, first, end = hit
        start = first + 1
        if "NUM#" in match["worth"] and re.fullmatch(
            r"top|best|bottom|worst|last|first|latest|highest|lowest|longest|fastest|slowest|recent",
            sentence.lower(first - 1),
        ):
            continue
        ref = ref_of(sentence, match["key"], frame, context)
        values = _worths(sentence, re.findall(_WORTH, match["worth"]), ref, frame, context)
        if not values:
            continue
        frame.add(
            Test(ref, _op(values, bool(match["neg"])), values, sentence.said(first, end)), first
        )
        _versus(match["worth"], frame)
        sentence.take(first, end)


def _values(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Values alone: the key they belong to is the condition's."""
    pattern = rf"(?P<neg>{t.NEGATION} )?(?P<all>{t.VALUE}(?:{_AND} {t.VALUE})*)"
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        tokens = _tokens(sentence, match["all"])
        shared = _shared(tokens, frame, context)
        if shared is None and len(tokens) > 1:
            tokens, end = tokens[:1], first + (match["neg"] or "").count(" ") + 1
            shared = _shared(tokens, frame, context)
        if shared is None:
            return
        ref, names = shared
        values = tuple(dict.fromkeys(name.text for name in names))
        _versus(match["all"], frame)
        said = sentence.said(first, end)
        frame.add(Test(ref, _op(values, bool(match["neg"])), values, said), first)
        sentence.take(first, end)


def _shared(tokens: list[Token], frame: Frame, context: Context) -> tuple[Ref, list[Name]] | None:
    """The one key that all the value tokens have values of, the most used first."""
    keys = [same_key(n for n in (*tok.names, *tok.rivals) if n.kind in {"value", "tagvalue"})
            for tok in tokens]  # fmt: skip
    common = _in_scope(
        [key for key in keys[0] if all(key in other for other in keys[1:])], frame, context
    )
    if not common:
        return _either(keys, frame, context)
    chosen = context.chosen.get(f"value:{tokens[0].said.lower()}")
    if chosen is not None:
        common = [key for key in common if key == (chosen.kind, chosen.key)] or common
    model = model_keys(context, frame)
    if (
        chosen is None
        and len(common) > 1
        and set(common) <= {(_kind(ref), ref.key) for ref in model}
    ):
        return _either(keys, frame, context)
    weight = {key: sum(n.weight for found in keys for n in found[key]) for key in common}
    common.sort(key=lambda key: -weight[key])
    rivals = [key for key in common[1:] if weight[key] * _CLEARLY > weight[common[0]]]
    if rivals and chosen is None and not _same_runs(common[0], rivals, weight):
        names = tuple(keys[0][key][0] for key in (common[0], *rivals))
        frame.choices.append(Choice(tokens[0].said, tokens[0].first, names))
    kind, key = common[0]
    ref = Ref("param" if kind == "value" else "tag", key)
    return ref, [name for found in keys for name in found[common[0]]]


def _kind(ref: Ref) -> str:
    return "value" if ref.kind == "param" else "tagvalue"


def _in_scope(keys: list[tuple[str, str]], frame: Frame, context: Context) -> list[tuple[str, str]]:
    """Only the keys that the experiments in question have, when they have any of them."""
    scope = frame.scope() or context.scope
    catalog = context.catalog
    if not scope:
        return keys
    there = [
        (kind, key) for kind, key in keys
        if any(key in (catalog.params_in if kind == "value" else catalog.tags_in).get(one, ()) for one in scope)
    ]  # fmt: skip
    return there or keys


def _either(
    keys: list[dict[tuple[str, str], list[Name]]], frame: Frame, context: Context
) -> tuple[Ref, list[Name]] | None:
    """Values of what teams call the model, under whichever key each of them wrote it."""
    refs = model_keys(context, frame)
    allowed = {(_kind(ref), ref.key) for ref in refs}
    found = [[n for key, names in one.items() if key in allowed for n in names] for one in keys]
    if len(refs) < 2 or not all(found):
        return None
    return either(refs), [name for names in found for name in names]


def either(refs: list[Ref]) -> Ref:
    """One ref for a fact kept under several keys."""
    return refs[0] if len(refs) == 1 else Ref("either", refs[0].key, of=tuple(refs))


def model_keys(context: Context, frame: Frame) -> list[Ref]:
    """The params and tags in which this team says which kind of model a run trains.

    Within the experiments in question only theirs count; the most used come first.
    """
    catalog = context.catalog
    scope = frame.scope() or context.scope
    found: list[tuple[int, int, Ref]] = []
    for table, kind, where in (
        (catalog.params, "param", catalog.params_in),
        (catalog.tags, "tag", catalog.tags_in),
    ):
        for key, info in table.items():
            rank = _model_rank(key)
            there = not scope or any(key in where.get(one, ()) for one in scope)
            if rank is not None and there and not info.numeric:
                found.append((rank, -info.runs, Ref("param" if kind == "param" else "tag", key)))
    found.sort(key=lambda item: item[:2])
    return _covering([ref for _, _, ref in found], context)


def _model_rank(key: str) -> int | None:
    plain = re.sub(r"[^a-z]", "", key.lower())
    words = [re.sub(r"[^a-z]", "", word) for word in (*MODEL_WORDS, "algo", "arch", "clf")]
    return words.index(plain) if plain in words else None


def _covering(refs: list[Ref], context: Context) -> list[Ref]:
    """Enough keys to reach the runs; one whose runs the better ones already have adds nothing."""
    catalog = context.catalog
    kept: list[Ref] = []
    reached = 0
    for ref in refs:
        info = (catalog.params if ref.kind == "param" else catalog.tags)[ref.key]
        if kept and reached + info.runs > catalog.runs * 1.05:
            continue
        kept.append(ref)
        reached += info.runs
    return kept[:6]


def _same_runs(
    first: tuple[str, str], rivals: list[tuple[str, str]], weight: dict[tuple[str, str], int]
) -> bool:
    """A param and a tag that say the same on the same number of runs are one fact said twice."""
    return all(weight[rival] == weight[first] for rival in rivals)


def _statuses(sentence: Sentence, frame: Frame, _context: Context) -> None:
    pattern = (
        rf"(?P<neg>{t.NEGATION} )?(?:(?:in |with |whose )?(?:a )?(?:status|state)(?: (?:is|=|of|was|are))* )?(?P<neg2>not )?"
        rf"(?P<all>{STATUS}(?: (?:or|and|,|vs)+(?: (?:got|were|was|have|been|are))? {STATUS})*)(?: (?:status|state))?"
    )
    start = 0
    while (hit := sentence.find(pattern, start)) is not None:
        match, first, end = hit
        start = first + 1
        if _other_sense(sentence, match["all"], first, end):
            if match["all"] == "running" and not sentence.lower(end).startswith("NUM#"):
                sentence.take(end - 1, end)
            continue
        values = tuple(dict.fromkeys(STATUSES[w] for w in re.findall(STATUS, match["all"])))
        negated = bool(match["neg"] or match["neg2"])
        groups = rf"(?:which|what|who|list|show|any)(?: (?:of|the|our|all))* ?(?:experiments?|users?|people|models?|who|{t.PARAM}|{t.TAG})|who|experiments (?:with|without|that|where)|users (?:with|without|that)"
        none = match["neg"] and re.match(r"no\b|zero|without|never|not have|not had", match["neg"])
        if none and (found := sentence.find(groups)) is not None and found[1] < first:
            frame.none_of.append(Test(Ref("field", "status"), _op(values, negated=False), values, match["all"]))
            sentence.take(first, end)
            continue
        if values == ("FINISHED",) and negated and re.search(r"finish|complet|done", match["all"]):
            negated = True
        frame.add(
            Test(Ref("field", "status"), _op(values, negated), values, sentence.said(first, end)),
            first,
        )
        sentence.take(first, end)


def _other_sense(sentence: Sentence, said: str, first: int, end: int) -> bool:
    """ "active users", "the complete list", "done" as small talk: no status of a run."""
    before, after = sentence.lower(first - 1), sentence.lower(end)
    if said in {"active", "complete", "done", "passed", "finish", "success", "waiting", "pending"}:
        return not (
            re.fullmatch(t.RUNS, after)
            or re.fullmatch(t.RUNS, before)
            or before in {"status", "is", "are", "not"}
        )
    if said in {"broken", "broke", "stuck"} and before in {"looks", "look", "seems", "record", "records"}:
        return True
    if said in {"running"}:
        return (
            after.startswith("NUM#")
            or before in {"longest", "been"}
            or after in {"things", "stuff", "experiments"}
        )
    if said in {"fail", "fails", "crash", "failing"} and before in {"to"}:
        return True
    return after in {"rate", "ratio", "percentage", "rates", "percent"}


def _mine(sentence: Sentence, frame: Frame, context: Context) -> None:
    hit = sentence.find(
        rf"(?:my|mine|(?:did|do|have|that|which|runs|run) i(?: (?:run|ran|did|have|start|started|launch|launched|log|logged|train|trained|make|made))?|i (?:ran|started|launched|trained|logged|made|did)|by me|of mine)"
    )
    if hit is None:
        return
    _, first, end = hit
    me = _me(context)
    if me:
        frame.add(
            Test(Ref("field", "user"), _op(me, negated=False), me, sentence.said(first, end)), first
        )
        sentence.take(first, end)
    else:
        frame.unknown.append(sentence.said(first, end))


def _me(context: Context) -> tuple[str, ...]:
    asker = (context.asked_by or "").lower()
    return tuple(user for user in context.catalog.users if asker and user.lower() == asker)


def _users(sentence: Sentence, frame: Frame, context: Context) -> None:
    pattern = rf"(?P<neg>{t.NEGATION} )?(?:(?:by|from|of|user|users) )*(?P<all>{t.USER}(?:{_AND} {t.USER})*)"
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        tokens = _tokens(sentence, match["all"])
        users = tuple(dict.fromkeys(choose(sentence, tok, frame, context).text for tok in tokens))
        _versus(match["all"], frame)
        frame.add(
            Test(
                Ref("field", "user"),
                _op(users, bool(match["neg"])),
                users,
                sentence.said(first, end),
            ),
            first,
        )
        sentence.take(first, end)


def children(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The runs of a sweep: "children of X", "trials in X", "X's kids"."""
    parent = rf"(?P<child>(?:child|children|kids|sub|nested|child_runs|subruns|winner|winners|folds?|replicates?|reps|repetitions|members)(?: runs?)? (?:of|under|in|for|inside|from|over|within)|(?:best|worst|top|fastest|slowest|highest|lowest)(?: (?:trial|run|one))? (?:of|in|from|within|under|among)|{t.RUNS} (?:in|under|inside|within)|trials?(?: runs?)? (?:of|for|from))(?: (?:the|run|parent|sweep))* (?P<run>{t.RUN})(?: sweep)?"
    trials = rf"(?P<run>{t.RUN}) (?:sweep )?(?:trials?|children|kids|child runs|sub runs|subruns|nested runs|folds?|replicates?|reps|repetitions|members)"
    if (hit := sentence.find(trials)) is not None:
        match, first, end = hit
        name = choose(sentence, sentence.token(match["run"]), frame, context)
        frame.add(Test(Ref("field", "parent"), "=", (name.text,), sentence.said(first, end)), first)
        frame.nouns.add("run")
        sentence.take(first, end)
    if (hit := sentence.find(parent)) is not None:
        match, first, end = hit
        name = choose(sentence, sentence.token(match["run"]), frame, context)
        frame.add(Test(Ref("field", "parent"), "=", (name.text,), sentence.said(first, end)), first)
        frame.nouns.add("run")
        ranks = sentence.lower(first) in SUPERLATIVES  # "best of X" still asks for the best
        sentence.take(first + ranks, end)


def _runs(sentence: Sentence, frame: Frame, context: Context) -> None:
    pattern = rf"(?P<neg>{t.NEGATION} )?(?P<all>{t.RUN}(?:{_AND} {t.RUN})*)"
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        tokens = _tokens(sentence, match["all"])
        names = tuple(dict.fromkeys(choose(sentence, tok, frame, context).text for tok in tokens))
        _versus(match["all"], frame)
        frame.add(
            Test(
                Ref("field", "run"),
                _op(names, bool(match["neg"])),
                names,
                sentence.said(first, end),
            ),
            first,
        )
        sentence.take(first, end)
    for match, first, end in list(sentence.find_all(r"(?:run )?(?:id )?[0-9a-f]{8,32}")):
        wanted = match.group().split()[-1]
        if any(c.isdigit() for c in wanted):
            frame.add(
                Test(Ref("field", "run_id"), "contains", (wanted,), sentence.said(first, end)),
                first,
            )
            sentence.take(first, end)


def _datasets(sentence: Sentence, frame: Frame, context: Context) -> None:
    pattern = rf"(?P<neg>{t.NEGATION} )?(?:(?:trained|train|run|tested|evaluated|on|using|used|with|the|dataset|from|over|data) )*(?P<all>{t.DATASET}(?:{_AND} {t.DATASET})*)(?: (?:dataset|data|set))*"
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        tokens = _tokens(sentence, match["all"])
        names = tuple(dict.fromkeys(choose(sentence, tok, frame, context).text for tok in tokens))
        frame.add(
            Test(
                Ref("field", "dataset"),
                _op(names, bool(match["neg"])),
                names,
                sentence.said(first, end),
            ),
            first,
        )
        sentence.take(first, end)


def _nested(sentence: Sentence, frame: Frame, _context: Context) -> None:
    top = r"(?:top level|top-level|toplevel|root|outer|non nested|non-nested|not nested|unnested|no parent|without (?:a )?parent|standalone)"
    child = r"(?:child|children|kids|nested|sub-runs|subruns|sub runs|inner|child_runs)"
    if (
        hit := sentence.find(
            rf"(?:(?:are|is|only|the|all) )*parents?(?: {t.RUNS})?(?! of)(?= (?:\?|in|with|have|has|that|which|from|by|EXP|PERIOD|$)|$)|(?:with|have|has|having) (?:child|children|kids|nested)(?: runs?)?"
        )
    ) is not None and not sentence.has(r"(?:per|by|each|every) parents?"):
        _, first, end = hit
        frame.add(Test(Ref("field", "children"), ">", (0,), sentence.said(first, end)), first)
        sentence.take(first, end)
        sentence.eat(r"(?:that|which|with|having)?(?: (?:have|has|had|having|with))*(?: (?:any|some))? ?(?:child|children|kids)(?: runs?)?")
        frame.nouns.add("run")
        return
    sentence.eat(r"\(? ?(?:non nested|non-nested|not nested|unnested) ?\)?") if sentence.has(
        top
    ) and sentence.has(r"(?:top level|top-level|toplevel|root)") else None
    if (
        hit := sentence.find(
            rf"(?:(?:only|exclude|excluding|without|no|ignoring|not|ignore|skip) )?{child}(?: runs?| trials?)?"
        )
    ) is not None:
        match, first, end = hit
        op: Op = (
            "missing" if re.match(r"exclud|without|no|ignor|not|skip", match.group()) else "exists"
        )
        if not sentence.has(r"(?:per|by|each|every) (?:parent|sweep)"):
            frame.add(Test(Ref("field", "parent_id"), op, (), sentence.said(first, end)), first)
        sentence.take(first, end)
        frame.nouns.add("run")
    elif (hit := sentence.find(rf"{top}(?: runs?| trials?| only)*")) is not None:
        _, first, end = hit
        frame.add(Test(Ref("field", "parent_id"), "missing", (), sentence.said(first, end)), first)
        sentence.take(first, end)
        frame.nouns.add("run")


def _deleted(sentence: Sentence, frame: Frame, _context: Context) -> None:
    words = r"(?:deleted|removed|trashed|soft-deleted|archived)"
    if sentence.eat(
        rf"(?:including|include|incl|with|plus|even|also|counting)(?: (?:the|any|all|those))* {words}(?: (?:ones|runs))?"
    ):
        frame.deleted = "with"
    elif sentence.eat(rf"{t.NEGATION} {words}(?: (?:ones|runs))?"):
        frame.deleted = "no"
    elif sentence.find(rf"{words}") is not None and not sentence.has("archived"):
        sentence.eat(words)
        frame.deleted = "only"
