"""Colours and cell formats, in one place.

The palette is Okabe and Ito's (2008), which readers with any common colour blindness can tell apart.
"""

from __future__ import annotations

from typing import Any

BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7"
INK, QUIET, LINE, BAND = "#1F2933", "#5F6B7A", "#C9D1DA", "#EEF2F6"
INPUT_FILL, INPUT_INK = "#FFF7DB", "#0B3C5D"
ALARM_FILL = "#FBE3D6"
LOSS, GAIN = "#F0A271", "#8CC8EC"  # ends of a heat map, under black figures

NUMBER_FORMATS = {
    "general": "General",
    "integer": "#,##0",
    "points": "#,##0.00",
    "strike": "#,##0.0",
    "decimal3": "0.000",
    "decimal4": "0.0000",
    "decimal6": "0.000000",
    "percent": "0.0%",
    "percent2": "0.00%",
    "dollars": "$#,##0;[Red]-$#,##0",
    "cents": "$#,##0.00;[Red]-$#,##0.00",
    "ratio": "0.00",
    "years": "0.0000",
    "days": "0.0",
    "date": "ddd d mmm yyyy",
    "moment": "yyyy-mm-dd hh:mm",
    "signed": "+#,##0;-#,##0;0",
    "change": "+0.0;-0.0;0.0",
    "return": "+0.0%;-0.0%;0.0%",
    "text": "@",
    "wrapped": "General",
}

_BASE: dict[str, Any] = {"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "vcenter"}

ROLES: dict[str, dict[str, Any]] = {
    "value": {},
    "label": {"font_color": QUIET},
    "title": {"font_size": 18, "bold": True, "font_color": BLUE},
    "subtitle": {"font_size": 10, "italic": True, "font_color": QUIET},
    "section": {"font_size": 12, "bold": True, "font_color": BLUE, "bottom": 2, "bottom_color": BLUE},
    "section_right": {
        "font_size": 12,
        "bold": True,
        "font_color": BLUE,
        "bottom": 2,
        "bottom_color": BLUE,
        "align": "right",
    },
    "header": {
        "bold": True,
        "bg_color": BAND,
        "bottom": 1,
        "bottom_color": LINE,
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
        "font_size": 9,
    },
    "input": {
        "bg_color": INPUT_FILL,
        "font_color": INPUT_INK,
        "border": 1,
        "border_color": ORANGE,
        "locked": False,
    },
    "banner": {"bold": True, "font_color": VERMILION, "bg_color": ALARM_FILL},
    "what": {"font_size": 12, "bold": True, "font_color": BLUE},
    "alert": {"bold": True, "font_color": VERMILION},
    "cell": {"bottom": 4, "bottom_color": LINE},
    "notice": {"bold": True, "font_color": VERMILION, "text_wrap": True, "valign": "top"},
    "prose": {"text_wrap": True, "valign": "top", "indent": 1},
    "entry": {"bottom": 4, "bottom_color": LINE, "valign": "top"},
    "figure": {"bottom": 4, "bottom_color": LINE, "align": "right"},
    "total": {"bold": True, "top": 1, "top_color": INK},
}


def properties(role: str, number_format: str) -> dict[str, Any]:
    """XlsxWriter format properties of a role with a number format."""
    found = {**_BASE, **ROLES[role], "num_format": NUMBER_FORMATS[number_format]}
    if number_format == "text" and "align" not in found:
        found["indent"] = 1  # text beside a number that is aligned right
    if number_format == "wrapped":
        found["text_wrap"] = True
    if role == "entry":
        found.update(align="left" if number_format == "wrapped" else "right", indent=1)
    return found
