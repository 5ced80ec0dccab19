"""Keeps the shape of a fresh MLflow schema, for the MLflow that is installed.

    python -m tests.support.record_shape

To be run when MLflow's newest revision changes; a test compares what is kept with a real one.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.support.servers import shared_server
from tracking.migrate import schema, server, shape
from tracking.migrate.addresses import target_of


def main() -> None:
    """Make the schema on a private server, and write down what MLflow has made."""
    with tempfile.TemporaryDirectory() as folder, shared_server(Path(folder)) as private:
        target = target_of(private.create_database("fresh", "utf8mb4_nopad_bin"))
        connection = server.connect(target)
        schema.make(target, connection)
        text = shape.to_json(shape.take(connection))
        server.close(connection)
    kept = Path(shape.__file__).parent / "shapes" / f"{schema.head()}.json"
    tables = json.loads(text)
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(tables[name])}" for name in sorted(tables))
    kept.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
