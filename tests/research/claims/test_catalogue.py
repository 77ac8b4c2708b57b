"""No number of the seeds is missing, and every quotation is the articles' own words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT, missing
from xlalvh.research.claims.catalogue import CLAIMS
from xlalvh.research.claims.claim import ARTICLES, Kind
from xlalvh.research.claims.stated import RULES

FILES = {"correlation": "000", "spikes": "001", "SPY": "002", "edge": "003", "contango": "004"}
# Numbers of the page, or of a name: bylines, citations, the form for questions, the title's own question.
NO_QUANTITY = (
    r"VixShield Research Team · Based on .* 2026 · 0 views$",
    r"^\(2026\)\.$",
    r"^Retrieved from https",
    r"^0 / 1000",
    r"^(\d / 1000)?.*How does the .*4/4/2 .*\?\.?$",
    r"^Another dimension",
)
NUMBER = re.compile(
    r"\d|\b(two|three|four|five|ten|half|twice|double|doubling|tripling|triple|multiple|percent|500)\b", re.IGNORECASE
)
# Sentences whose only number is the structure's or a correlation's name, or a word that counts nothing.
NAMES = re.compile(r"4/4/2|S&P 500|multiple (regimes|temporal buckets)|The -0\.85 correlation transforms")


@pytest.fixture(scope="module")
def seeds() -> dict[str, str]:
    folder = ROOT.parent / "shared" / "seeds"
    if not folder.is_dir():
        missing(f"there are no seeds in {folder}")
    found = {name: next(Path(folder).glob(f"{start}_*.txt")).read_text("utf-8") for name, start in FILES.items()}
    # A page repeats the next one's title and sometimes its answer: read each to its own end.
    return found


def _sentences(text: str) -> list[str]:
    return [s.strip() for s in re.split(r"(?<=[.!?])\s+|\n+", text) if s.strip()]


def _without_names(sentence: str) -> str:
    return NAMES.sub("", sentence)


def test_every_sentence_with_a_number_is_a_claim_or_a_rule(seeds):
    quotes = {name: [] for name in FILES}
    for each in [*CLAIMS, *RULES]:
        if each.article in quotes:
            quotes[each.article].append(each.quote)
    uncovered = []
    for name, text in seeds.items():
        for sentence in _sentences(text):
            if any(re.search(pattern, sentence) for pattern in NO_QUANTITY):
                continue
            said = any(quote in sentence or sentence in quote for quote in quotes[name])
            if NUMBER.search(_without_names(sentence)) and not said:
                uncovered.append(f"{name}: {sentence}")
    assert uncovered == []


def test_quotations_are_the_articles_own_words(seeds):
    for each in [*CLAIMS, *RULES]:
        if each.article in seeds:
            assert each.quote in seeds[each.article], each.quote


def test_claims_are_whole():
    names = [claim.id for claim in CLAIMS]
    assert len(set(names)) == len(names)
    for claim in CLAIMS:
        assert claim.article in ARTICLES
        assert (claim.measure is None) == (claim.kind is Kind.UNTESTABLE)
        assert claim.says
        assert claim.method
        if claim.kind is Kind.SERIES:
            assert claim.region.low > float("-inf") or claim.region.high < float("inf"), claim.id
