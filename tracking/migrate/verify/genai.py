"""What MLflow keeps around language models, as it shows it: traces, prompts, judges, the gateway.

All of it comes from the tables. A trace whose spans lie among the artifacts is read without them:
nothing of those moves with a database, and reading them would need the artifacts' credentials.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from tracking.migrate.verify.entities import Item, pages, plain, shown

IN_TABLES = "TRACKING_STORE"
"""What the tag of a trace says whose spans are in the table `spans`."""
SPANS_TAG = "mlflow.trace.spansLocation"
RECORDS = 100
"""Of an evaluation dataset, in MLflow's order: the oldest first."""


def read(client: Any, asked: Mapping[str, Any]) -> dict[str, dict[str, Item]]:  # Any: JSON
    """Every section, each item under its id."""
    store = client._tracking_client.store  # noqa: SLF001  # the client's own ways load artifacts, or wait
    return {
        "prompts": prompts(client),
        "traces": {each: shown(partial(_trace, store), each) for each in asked["traces"]},
        "evaluation datasets": {
            each: shown(partial(_dataset, store), each) for each in asked["datasets"]
        },
        "scorers": {"all": shown(_scorers, store)},
        "webhooks": {"all": shown(_webhooks, client)},
        "gateway": {"all": shown(_gateway, store)},
    }


def prompts(client: Any) -> dict[str, Item]:  # Any: an MlflowClient
    """Registered models and versions that searches leave out unless they are asked for."""
    wanted = "tags.`mlflow.prompt.is_prompt` = 'true'"
    found = {}
    for ask in (client.search_registered_models, client.search_model_versions):
        for each in pages(partial(_page, ask, wanted)):
            prompt = plain(each)
            found[f"{each.name}/{prompt.get('version', '')}"] = prompt
    return found


def _page(ask: Any, wanted: str, page: str | None) -> Any:  # Any: MLflow's PagedList
    return ask(filter_string=wanted, page_token=page)


def _trace(store: Any, trace: str) -> Item:  # Any: MLflow's store
    """With its tags, metadata and assessments, and with the spans that the tables hold."""
    info = store.get_trace_info(trace)
    if info.tags.get(SPANS_TAG) != IN_TABLES:
        return {"info": info.to_dict()}
    # Partial: for a trace that was never finished, MLflow would wait and ask again.
    return store.get_trace(trace, allow_partial=True).to_dict()


def _dataset(store: Any, dataset: str) -> Item:  # Any: MLflow's store
    records, _ = store._load_dataset_records(dataset, max_results=RECORDS)  # noqa: SLF001  # as MLflow's entity does
    found = store.get_dataset(dataset)
    found._experiment_ids = store.get_dataset_experiment_ids(dataset)  # noqa: SLF001  # it would ask another store
    found._records = records  # noqa: SLF001  # same
    return found.to_dict()


def _scorers(store: Any) -> Item:  # Any: MLflow's store
    """The newest version of each."""
    from mlflow.entities import ViewType  # noqa: PLC0415  # costs seconds

    experiments = pages(lambda page: store.search_experiments(ViewType.ALL, page_token=page))
    ids = [each.experiment_id for each in experiments]
    return [plain(each) for each in store.list_scorers_across_experiments(ids)]


def _webhooks(client: Any) -> Item:  # Any: an MlflowClient
    return [
        {name: str(value) for name, value in vars(each).items()}
        for each in pages(lambda page: client.list_webhooks(page_token=page))
    ]


def _gateway(store: Any) -> Item:  # Any: MLflow's store
    """Secrets without their values: those are compared as the bytes they are."""
    return {
        "secrets": [vars(each) for each in store.list_secret_infos()],
        "models": [vars(each) for each in store.list_gateway_model_definitions()],
        "endpoints": [vars(each) for each in store.list_gateway_endpoints()],
    }
