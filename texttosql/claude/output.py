"""What Claude answers in: one flat object, so that small models and people can write it too."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["sql", "clarification", "declined"]
WishedChart = Literal["auto", "none", "bar", "line", "scatter", "histogram"]


class Way(BaseModel):
    """One way out of an ambiguity."""

    model_config = ConfigDict(frozen=True)

    label: str = Field(description="2-5 words for a button")
    question: str = Field(description="the whole question, asked so that it has this meaning only")


class Drafted(BaseModel):
    """An answer to a question: SQL, a question back, or why not."""

    model_config = ConfigDict(frozen=True)

    kind: Kind = Field(description="sql: it can be answered. clarification: its readings differ")
    sql: str = Field("", description="for sql: one SELECT statement")
    title: str = Field("", description='for sql: the result in a few words, "top 5 runs by auc"')
    chart: WishedChart = Field("auto", description="auto unless the asker wants a chart, or none")
    assumptions: tuple[str, ...] = Field((), description="what was taken for granted, in few words")
    question: str = Field("", description="for clarification: the question back")
    options: tuple[Way, ...] = Field((), description="for clarification: 2 to 4 readings")
    reason: str = Field("", description="for declined: why the store cannot tell, in one sentence")
    suggestions: tuple[str, ...] = Field((), description="up to 3 questions to ask next or instead")
