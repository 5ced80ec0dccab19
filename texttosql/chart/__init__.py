"""The right picture for a result's shape, or none. Drawing loads vl_convert, choosing nothing."""

from __future__ import annotations

from texttosql.chart.choose import choose_chart
from texttosql.chart.draw import render_png, vega_lite

__all__ = ["choose_chart", "render_png", "vega_lite"]
