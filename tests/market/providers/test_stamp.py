"""Date lines as browsers in many languages write them."""

from __future__ import annotations

import datetime as dt

import pytest

from xlalvh.market.providers.stamp import StampError, parse_stamp

NEAR = dt.date(2024, 1, 8)


@pytest.mark.parametrize(
    "text",
    [
        "January 7, 2024 at 10:52 AM EST",
        "January 7 2024, 10:52 AM ET",
        "7 January 2024, 10:52 UTC−5",
        "7 January 2024 at 15:52 GMT",
        "7 January 2024 at 16:52 CET",
        "7 January 2024 at 21:22 GMT+5:30",
        "7 de enero de 2024, 10:52 GMT-5",
        "7 января 2024 г. в 10:52 GMT-5",
        "7. Januar 2024 um 10:52 GMT-5",
        "7 janvier 2024 à 10:52 UTC−5",
        "7 janvier 2024 à 10 h 52 HNE",
        "7 gennaio 2024 alle ore 10:52 GMT-5",
        "7 de janeiro de 2024 às 10:52 GMT-5",
        "7 januari 2024 kl. 10:52 GMT-5",
        "7. januar 2024 kl. 10.52 GMT-5",
        "7 січня 2024 р. о 10:52 GMT-5",
        "2024年1月7日 GMT-5 10:52",
        "2024년 1월 7일 오전 10:52 GMT-5",
        "1/7/2024, 10:52 AM EST",
        "07/01/2024 10:52",
        "2024-01-07 10:52",
        "2024-01-07T10:52:00-05:00",
    ],
)
def test_one_moment_in_many_languages(text: str) -> None:
    assert parse_stamp(text, NEAR) == dt.datetime(2024, 1, 7, 10, 52)


def test_afternoons() -> None:
    for text in ("7 de enero de 2024, 3:52 p. m. GMT-5", "2024年1月7日 GMT-5 下午3:52", "January 7, 2024, 3:52 PM EST"):
        assert parse_stamp(text, NEAR) == dt.datetime(2024, 1, 7, 15, 52)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("January 7, 2024", "no time of day"),
        ("07.01.2024", "no time of day"),
        ("", "no time of day"),
        ("12:30 PM", "is no date"),
        ("January 7, 2024 at 10:52 AM IST", "time zone IST"),
        ("x" * 101, "too long"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, message: str) -> None:
    with pytest.raises(StampError, match=message):
        parse_stamp(text, NEAR)
