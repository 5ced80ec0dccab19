from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.model import DECLINED, scripted
from texttosql.claude.api import providers
from texttosql.claude.model import Said
from texttosql.claude.output import Drafted
from texttosql.errors import InterpreterDown, SettingsError
from texttosql.model_settings import ModelSettings, Provider
from texttosql.relay import events
from texttosql.relay.asked import Answer, Asked
from texttosql.relay.counting import Usage
from texttosql.relay.server import serving

LONG = 20.0
QUESTION = (Said("user", "how many runs?"),)


@pytest.fixture(autouse=True)
def _hung_up() -> Iterator[None]:
    yield
    providers.hang_up()


def _ask(settings: ModelSettings, name: str | None = None) -> Drafted:
    return providers.open_model(settings, name).ask("system", QUESTION, Drafted, LONG).value


def test_a_key_is_sent_and_the_environments_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "of-somebody-else")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    with scripted([DECLINED]) as model:
        _ask(replace(model.settings(), key=SecretStr("my-own-key")))

    assert model.requests[0].headers["authorization"] == "Bearer my-own-key"


def test_a_gateways_token_is_sent_where_there_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "of-somebody-else")
    with scripted([DECLINED]) as model:
        _ask(replace(model.settings(), key=None, token=SecretStr("my-token")))

    assert model.requests[0].headers["authorization"] == "Bearer my-token"


def test_without_an_address_it_is_anthropics_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")

    client = providers.connection(ModelSettings(key=SecretStr("k"))).client

    assert client.base_url.host == "api.anthropic.com"


def test_no_key_says_where_to_get_one() -> None:
    with pytest.raises(SettingsError, match="ANTHROPIC_API_KEY is not set"):
        providers.open_model(ModelSettings())


def test_the_cheaper_model_is_asked_by_its_name() -> None:
    with scripted([DECLINED]) as model:
        _ask(model.settings(), "claude-haiku-5-5")

    assert model.requests[0].model == "claude-haiku-5-5"


def test_one_client_is_kept_for_all_models_of_the_same_settings() -> None:
    settings = ModelSettings(key=SecretStr("k"), base_url="http://127.0.0.1:9")
    other = replace(settings, name="claude-opus-5-5", effort="high", key=SecretStr("k"))

    assert providers.connection(settings) is providers.connection(other)
    assert providers.connection(settings) is not providers.connection(
        replace(settings, key=SecretStr("another"))
    )


@pytest.mark.parametrize(("provider", "module"), [("bedrock", "boto3"), ("vertex", "google.auth")])
def test_a_cloud_without_its_library_says_what_to_install(provider: Provider, module: str) -> None:
    settings = ModelSettings(provider=provider)
    if find_spec(module.partition(".")[0]) and find_spec(module):
        assert providers.open_model(settings).name == settings.name
        return
    with pytest.raises(SettingsError) as caught:
        providers.open_model(settings)
    assert module in caught.value.what
    assert caught.value.fix == f"Install it: pip install 'anthropic[{provider}]'"


def test_a_cloud_without_a_region_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUD_ML_REGION", raising=False)

    with pytest.raises(InterpreterDown) as caught:
        _ask(ModelSettings(provider="vertex"))
    assert "CLOUD_ML_REGION" in caught.value.fix


def test_a_cloud_without_credentials_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLOUD_ML_REGION", "europe-west1")
    monkeypatch.setenv("ANTHROPIC_VERTEX_PROJECT_ID", "ours")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))

    with pytest.raises(InterpreterDown) as caught:
        _ask(ModelSettings(provider="vertex"))
    assert "no usable credentials" in caught.value.what
    assert str(tmp_path) not in str(caught.value)


def test_vertex_is_asked_with_googles_own_credentials(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: list[Request] = []
    with serving(_vertex(seen)) as address:
        account = tmp_path / "account.json"
        account.write_text(json.dumps(_service_account(f"{address}/token")))
        monkeypatch.setenv("CLOUD_ML_REGION", "europe-west1")
        monkeypatch.setenv("ANTHROPIC_VERTEX_PROJECT_ID", "ours")
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(account))
        settings = ModelSettings(
            provider="vertex", name="claude-sonnet-5-5@20260601", base_url=f"{address}/v1"
        )

        first, second = _ask(settings), _ask(settings)

    assert (first.kind, second.kind) == ("declined", "declined")
    assert [request.url.path for request in seen] == ["/token", _PREDICT, _PREDICT]
    assert seen[1].headers["authorization"] == "Bearer from-google"


_PREDICT = (
    "/v1/projects/ours/locations/europe-west1/publishers/anthropic/models/"
    "claude-sonnet-5-5@20260601:streamRawPredict"
)


def _vertex(seen: list[Request]) -> Starlette:
    """Google's token office and the model, as far as one question goes."""

    async def token(request: Request) -> Response:
        seen.append(request)
        return JSONResponse({"access_token": "from-google", "expires_in": 3600})

    async def predict(request: Request) -> Response:
        seen.append(request)
        asked = Asked("req_1", {"model": "claude-sonnet-5-5", **await request.json()})
        body = b"".join(events.stream(asked, Answer(json.dumps(DECLINED)), Usage(1, 0, 0)))
        return Response(body, media_type="text/event-stream")

    return Starlette(
        routes=[
            Route("/token", token, methods=["POST"]),
            Route("/{path:path}", predict, methods=["POST"]),
        ]
    )


def _service_account(token_uri: str) -> dict[str, str]:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {
        "type": "service_account",
        "project_id": "ours",
        "private_key_id": "1",
        "private_key": pem.decode(),
        "client_email": "tracktalk@ours.example",
        "token_uri": token_uri,
    }
