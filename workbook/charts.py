"""How every chart of the book looks."""

from __future__ import annotations

from typing import Any

from workbook import styles


def dress(chart: Any, title: str, x: str, y: str, y_format: str = "#,##0") -> None:
    """Title, axes and grid as all charts of the book have them."""
    grid = {"visible": True, "line": {"color": styles.LINE, "width": 0.75}}
    chart.set_title({"name": title, "name_font": {"size": 12, "color": styles.INK}})
    chart.set_x_axis({"name": x, "major_gridlines": grid, "label_position": "low", "num_format": "#,##0"})
    chart.set_y_axis({"name": y, "major_gridlines": grid, "label_position": "low", "num_format": y_format})
    chart.set_legend({"position": "bottom"})
    chart.show_blanks_as("gap")
