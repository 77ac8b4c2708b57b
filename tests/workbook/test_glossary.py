"""The glossary: no term of the articles is missing, and what it names exists."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.conftest import missing
from workbook.build import build
from workbook.terms import ANALOGY, COMPUTED, TERMS
from xlalvh.formulas import catalogue
from xlalvh.market.tables import MarketTables

# What the articles' web pages say around them, and first words of sentences: each as one expression.
_FURNITURE = re.compile(
    r"VIX Hedging|VixShield Answer|Keep Reading|APA Citation|Glossary Terms Referenced|Put This Knowledge to Work|"
    r"Start Free Trial|Have a question about this|Ask below|Risk Disclaimer|https?://\S+|May \d+, \d{4}|0 views"
)
_WORD = r"[A-Z][\w&’'-]*(?:/[A-Z]\w*)?"
_TERM = re.compile(rf"{_WORD}(?:(?: of | vs\. |\s?/\s?| )[“\"']?{_WORD}[”\"']?)*")
# Capitalised for their place in a sentence, a heading or the calendar.
_WORDS = """
A Actionable Additionally Always Another Anyone Arbitrage As At Avoiding Back-testing Based Because By Capital
Consider Context Conversely Do During Each Edge Educators Every Explore First For Furthermore Here Historical How
However Implementation In Instead Investors It Key Loyalty Many March Metrics Motion Neither One Options Paper Past
Position Practical Preservation Psychological Rather Real-world Reduced Related Retrieved Risk Second The This To
Traders Trading Traditional Ultimately Understanding Volatility When While Within"""
_PLAIN = frozenset(_WORDS.split())


@pytest.fixture(scope="module")
def articles(data: Path) -> str:
    found = sorted((data.parent / "seeds").glob("*.txt"))
    if len(found) != 5:
        missing(f"the five articles are not in {data.parent / 'seeds'}")
    return "\n".join(_FURNITURE.sub(" ", path.read_text(encoding="utf-8")) for path in found)


def _known() -> set[str]:
    names = {name for term in TERMS for name in (term.name, *term.also)}
    return {_folded(name) for name in names}


def _folded(text: str) -> str:
    return re.sub(r"[“”\"'’]", "", text).strip().lower()


def _unknown(text: str) -> set[str]:
    """Capitalised runs that are no term, nor made of terms and plain words."""
    known, left = _known(), set()
    for match in _TERM.finditer(text):
        words = re.split(r" / | ", match.group())
        # the longest known run from each word on; what remains must be plain
        i = 0
        while i < len(words):
            for j in range(len(words), i, -1):
                run = _folded(" ".join(words[i:j]))
                if run in known or run.removesuffix("s") in known:
                    i = j
                    break
            else:
                word = words[i].strip("“”\"'’").removesuffix("'s").removesuffix("’s")
                if word not in _PLAIN and word not in ("of", "vs.") and _folded(word) not in known:
                    left.add(match.group())
                i += 1
    return left


def test_no_capitalised_term_of_the_articles_is_missing(articles: str) -> None:
    assert len(set(_TERM.findall(articles))) > 100
    assert _unknown(articles) == set()


def test_a_missing_term_is_seen() -> None:
    assert _unknown("Traders watch the Sharpe Ratio and the VIX.") == {"Sharpe Ratio"}
    assert _unknown("Here FTX spikes. The RSI and Weighted Average Cost of Capital (WACC) matter.") == {"Here FTX"}
    assert _unknown("The Big Top “Temporal Theta” Cash Press") == set()


def test_every_term_is_said_once_and_where_it_is_computed() -> None:
    names = [_folded(name) for term in TERMS for name in (term.name, *term.also)]
    assert sorted(set(names)) == sorted(names)
    for term in TERMS:
        assert (term.kind == COMPUTED) <= bool(term.formulas or term.sheets), term.name
        assert term.kind != ANALOGY or not (term.formulas or term.sheets), term.name
        assert len(term.sheets) <= 3, term.name


def test_its_formulas_exist() -> None:
    assert [name for term in TERMS for name in term.formulas if name not in catalogue] == []


def test_each_sheet_that_it_names_is_linked(sample_tables: MarketTables, tmp_path: Path) -> None:
    with ZipFile(build(tmp_path / "alvh.xlsx", sample_tables).path) as archive:
        names = re.findall(r'<sheet name="(\w+)"', archive.read("xl/workbook.xml").decode())
        page = archive.read(f"xl/worksheets/sheet{names.index('Glossary') + 1}.xml").decode()
    links = re.findall(r'<hyperlink [^>]*location="\'?(\w+)\'?!A1"', page)
    assert sorted(links) == sorted(sheet for term in TERMS for sheet in term.sheets)
    assert set(links) <= set(names)
