"""The templates' modals: the right input for each value, and what is wrong said beside it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.views import forms
from bot.views.forms import Draft, Note
from bot.workspace.blocks import view_faults
from tests.unit.bot.views.values import NASTY, elements, template, words
from texttosql.templates import parameters

NOTE = Note("T1", "C1", None, "id1", "https://hooks.example/commands/T1/1/x")


def test_each_parameter_has_the_input_that_fits_it() -> None:
    text = "{metric=val_auc} of {experiment} and {user} over {days=7} days, {what}"
    view = forms.run_form(template(), parameters(text), NOTE)

    inputs = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
    assert {name: element["type"] for name, element in inputs.items()} == {
        "metric": "external_select", "experiment": "external_select", "user": "external_select",
        "days": "number_input", "what": "plain_text_input",
    }  # fmt: skip
    assert inputs["metric"]["initial_option"]["value"] == "val_auc"
    assert inputs["days"]["initial_value"] == "7"
    assert inputs["experiment"]["placeholder"]["text"] == "Choose or type an experiment"
    assert view_faults(view, "modal") == []


def test_a_label_reads_like_words() -> None:
    view = forms.run_form(template(), parameters("{experiment_2}"), NOTE)

    assert view["blocks"][-1]["label"]["text"] == "Experiment 2"


def test_the_form_that_saves_begins_with_the_draft() -> None:
    view = forms.save_form(Draft("best", "top {n=5} runs", "team"), replace(NOTE, template=None))

    starts = [
        e.get("initial_value") or e["initial_option"]["value"] for e in elements(view["blocks"])
    ]
    assert starts == ["best", "top {n=5} runs", "team"]
    assert view["title"]["text"] == "Save as template"
    assert view_faults(view, "modal") == []


def test_who_may_not_share_a_template_is_not_asked_with_whom() -> None:
    view = forms.save_form(Draft("best", "runs", "team", mine=False), NOTE)

    assert [each["block_id"] for each in view["blocks"]] == ["name", "text"]


@pytest.mark.parametrize("channel", ["D1", ""])
def test_a_direct_conversation_offers_no_channel(channel: str) -> None:
    view = forms.save_form(Draft(scope="channel"), replace(NOTE, channel=channel))

    offered = [option["value"] for option in elements(view["blocks"])[2]["options"]]
    assert offered == ["personal", "team"]
    assert view_faults(view, "modal") == []


def test_a_question_that_refined_another_gets_a_hint() -> None:
    hint = "A template stands alone"

    assert hint in words(forms.save_form(Draft(refines=True), NOTE)["blocks"])
    assert hint not in words(forms.save_form(Draft(), NOTE)["blocks"])


def test_deleting_what_others_use_says_so() -> None:
    shared, own = template(scope="team"), template()

    assert "Others use it too" in words(forms.delete_form(shared, NOTE)["blocks"])
    assert "Others" not in words(forms.delete_form(own, NOTE)["blocks"])


def test_a_note_comes_back_as_it_was_sent() -> None:
    view = forms.delete_form(template(), NOTE)

    assert Note.read(json.loads(view["private_metadata"])) == NOTE


@pytest.mark.parametrize(
    ("name", "text", "faulty"),
    [
        ("best", "top {n=5} runs by {metric}", {}),
        ("", "runs", {"name": "Give it a name"}),
        ("best", "", {"text": "Write the question"}),
        ("best", "runs of {exp", {"text": "lone {"}),
        ("best", "".join(f"{{a{n}}}" for n in range(21)), {"text": "20 is the most"}),
        ("best", f"{{{'a' * 90}}}", {"text": "at most 80 characters"}),
    ],
)
def test_what_is_wrong_is_said_beside_its_input(
    name: str, text: str, faulty: dict[str, str]
) -> None:
    found = forms.faults(name, text)

    assert found.keys() == faulty.keys()
    assert all(part in found[block] for block, part in faulty.items())


def test_a_menu_offers_a_hundred_names_and_none_that_would_come_back_cut() -> None:
    offered = forms.choices(["", "x" * 151, *(f"metric_{n}" for n in range(150))])

    assert [each["value"] for each in offered] == [f"metric_{n}" for n in range(100)]


def test_a_long_name_is_shown_cut_and_comes_back_whole() -> None:
    (only,) = forms.choices(["x" * 150])

    assert only["value"] == "x" * 150
    assert len(only["text"]["text"]) == 75


def test_the_worst_template_fits_into_its_forms() -> None:
    worst = template(name=NASTY, text=NASTY, scope="team")
    many = parameters("".join(f"{{metric_{n}={'y' * 200}}}" for n in range(forms.MOST_ASKED)))
    views = (
        forms.run_form(worst, many, NOTE),
        forms.save_form(Draft(NASTY, NASTY, "team", refines=True), NOTE),
        forms.delete_form(worst, NOTE),
        forms.wait_form(NASTY, NASTY),
    )

    assert [view_faults(view, "modal") for view in views] == [[], [], [], []]
