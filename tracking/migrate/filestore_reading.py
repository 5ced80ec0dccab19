"""A process of its own that reads a FileStore and what became of it, both through MlflowClient.

Asked {"source": …, "file": …}; it prints how much was compared and what is not the same. Runs,
histories, models and traces are read one by one: memory does not grow with the store.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from yaml import YAMLError

from tracking.migrate import child
from tracking.migrate.filestore_converting import ids
from tracking.migrate.verify import genai, reading

LARGEST = sys.float_info.max
"""MLflow's tables hold it in place of infinity."""
MOST = 1_000
"""Differences that are told; all are counted."""

_UNREADABLE = (YAMLError, ValueError, LookupError, TypeError, OSError)
"""What MLflow's FileStore lets through of a damaged file."""

Read = Callable[[Any], dict[str, Any]]
"""Asks a client (`Any`: MLflow has no types) for items by their ids."""


@contextmanager
def mirror(mlruns: Path) -> Iterator[Path]:
    """The folder behind links: a FileStore makes what it misses in the folder it is given."""
    with tempfile.TemporaryDirectory(prefix="tracktalk-") as name:
        folder = Path(name)
        for each in mlruns.iterdir():
            if each.is_dir():
                (folder / each.name).symlink_to(each.resolve())
        for needed in (".trash", "models"):
            if not (folder / needed).exists():
                (folder / needed).mkdir()
        yield folder


def sections(mlruns: Path) -> Iterator[tuple[str, str, Read]]:
    """What is compared: a section, an item of it ("" for all at once), and how to read that."""
    yield "experiments", "", lambda client: _read(client)["experiments"]
    yield "registered models", "", lambda client: _read(client)["registered models"]
    yield "model versions", "", lambda client: _read(client)["model versions"]
    yield "prompts", "", genai.prompts
    for run in ids(mlruns, (), "meta.yaml"):
        yield "runs", run, partial(_run, run)
        yield "histories", run, partial(_histories, run)
    for model in ids(mlruns, ("models",), "meta.yaml"):
        yield "logged models", model, partial(_model, model)
    for trace in ids(mlruns, ("traces",), "trace_info.yaml"):
        yield "traces", trace, partial(_trace, trace)


def _read(client: Any) -> dict[str, Any]:  # Any: JSON
    nothing = {"runs": (), "histories": (), "logged_models": ()}
    return reading.read(client, nothing)


def _run(run: str, client: Any) -> dict[str, Any]:  # Any: JSON
    return {run: client.get_run(run).to_dictionary()}


def _histories(run: str, client: Any) -> dict[str, Any]:  # Any: JSON
    """Each point once: a FileStore may hold it twice, a table cannot."""
    found = {}
    for key in client.get_run(run).data.metrics:
        history = client.get_metric_history(run, key)
        found[f"{run}/{key}"] = sorted(
            {(m.timestamp, m.step, repr(_bare(m.value))) for m in history}
        )
    return found


def _model(model: str, client: Any) -> dict[str, Any]:  # Any: JSON
    return {model: client.get_logged_model(model).to_dictionary()}


def _trace(trace: str, client: Any) -> dict[str, Any]:  # Any: JSON
    return {trace: client.get_trace(trace, display=False).to_dict()}


def compare(ours: Any, theirs: Any, some: Iterable[tuple[str, str, Read]]) -> dict[str, Any]:
    """How many items of each section there are, and which are not the same."""
    counts: dict[str, int] = {}
    differing, told = 0, list[dict[str, str]]()
    for section, item, read in some:
        left, right = _tried(read, ours, item), _tried(read, theirs, item)
        counts[section] = counts.get(section, 0) + len(left)
        for name in sorted(left.keys() | right.keys()):
            for what, expected, found in _apart(left.get(name), right.get(name)):
                differing += 1
                if len(told) < MOST:
                    told.append({"section": section, "item": name, "what": what,
                                 "expected": expected, "found": found})  # fmt: skip
    return {"counts": counts, "differing": differing, "differences": told}


def _tried(read: Read, client: Any, item: str) -> dict[str, Any]:  # Any: JSON
    """What a client says of it; that it cannot read it, is something to be compared, too."""
    from mlflow.exceptions import MlflowException  # noqa: PLC0415  # costs seconds

    try:
        found = read(client)
    except (MlflowException, *_UNREADABLE) as error:
        return {item: {"failed": f"{type(error).__name__}: {error}"[:300]}}
    plain: dict[str, Any] = json.loads(json.dumps(found, default=str, sort_keys=True))
    return {name: _bare(value) for name, value in plain.items()}


def _bare(value: Any) -> Any:  # Any: JSON
    """A value without what only one of the two kinds of store can say.

    Tables have no infinity, and know neither a version's logged model (its source names it) nor,
    in a list of versions, its aliases (the registered model has them, there as numbers). That an
    assessment is valid, a FileStore says of some of them only.
    """
    if isinstance(value, float):
        return max(-LARGEST, min(LARGEST, value)) if value == value else value  # noqa: PLR0124  # NaN
    if isinstance(value, list):
        return [_bare(each) for each in value]
    if not isinstance(value, dict):
        return value
    version = "version" in value and "run_link" in value
    return {
        key: {a: str(number) for a, number in part.items()} if key == "aliases" else _bare(part)
        for key, part in value.items()
        if not (version and key in {"model_id", "aliases"}) and (key, part) != ("valid", True)
    }


def read_steps() -> None:
    """MLflow's FileStore (3.17) passes over the step of a point that was logged with a dataset.

    It stands in the file, and the migration brings it over: so it is read here, too.
    """
    from mlflow.store.tracking.file_store import FileStore  # noqa: PLC0415  # costs seconds

    plain = FileStore._get_metric_from_line  # noqa: SLF001  # what reads a line

    def with_step(run: str, name: str, line: str, experiment: str) -> Any:  # Any: a Metric
        metric, words = plain(run, name, line, experiment), line.strip().split(" ")
        if len(words) == 5:
            metric._step = int(words[2])  # noqa: SLF001  # it has no setter
        return metric

    FileStore._get_metric_from_line = staticmethod(with_step)  # type: ignore[assignment,method-assign]  # noqa: SLF001  # as above


def _apart(left: Any, right: Any, what: str = "") -> Iterator[tuple[str, str, str]]:
    """The innermost values that differ, by their path. NaN is the same as NaN."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted(left.keys() | right.keys()):
            yield from _apart(left.get(key), right.get(key), f"{what}.{key}" if what else key)
    elif (expected := _text(left)) != (found := _text(right)):
        # From shortly before the first character that differs: the rest is the same.
        both = enumerate(zip(expected, found, strict=False))
        begin = max(0, next((n for n, (a, b) in both if a != b), 0) - 30)
        yield what, expected[begin:][:200], found[begin:][:200]


def _text(value: Any) -> str:  # Any: JSON
    if isinstance(value, list):
        value = sorted(value, key=lambda each: json.dumps(each, sort_keys=True))
    return "missing" if value is None else json.dumps(value, sort_keys=True, ensure_ascii=False)


def main() -> None:
    """Answer the request on stdin."""
    request = child.asked()
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"  # MLflow reads FileStores for no other word
    said = sys.stdout
    sys.stdout = sys.stderr
    source = Path(request["source"])
    with mirror(source) as folder:
        from mlflow import MlflowClient  # noqa: PLC0415  # costs seconds

        ours = MlflowClient(folder.as_uri(), folder.as_uri())
        read_steps()
        theirs = reading.client_of(f"sqlite:///{request['file']}")
        answer = compare(ours, theirs, sections(source))
    json.dump(answer, said)
