"""The model registry in a question: models, versions, aliases, stages, and which run made them."""

from __future__ import annotations

import re

from texttosql.offline import tokens as t
from texttosql.offline.choosing import choose
from texttosql.offline.frame import Context, Frame
from texttosql.offline.keeping import keep
from texttosql.offline.sentence import Sentence, Token
from texttosql.plan import Op, Ref, Test

_SURELY = (
    rf"{t.ALIAS}|{t.STAGE}|RTAG#\d+|RVALUE#\d+|registered|registry|aliases|alias|aliased|deployed|"
    r"promoted"
)
_NO_ALIAS = (
    r"(?:with )?(?:no|without|without an|without any|lacking|not have|do not have|does not have)"
    r"(?: (?:an|any))? alias(?:es)?(?: at all)?"
)
_VERSIONS = (
    r"(?:models?|version) versions?|versions? of|latest version|v\d+ of|versions? \S+|versions"
)
_COUNTED_EACH = (
    r"(?:registered )?models? (?:(?:and|with|plus|,|\+|&) )+(?:(?:their|the|its) )?"
    r"(?:(?:number of|count of|how many|total|# of) versions|versions? counts?)"
)
_IN_STAGE = r"(?:in|to) (?:the )?(?:production|prod|staging)"
_ALIAS = Ref("field", "alias")
_STAGES = {"production": "Production", "prod": "Production", "staging": "Staging",
           "archived": "Archived"}  # fmt: skip


def read(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Fill the registry's slots; does nothing when the question is not about the registry."""
    if not context.catalog.models or not _is_about_registry(sentence, context):
        return
    frame.registry = True
    _plain_model(sentence)
    _each_model(sentence, frame)
    _tags(sentence, frame, context)
    _models(sentence, frame, context)
    _version(sentence, frame)
    _aliases(sentence, frame, context)
    _stages(sentence, frame, context)
    _most(sentence, frame)
    _subject(sentence, frame)


def _is_about_registry(sentence: Sentence, context: Context) -> bool:
    earlier = context.earlier
    return (
        sentence.has(_SURELY)
        or (sentence.has(t.MODEL) and not sentence.has(t.EXP))
        or sentence.has(_VERSIONS)
        or (sentence.has(_IN_STAGE) and sentence.has(r"models?|version"))
        or (earlier is not None and earlier.subject == "versions" and _goes_on(sentence))
    )


def _goes_on(sentence: Sentence) -> bool:
    """A short turn after a question about versions is about versions too."""
    return len(sentence.tokens) <= 7 and not sentence.has(rf"{t.RUNS}|{t.EXPERIMENTS}|{t.METRIC}")


def _plain_model(sentence: Sentence) -> None:
    """Where versions are spoken of, "model" is a registered one, not what a run trains."""
    for place, token in enumerate(sentence.tokens):
        if token.kind in {"param", "tag", "metric"} and token.said.lower() in {"model", "models"}:
            word = token.said.lower()
            sentence.retype(place, Token(word, token.said, token.first, word=token.word))
        stage = token.said.lower() in {*_STAGES, "production", "staging", "archived"}
        if token.kind in {"value", "tagvalue"} and (
            stage or re.fullmatch(r"v\d+", token.said.lower())
        ):
            sentence.retype(
                place, Token(token.said.lower(), token.said, token.first, word=token.word)
            )


def _each_model(sentence: Sentence, frame: Frame) -> None:
    """Models as groups, and those that have no version."""
    if sentence.has(_COUNTED_EACH):
        sentence.eat(r"(?:registered )?models?")
        frame.groups.append(Ref("field", "model"))
    if sentence.eat(
        r"(?:per|by|for each|for every|each|every|of each|in each)(?: (?:registered|"
        r"registry))? models?"
    ):
        frame.groups.append(Ref("field", "model"))
        frame.nouns.add("version")
    if sentence.eat(
        r"(?:without|with no|with zero|that have no|have no|having no|not have|no)(?: (?:a|an|"
        r"any|single))* versions?(?: at all)?|versionless"
    ):
        frame.add(Test(Ref("field", "versions"), "=", (0,), "without a version"), 0)


def _most(sentence: Sentence, frame: Frame) -> None:
    """Models by how many versions, aliases or tags they have."""
    most = sentence.eat(
        r"(?:the )?(?P<way>most|fewest|least|highest number of|lowest number of)(?: (?:of|"
        r"registered))?(?= (?:versions?|aliases|tags))"
    )
    if most is not None:
        frame.order = "many" if most["way"] in {"most", "highest number of"} else "few"


def _tags(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The tags of versions and models: "tagged validated=true", "owned by jp"."""
    catalog = context.catalog.registry_tags
    key, value = r"RTAG#\d+", r"RVALUE#\d+"
    pattern = (
        rf"(?P<neg>{t.NEGATION} )?(?:(?:tagged|tag|with|labelled) )*(?P<key>{key}){t.SETTING} "
        rf"(?P<value>{value}|NUM#\d+|[^\s?,]+)|(?P<value2>{value}) (?P<key2>{key})"
    )
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        token = sentence.token(match["key"] or match["key2"])
        said = match["value"] or match["value2"]
        wanted = sentence.token(said).said.lower() if "#" in said else said
        name = next((n for n in token.names if n.text in catalog), token.name)
        values = tuple(v for v in catalog[name.text].values if v.lower() == wanted)
        if not values:
            break
        op: Op = "not in" if match["neg"] else "in"
        keep(sentence, frame, Ref("rtag", name.text), op, values, (first, end))
    _tag_values(sentence, frame)
    for match, first, end in list(sentence.find_all(key)):
        frame.shown.append(Ref("rtag", sentence.token(match.group()).name.text))
        sentence.take(first, end)


def _tag_values(sentence: Sentence, frame: Frame) -> None:
    """Values alone, each of the tag it is most used for."""
    key, value = r"RTAG#\d+", r"RVALUE#\d+"
    for match, first, end in list(
        sentence.find_all(
            rf"(?:(?:tagged|tag|as|owned by|by) )*(?P<value>{value})(?: \(? ?(?:{key}) "
            r"?(?:tag)? ?\)?)?"
        )
    ):
        token = sentence.token(match["value"])
        values = tuple(n.text for n in token.names if n.key == token.name.key)
        keep(sentence, frame, Ref("rtag", token.name.key), "in", values, (first, end))


def _models(sentence: Sentence, frame: Frame, context: Context) -> None:
    pattern = rf"(?P<neg>{t.NEGATION} )?(?P<all>{t.MODEL}(?: (?:and|or|vs|,|versus)+ {t.MODEL})*)"
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        tokens = [sentence.token(found) for found in re.findall(t.MODEL, match["all"])]
        names = tuple(dict.fromkeys(choose(sentence, tok, frame, context).text for tok in tokens))
        op: Op = "not in" if match["neg"] else "in"
        keep(sentence, frame, Ref("field", "model"), op, names, (first, end))


def _version(sentence: Sentence, frame: Frame) -> None:
    numbers = (
        rf"(?:versions?|ver|v)(?: (?:number|#|no))* (?P<all>{t.NUM}(?: (?:and|or|,|vs|to|"
        rf"with)+ (?:version )?{t.NUM})*)"
    )
    glued = r"(?P<glued>v\d+(?: (?:and|or|,|vs|to|with)+ v\d+)*)"
    bare = rf"(?<=· )(?P<all>{t.NUM})(?= (?:in|at|is|was|\?|of|made|come|stage|alias)|$)"
    hit = sentence.find(numbers) or sentence.find(glued) or sentence.find(bare)
    if hit is None:
        return
    match, first, end = hit
    if (said := match.groupdict().get("glued")) is not None:
        values = tuple(int(number) for number in re.findall(r"v(\d+)", said))
    else:
        found = [sentence.token(text) for text in re.findall(t.NUM, match["all"])]
        values = tuple(int(tok.word.number or 0) for tok in found if tok.word)
    keep(sentence, frame, Ref("field", "version"), "in", values, (first, end))
    frame.nouns.add("version")


def _aliases(sentence: Sentence, frame: Frame, context: Context) -> None:
    pattern = (
        rf"(?P<neg>{t.NEGATION} )?(?:(?:the|alias|aliased|with|as|current|our|@|is|"
        rf"called) )*(?P<alias>{t.ALIAS})(?: (?:alias|model|version|models|versions))*"
    )
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        name = choose(sentence, sentence.token(match["alias"]), frame, context)
        _alias(frame, name.text, sentence.said(first, end), first, negated=bool(match["neg"]))
        if "model" in match.group() or "version" in match.group():
            frame.nouns.add("version")
        sentence.take(first, end)
    if sentence.eat(_NO_ALIAS):
        frame.add(Test(_ALIAS, "missing", (), "without an alias"), 0)
    elif sentence.eat(r"(?:the |all |which |what |any )*alias(?:es)?"):
        frame.shown.append(_ALIAS)
        frame.nouns.add("version")
        if not any(test.ref.key == "alias" for test in frame.tests):
            frame.add(Test(_ALIAS, "exists", (), "with an alias"), 0)


def _alias(frame: Frame, name: str, said: str, position: int, *, negated: bool) -> None:
    """A condition on the alias; a second one widens the first: "champion and challenger"."""
    wanted = (test for test in frame.tests if test.ref.key == "alias" and test.op in {"=", "in"})
    old = None if negated else next(wanted, None)
    if old is None:
        frame.add(Test(_ALIAS, "!=" if negated else "=", (name,), said), position)
        return
    both = Test(old.ref, "in", (*old.values, name), old.words)
    frame.tests[frame.tests.index(old)] = both
    frame.compare = False


def _stages(sentence: Sentence, frame: Frame, context: Context) -> None:
    pattern = (
        rf"(?P<neg>{t.NEGATION} )?(?:(?:currently|now|in|to|the|stage|at|is|are|moved|deployed|"
        rf"promoted|into) )*(?P<stage>{t.STAGE}|production|prod|staging|archived)(?: stage)?"
    )
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        said = match["stage"]
        stage = sentence.token(said).name.text if "#" in said else _STAGES[said]
        op: Op = "!=" if match["neg"] else "="
        if aliases := _aliases_for(stage, said, context):
            keep(sentence, frame, _ALIAS, "in", aliases, (first, end))
        else:
            keep(sentence, frame, Ref("field", "stage"), op, (stage,), (first, end))
        frame.nouns.add("version")
    if sentence.eat(r"(?:by |per |the |which |what )*stages?"):
        frame.shown.append(Ref("field", "stage"))
        frame.nouns.add("version")


def _aliases_for(stage: str, said: str, context: Context) -> tuple[str, ...]:
    """Aliases that stand for a stage nobody uses: MLflow now has them instead of stages."""
    models = context.catalog.models
    if any(stage.lower() == used.lower() for model in models for used in model.stages):
        return ()
    known = {alias for model in models for alias in model.aliases}
    return tuple(sorted(a for a in known if a.lower() in {said, stage.lower(), "prod"}))


def _subject(sentence: Sentence, frame: Frame) -> None:
    sentence.eat(r"(?:point|points|pointing)(?: to| at)?")
    if sentence.eat(r"(?:model )?versions?(?: number)?"):
        frame.nouns.add("version")
    if sentence.eat(
        r"(?:registered |registry |registerd )+(?:models?)?|models? (?:in|"
        r"from) (?:the )?(?:model )?registry|(?:the |model )*registry"
    ):
        frame.nouns.add("model")
    for match, first, end in list(
        sentence.find_all(r"registered|deployed|promoted|created|published")
    ):
        frame.nouns.add("registered" if match.group() == "registered" else "deployed")
        sentence.take(first, end)
