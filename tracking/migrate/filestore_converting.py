"""A process of its own that has MLflow turn a FileStore's folder into an SQLite file.

Asked {"source": …, "file": …, "told": …}; it prints how many points were left out as said twice,
and keeps in the file `told` how many runs it has read of how many. The work is MLflow's own
`migrate-filestore`. Its readers are replaced here, because with 3.17.2

* a metric's point that was logged twice, which a FileStore allows, ends it with a failed UNIQUE;
* a value with Windows line ends arrives with others: it is read as text, not as it stands;
* an expectation that is a list or an object is lost, and its trace cannot be read any more;
* every assessment gets 1970 as its time: it is looked for under a name that FileStores do not use.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from tracking.migrate import child

_TIMES = ("create_time", "last_update_time")
_META = "meta.yaml"
_LARGEST = sys.float_info.max


class Readers:
    """What MLflow's migration reads with. `twice` counts the points that were left out.

    `told` hears how many runs were read.
    """

    def __init__(self, told: Callable[[int], object] = lambda _runs: None) -> None:
        self.twice, self._runs, self._told = 0, 0, told

    def tags(self, folder: Path) -> dict[str, str]:
        """Each file's text under its path, every byte of it; so for params, too."""
        return {key: _text(file) for key, file in _files(folder)}

    def metrics(self, folder: Path) -> dict[str, list[str]]:
        """Each metric's lines, without those that say a point again."""
        return {key: self._once(_text(file)) for key, file in _files(folder)}

    def yaml(self, folder: Path, name: str) -> dict[str, Any] | None:
        """A note as MLflow reads it; of an assessment, with its value and times where it looks."""
        from mlflow.store.fs2db._utils import safe_read_yaml  # noqa: PLC0415  # costs seconds

        if name == _META and folder.parent.name.isdecimal():  # a run's, in an experiment's folder
            self._runs += 1
            self._told(self._runs)
        found: dict[str, Any] | None = safe_read_yaml(folder, name)
        return assessment(found) if found and folder.name == "assessments" else found

    def _once(self, text: str) -> list[str]:
        points: dict[Hashable, str] = {}
        lines = [line for line in text.splitlines() if line.strip()]
        for line in lines:
            points[point(line)] = line
        self.twice += len(lines) - len(points)
        return list(points.values())


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except UnicodeDecodeError as error:
        msg = f"{file} is not UTF-8: MLflow cannot read it either"
        raise ValueError(msg) from error


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if file.is_file():
            yield file.relative_to(folder).as_posix(), file


def assessment(found: dict[str, Any]) -> dict[str, Any]:
    """An assessment's note in the words in which MLflow's migration reads it."""
    expected = found.get("expectation") or {}
    times = {f"{name}_ms": _ms(found[name]) for name in _TIMES if isinstance(found.get(name), str)}
    if "serialized_value" in expected:
        value = json.loads(expected["serialized_value"]["value"])
        found = found | {"expectation": {"value": value}}
    return times | found


def _ms(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


def point(line: str) -> Hashable:
    """What may occur once in MLflow's tables: of a run's metric the time, value and step.

    Of a logged model's metric (four or six words; the fourth is the run) it is the time, the step
    and the run: the last value counts.
    """
    words = line.strip().split(" ")
    if len(words) in {4, 6}:
        return words[0], words[2], words[3]
    try:
        return int(words[0]), _stored(float(words[1])), int(words[2]) if len(words) > 2 else 0
    except (ValueError, IndexError):
        return line  # MLflow will say what is wrong with it


def _stored(value: float) -> float | None:
    return None if math.isnan(value) else max(-_LARGEST, min(_LARGEST, value))


def convert(source: Path, file: Path, told: Path) -> int:
    """Write the SQLite file; how many points were left out."""
    from mlflow.store.fs2db import _registry, _tracking, migrate  # noqa: PLC0415  # costs seconds

    runs = sum(1 for _ in ids(source, (), _META))
    readers = Readers(lambda read: told.write_text(f"{read} {runs}", encoding="ascii"))
    for module in (_tracking, _registry):
        vars(module)["read_tag_files"] = readers.tags
    vars(_tracking).update(safe_read_yaml=readers.yaml, read_metric_lines=readers.metrics)
    migrate(source, f"sqlite:///{file}", progress=False)
    return readers.twice


def ids(mlruns: Path, below: Iterable[str], note: str) -> Iterator[str]:
    """Names of the folders of runs, traces or models, live and deleted, that have their note."""
    for root in (mlruns, mlruns / ".trash"):
        for experiment in sorted(root.iterdir()) if root.is_dir() else ():
            if experiment.name.isdecimal():
                folder = experiment.joinpath(*below)
                yield from sorted(each.parent.name for each in folder.glob(f"*/{note}"))


def main() -> None:
    """Do what was asked."""
    request = child.asked()
    said = sys.stdout
    sys.stdout = sys.stderr  # MLflow prints a summary
    twice = convert(Path(request["source"]), Path(request["file"]), Path(request["told"]))
    said.write(json.dumps({"twice": twice}))
