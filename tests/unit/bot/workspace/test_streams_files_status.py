"""What is no plain message: streams, files, statuses, suggested prompts."""

from __future__ import annotations

import json
import urllib.request

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace import Workspace, gate


def test_a_streamed_message_grows_and_ends_with_its_blocks(
    workspace: Workspace, client: WebClient
) -> None:
    ts, channel = workspace.ask("alice", "fraud", "best?"), workspace.channel("fraud").id
    stream = client.chat_startStream(
        channel=channel, thread_ts=ts,
        recipient_team_id="T0TEAM0001", recipient_user_id=workspace.user("alice").id,
    )["ts"]  # fmt: skip
    client.chat_appendStream(channel=channel, ts=stream, markdown_text="**42**")
    client.chat_appendStream(channel=channel, ts=stream, markdown_text=" runs")
    client.chat_stopStream(channel=channel, ts=stream, blocks=[{"type": "divider"}])

    shown = workspace.messages("fraud", ts)[1]
    assert (shown["text"], shown["blocks"][0]["type"]) == ("**42** runs", "divider")
    with pytest.raises(SlackApiError, match="message_not_in_streaming_state"):
        client.chat_appendStream(channel=channel, ts=stream, markdown_text="more")


def test_a_stream_in_a_channel_needs_to_know_for_whom(
    workspace: Workspace, client: WebClient
) -> None:
    ts, channel = workspace.ask("alice", "fraud", "best?"), workspace.channel("fraud").id
    with pytest.raises(SlackApiError, match="missing_recipient_team_id"):
        client.chat_startStream(channel=channel, thread_ts=ts)


def test_a_stream_dies_after_a_while_and_the_message_can_then_be_updated() -> None:
    space = Workspace(stream_lives=0.0)
    dm = space.dm("alice")
    ts = space.say("alice", dm, "best?")
    call = {"channel": dm, "thread_ts": ts, "markdown_text": "4"}
    stream = gate.answer(space, "chat.startStream", space.bot_token, call).body["ts"]
    more = {"channel": dm, "ts": stream, "markdown_text": "2"}

    late = gate.answer(space, "chat.appendStream", space.bot_token, more)
    update = {"channel": dm, "ts": stream, "text": "42"}
    assert late.body["error"] == "message_not_in_streaming_state"
    assert gate.answer(space, "chat.update", space.bot_token, update).body["ok"]


def test_an_uploaded_file_is_shared_in_its_thread_and_can_be_read(
    workspace: Workspace, client: WebClient
) -> None:
    ts, channel = workspace.ask("alice", "fraud", "csv?"), workspace.channel("fraud").id
    client.files_upload_v2(
        channel=channel, thread_ts=ts, filename="runs.csv", content="run\n1\n",
        title="All runs", initial_comment="here",
    )  # fmt: skip

    shared = workspace.messages("fraud", ts)[1]
    (file,) = shared["files"]
    assert (shared["text"], file["title"], file["filetype"]) == ("here", "All runs", "csv")
    with urllib.request.urlopen(file["url_private"]) as response:  # noqa: S310 - our own address
        assert response.read() == b"run\n1\n"
        assert response.headers["content-type"].startswith("text/csv")
    told = client.files_info(file=file["id"])["file"]["shares"]["public"][channel]
    assert told == [{"ts": shared["ts"], "thread_ts": ts}]


def test_an_upload_of_another_length_than_announced_is_refused(client: WebClient) -> None:
    url = client.files_getUploadURLExternal(filename="a.png", length=3)
    request = urllib.request.Request(url["upload_url"], b"four", method="POST")  # noqa: S310
    with pytest.raises(urllib.error.HTTPError, match="400") as caught:
        urllib.request.urlopen(request)  # noqa: S310 - our own address
    caught.value.close()
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_completeUploadExternal(files=[{"id": url["file_id"]}])


def test_a_form_upload_brings_the_same_bytes(workspace: Workspace, client: WebClient) -> None:
    url = client.files_getUploadURLExternal(filename="a.bin", length=4)
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
    body = head + b"\x00\r\n\xff\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    request = urllib.request.Request(url["upload_url"], body, headers)  # noqa: S310
    with urllib.request.urlopen(request) as response:  # noqa: S310 - our own address
        assert response.status == 200

    file = workspace.files.get(str(url["file_id"]))
    assert file
    assert file.body == b"\x00\r\n\xff"


def test_a_picture_that_was_never_uploaded_makes_blocks_invalid(
    workspace: Workspace, client: WebClient
) -> None:
    image = {"type": "image", "slack_file": {"id": "F404"}, "alt_text": "a chart"}
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=workspace.channel("fraud").id, text="chart", blocks=[image])

    assert caught.value.response["error"] == "invalid_blocks"


def test_a_status_shows_until_the_app_answers_in_the_thread(
    workspace: Workspace, client: WebClient
) -> None:
    ts, channel = workspace.ask("alice", "fraud", "best?"), workspace.channel("fraud").id
    client.assistant_threads_setStatus(
        channel_id=channel, thread_ts=ts, status="is reading …", loading_messages=["1.2 M rows"]
    )
    during = workspace.beside("fraud", ts)["statuses"]
    client.chat_postMessage(channel=channel, text="42", thread_ts=ts)

    assert during == {ts: {"status": "is reading …", "loading_messages": ["1.2 M rows"]}}
    assert workspace.beside("fraud", ts)["statuses"] == {}


def test_suggested_prompts_stand_in_the_direct_messages_they_were_set_for(
    workspace: Workspace, client: WebClient
) -> None:
    prompts = [{"title": "Latest", "message": "latest 10 runs"}]
    dm = workspace.dm("alice")
    client.assistant_threads_setSuggestedPrompts(channel_id=dm, title="Try", prompts=prompts)

    shown = workspace.beside(dm, None)
    assert (shown["title"], shown["prompts"]) == ("Try", prompts)
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        client.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=prompts * 5)


def test_before_the_app_sets_prompts_those_of_the_manifest_are_shown() -> None:
    prompts = [{"title": "Latest", "message": "latest 10 runs"}]
    space = Workspace({"features": {"agent_view": {"suggested_prompts": prompts}}})

    assert space.beside(space.dm("bob"), None)["prompts"] == prompts
    assert json.dumps(space.beside("fraud", None)["prompts"]) == "[]"
