"""The Positions group: the trader's legs marked to the snapshot, and what a book nets to."""

from __future__ import annotations

from xlalvh.formulas.books import BOOK, EXAMPLE, read_book
from xlalvh.formulas.ladder import BETA_PARAMS, read_beta_params
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.vocabulary import HEADERS
from xlalvh.risk import net
from xlalvh.strategy import rules

POSITIONS = "Positions"

_EXPONENT = rules.default("vega_tenor_exponent")


@formula(
    category=POSITIONS,
    help="What a book nets to: dollar Greeks an underlying, SPX and XSP as one index, dollars per point of VIX.",
    arguments=(
        BOOK,
        BETA_PARAMS,
        Argument(
            "exponent",
            Kind.SINGLE,
            f"of the tenor weights of SPX vega, as in ALVH_TENOR_VEGA; {_EXPONENT:g} if omitted",
            "exponent",
            low=0,
            high=1,
            optional=True,
            default=_EXPONENT,
        ),
        HEADERS,
    ),
    result="Rows SPX, XSP, both in SPX points, VIX, Total (value, theta, rho, dollars per VIX point only); blank where "
    "there is no leg. vix_point_dollars: vega by tenor, or delta x tenor beta.",
    source="Black (1976); tenor beta and tenor weights as in Sizing; XSP is a tenth of SPX",
    example={"book": EXAMPLE},
    columns=net.Net._fields,
)
def alvh_net(book, beta_params, exponent):
    return net.net(read_book(book), read_beta_params(beta_params), exponent)
