"""The names that buttons, inputs and views are known by: what render draws, the app listens for."""

from __future__ import annotations

SHOW_SQL = "show_sql"
EDIT_SQL = "edit_sql"
CSV = "csv"
CHART_TYPE = "chart_type"
REFRESH = "refresh"
SAVE_TEMPLATE = "save_template"
FAVOURITE = "favourite"
PAGE_PREV = "page_prev"
PAGE_NEXT = "page_next"
RETRY = "retry"
EXPLAIN = "explain"

FOLLOW = ("follow_0", "follow_1", "follow_2")
OPTION = ("option_0", "option_1", "option_2", "option_3")
SUGGEST = ("suggest_0", "suggest_1", "suggest_2")

FEEDBACK = "feedback"
FEEDBACK_UP = "feedback_up"
FEEDBACK_DOWN = "feedback_down"
"""Two plain buttons in one block need two names; their values are those of FEEDBACK."""

FORGET = "forget_lesson"
ADOPT = "adopt_sql"
READING = "ask_reading"
"""In what is said to somebody alone who taught something, or could."""

EDIT_VIEW = "edit_sql_view"
EDIT_INPUT = "sql"
FEEDBACK_VIEW = "feedback_view"
FEEDBACK_KIND = "kind"
FEEDBACK_READING = "reading"
"""The ids of views are callback_ids; an input's block_id and action_id are the same word."""
