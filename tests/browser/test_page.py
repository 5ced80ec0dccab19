"""A person at the page asks, clicks and reads; Chromium stands in for nobody."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.person import Person


def test_a_question_typed_into_the_page_is_answered_with_table_and_chart(alice: Person) -> None:
    alice.open("ml-experiments")
    alice.ask("top 5 runs by val_accuracy")
    thread = alice.open_thread()

    table = thread.get_by_role("table").first
    expect(table.get_by_role("columnheader", name="val_accuracy")).to_be_visible()
    expect(table.get_by_role("row")).to_have_count(6)
    chart = thread.get_by_role("img", name=re.compile("val_accuracy")).first
    expect(chart).to_be_visible()


def test_a_follow_up_typed_into_the_thread_refines_the_answer(alice: Person) -> None:
    alice.open("fraud")
    alice.ask("top 5 runs by val_accuracy")
    thread = alice.open_thread()
    alice.reply("only the ones alice ran")

    refined = thread.get_by_role("article").nth(3).get_by_role("table").first
    expect(refined.get_by_role("cell", name="alice").first).to_be_visible()
    expect(refined.get_by_role("cell", name="mei")).to_have_count(0)


def test_a_click_on_an_option_answers_the_question_back_in_place(alice: Person) -> None:
    alice.open("random")
    alice.ask("best model")
    thread = alice.open_thread()
    messages = thread.locator("article[data-ts]")
    option = thread.locator('[data-action-id="option_0"]')
    option.click()

    expect(option).to_have_count(0)
    expect(thread.locator('[data-action-id="show_sql"]')).to_be_visible()
    expect(messages).to_have_count(2)


def test_show_sql_opens_a_dialog_that_escape_closes(alice: Person) -> None:
    alice.house.workspace.add_channel("sql")
    alice.open("sql")
    alice.ask("how many runs failed?")
    thread = alice.open_thread()
    thread.locator('[data-action-id="show_sql"]').click()

    dialog = alice.page.get_by_role("dialog", name="The SQL")
    expect(dialog).to_contain_text("SELECT")
    expect(dialog).to_contain_text("FAILED")
    alice.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_column_of_the_table_sorts_by_a_click(alice: Person) -> None:
    alice.house.workspace.add_channel("sorting")
    alice.open("sorting")
    alice.ask("average val_accuracy by user")
    thread = alice.open_thread()
    table = thread.get_by_role("table").first
    first = table.get_by_role("row").nth(1)
    expect(first).to_be_visible()
    before = first.inner_text()
    header = table.get_by_role("columnheader", name=re.compile("val_accuracy"))
    header.get_by_role("button").click()

    expect(first).not_to_have_text(before)


def test_the_apps_home_lists_what_was_asked(alice: Person) -> None:
    alice.house.workspace.add_channel("homing")
    alice.open("homing")
    alice.ask("how many runs by user?")
    alice.open_thread()
    alice.page.get_by_role("link", name=re.compile("Tracktalk", re.IGNORECASE)).first.click()
    alice.page.get_by_role("tab", name="Home").click()

    panel = alice.page.get_by_role("tabpanel")
    expect(panel).to_contain_text("how many runs by user?")


def test_the_page_can_be_used_on_a_phone(alice_on_a_phone: Person) -> None:
    person = alice_on_a_phone
    person.house.workspace.add_channel("phone")
    person.open("phone")
    person.ask("top 3 runs by val_accuracy")
    thread = person.open_thread()

    expect(thread.get_by_role("table").first).to_be_visible()
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert person.page.evaluate(wider) is False
