"""Messages through the real Slack client: posted, changed, deleted, read back, refused."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace import Workspace

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*hello*"}}


def _refusal(call: object, **given: object) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**given)  # type: ignore[operator]
    return str(caught.value.response["error"])


def test_a_posted_message_stands_in_the_channel_under_the_apps_name(
    workspace: Workspace, client: WebClient
) -> None:
    channel = workspace.channel("fraud").id
    answer = client.chat_postMessage(channel=channel, text="hi", blocks=[SECTION])

    (shown,) = workspace.messages("fraud")
    assert (shown["ts"], shown["text"]) == (answer["ts"], "hi")
    assert (shown["user"], bool(shown["bot_id"])) == (workspace.directory.bot.id, True)
    assert shown["blocks"][0]["text"] == SECTION["text"]
    assert shown["blocks"][0]["block_id"]


def test_a_reply_is_counted_in_its_thread_and_stays_out_of_the_channel(
    workspace: Workspace, client: WebClient
) -> None:
    ts = workspace.ask("alice", "fraud", "best run?")
    reply = client.chat_postMessage(channel=workspace.channel("fraud").id, text="r", thread_ts=ts)

    (parent,) = workspace.messages("fraud")
    assert (parent["reply_count"], parent["latest_reply"]) == (1, reply["ts"])
    assert parent["reply_users"] == [workspace.directory.bot.id]
    assert [m["text"] for m in workspace.messages("fraud", ts)][1:] == ["r"]


def test_a_broadcast_reply_stands_in_the_channel_too(
    workspace: Workspace, client: WebClient
) -> None:
    ts = workspace.ask("alice", "fraud", "best run?")
    client.chat_postMessage(
        channel=workspace.channel("fraud").id, text="all", thread_ts=ts, reply_broadcast=True
    )

    assert [m["text"] for m in workspace.messages("fraud")][1:] == ["all"]


def test_an_update_without_blocks_keeps_them_and_an_empty_list_takes_them_away(
    workspace: Workspace, client: WebClient
) -> None:
    channel = workspace.channel("fraud").id
    ts = client.chat_postMessage(channel=channel, text="a", blocks=[SECTION])["ts"]

    client.chat_update(channel=channel, ts=ts, text="b")
    (kept,) = workspace.messages("fraud")
    client.chat_update(channel=channel, ts=ts, text="c", blocks=[])
    (bare,) = workspace.messages("fraud")

    assert (kept["text"], "blocks" in kept, "edited" in kept) == ("b", True, True)
    assert (bare["text"], "blocks" in bare) == ("c", False)


def test_a_person_posts_what_they_typed_with_marks_as_slack_writes_them(
    workspace: Workspace,
) -> None:
    typed = f"{workspace.mention} a < b & c? see https://ml.example/#/runs/1?a=1&b=2."
    workspace.say("alice", "fraud", typed)

    (said,) = workspace.messages("fraud")
    link = "<https://ml.example/#/runs/1?a=1&amp;b=2>"
    assert said["text"] == f"{workspace.mention} a &lt; b &amp; c? see {link}."


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"channel": "C0NOWHERE"}, "channel_not_found"),
        ({"channel": "quiet"}, "not_in_channel"),
        ({"channel": "secret"}, "channel_not_found"),
        ({"channel": "old"}, "is_archived"),
        ({"channel": "fraud", "text": ""}, "no_text"),
        ({"channel": "fraud", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "fraud", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"channel": "fraud", "blocks": [{"type": "sectoin"}]}, "invalid_blocks"),
        ({"channel": "fraud", "blocks": "{"}, "invalid_blocks_format"),
        ({"channel": "fraud", "blocks": [SECTION | {"text": {
            "type": "mrkdwn", "text": "x" * 3000}}] * 5}, "msg_blocks_too_long"),
    ],
)  # fmt: skip
def test_a_message_slack_would_refuse_is_refused_with_its_code(
    workspace: Workspace, client: WebClient, given: dict[str, object], error: str
) -> None:
    workspace.add_channel("quiet", with_bot=False)
    workspace.add_channel("secret", with_bot=False, is_private=True, members=("bob",))
    workspace.add_channel("old")
    workspace.archive("old")

    whole = {"text": "hi", **given}
    # The client's own method warns of an empty text, which is what is tried here.
    assert _refusal(client.api_call, api_method="chat.postMessage", json=whole) == error
    assert workspace.messages("fraud") == []
    assert workspace.calls[-1].error == error


def test_invalid_blocks_name_every_fault_and_where_it_is(client: WebClient) -> None:
    blocks = [SECTION, {"type": "header", "text": {"type": "mrkdwn", "text": "x" * 151}}]
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="fraud", text="hi", blocks=blocks)

    assert caught.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be one of: plain_text [json-pointer:/blocks/1/text/type]",
        "[ERROR] must be less than 151 characters [json-pointer:/blocks/1/text/text]",
    ]


def test_only_the_apps_own_messages_can_be_changed_or_deleted(
    workspace: Workspace, client: WebClient
) -> None:
    channel, ts = workspace.channel("fraud").id, workspace.say("bob", "fraud", "mine")

    assert _refusal(client.chat_update, channel=channel, ts=ts, text="x") == "cant_update_message"
    assert _refusal(client.chat_delete, channel=channel, ts=ts) == "cant_delete_message"
    assert _refusal(client.chat_update, channel=channel, ts="1.1", text="x") == "message_not_found"


def test_a_deleted_message_is_gone_and_a_deleted_parent_leaves_a_tombstone(
    workspace: Workspace, client: WebClient
) -> None:
    channel = workspace.channel("fraud").id
    parent = client.chat_postMessage(channel=channel, text="parent")["ts"]
    reply = client.chat_postMessage(channel=channel, text="reply", thread_ts=parent)["ts"]
    alone = client.chat_postMessage(channel=channel, text="alone")["ts"]

    client.chat_delete(channel=channel, ts=parent)
    client.chat_delete(channel=channel, ts=alone)

    assert [m.get("subtype") for m in workspace.messages("fraud")] == ["tombstone"]
    assert [m["ts"] for m in workspace.messages("fraud", parent)] == [parent, reply]


def test_an_ephemeral_message_is_seen_by_one_person_alone(
    workspace: Workspace, client: WebClient
) -> None:
    channel, alice = workspace.channel("fraud").id, workspace.user("alice").id
    ts = client.chat_postEphemeral(channel=channel, user=alice, text="psst")["message_ts"]

    (seen,) = workspace.messages("fraud", user="alice")
    assert (seen["text"], seen["is_ephemeral"]) == ("psst", True)
    assert workspace.messages("fraud", user="bob") == []
    assert client.conversations_history(channel=channel)["messages"] == []
    assert _refusal(client.chat_update, channel=channel, ts=ts, text="x") == "message_not_found"


def test_history_is_read_newest_first_page_by_page(workspace: Workspace, client: WebClient) -> None:
    channel = workspace.channel("fraud").id
    for number in range(7):
        workspace.say("bob", "fraud", f"m{number}")

    read, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        page = client.conversations_history(channel=channel, limit=3, cursor=cursor)
        read += [m["text"] for m in page["messages"]]
        cursor, pages = page["response_metadata"]["next_cursor"], pages + 1

    assert (read, pages) == ([f"m{n}" for n in range(6, -1, -1)], 3)
    assert _refusal(client.conversations_history, channel=channel, cursor="?") == "invalid_cursor"


def test_replies_are_read_oldest_first_with_metadata_only_when_asked_for(
    workspace: Workspace, client: WebClient
) -> None:
    channel = workspace.channel("fraud").id
    ts = workspace.say("bob", "fraud", "parent")
    note = {"event_type": "turn", "event_payload": {"id": "7"}}
    client.chat_postMessage(channel=channel, text="reply", thread_ts=ts, metadata=note)

    bare = client.conversations_replies(channel=channel, ts=ts)["messages"]
    full = client.conversations_replies(channel=channel, ts=ts, include_all_metadata=True)

    assert [m["text"] for m in bare] == ["parent", "reply"]
    assert "metadata" not in bare[1]
    assert full["messages"][1]["metadata"] == note
    assert _refusal(client.conversations_replies, channel=channel, ts="1.1") == "thread_not_found"


def test_a_users_id_stands_for_the_direct_messages_with_them(
    workspace: Workspace, client: WebClient
) -> None:
    alice = workspace.user("alice").id
    opened = client.conversations_open(users=alice)["channel"]["id"]
    posted = client.chat_postMessage(channel=alice, text="hello")

    assert opened == posted["channel"] == workspace.dm("alice")
    assert [m["text"] for m in workspace.messages(opened)] == ["hello"]


def test_people_and_channels_are_told_as_slack_tells_them(
    workspace: Workspace, client: WebClient
) -> None:
    fraud = workspace.channel("fraud").id
    me = client.auth_test()

    assert client.bots_info(bot=me["bot_id"])["bot"]["user_id"] == me["user_id"]
    assert client.users_info(user=workspace.user("bob").id)["user"]["name"] == "bob"
    assert len(client.users_list()["members"]) == 4
    assert client.conversations_info(channel=fraud)["channel"]["name"] == "fraud"
    names = [c["name"] for c in client.conversations_list()["channels"]]
    assert names == ["ml-experiments", "fraud", "random"]
    assert me["user_id"] in client.conversations_members(channel=fraud)["members"]
    assert _refusal(client.users_info, user="U404") == "user_not_found"


def test_a_joined_channel_can_be_written_to(workspace: Workspace, client: WebClient) -> None:
    quiet = workspace.add_channel("quiet", with_bot=False).id
    client.conversations_join(channel=quiet)

    assert client.chat_postMessage(channel=quiet, text="hi")["ok"]


def test_a_permalink_opens_the_page_at_the_thread(workspace: Workspace, client: WebClient) -> None:
    channel, ts = workspace.channel("fraud").id, workspace.say("bob", "fraud", "parent")
    reply = client.chat_postMessage(channel=channel, text="reply", thread_ts=ts)["ts"]
    link = client.chat_getPermalink(channel=channel, message_ts=reply)["permalink"]

    assert link == f"{workspace.address}/?channel={channel}&thread={ts}"


def test_a_reaction_is_shown_once_and_taken_back(workspace: Workspace, client: WebClient) -> None:
    channel, ts = workspace.channel("fraud").id, workspace.say("bob", "fraud", "x")
    client.reactions_add(channel=channel, timestamp=ts, name="eyes")
    again = _refusal(client.reactions_add, channel=channel, timestamp=ts, name="eyes")
    workspace.react("alice", "fraud", ts, "eyes")

    (shown,) = workspace.messages("fraud")
    client.reactions_remove(channel=channel, timestamp=ts, name="eyes")
    (left,) = workspace.messages("fraud")

    assert again == "already_reacted"
    assert (shown["reactions"][0]["name"], shown["reactions"][0]["count"]) == ("eyes", 2)
    assert left["reactions"][0]["users"] == [workspace.user("alice").id]
