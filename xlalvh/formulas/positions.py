"""The Positions group: the trader's legs marked to the snapshot, and what a book nets to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from xlalvh.formulas import cells, marking, stored
from xlalvh.formulas.books import BOOK, EXAMPLE, read_book
from xlalvh.formulas.errors import not_available, value_error
from xlalvh.formulas.ladder import BETA_PARAMS, read_beta_params
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.vocabulary import HEADERS, whole
from xlalvh.risk import net
from xlalvh.strategy import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlalvh.market.positions.legs import Leg

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


HEIGHT = Argument(
    "height",
    Kind.SINGLE,
    "rows of the answer, blank ones at its end; as many as there are if omitted",
    "rows",
    low=1,
    high=10_000,
    optional=True,
    default=math.nan,
)
_LEGS = ("group", "root", "expiry", "right", "strike", "quantity", "entry")
_IMPORTED = (*_LEGS, "imported")
_EXAMPLE_LEGS = (
    ("condor", "SPXW", 45107.0, "P", 3900.0, -10.0, 19.85),
    ("condor", "SPXW", 45107.0, "C", 4350.0, -10.0, 21.40),
    ("XSP", "XSP", 45114.0, "P", 390.0, 5.0, 2.10),
    ("hedge", "VIX", 45098.0, "C", 21.0, 40.0, 1.60),
)
_EXAMPLE_SPX = (
    ("SPXW", 45107.0, "", 42.0, 0.115, 4210.0, "parity", 0.05),
    ("SPXW", 45121.0, "", 56.0, 0.1534, 4218.0, "parity", 0.05),
)
_EXAMPLE_SMILES = ((0.00198, 0.02, -0.6, 0.045, 0.06), (0.0026, 0.024, -0.58, 0.05, 0.08))


@formula(
    category=POSITIONS,
    help="Your option legs priced by the snapshot: time, forward and volatility of each, value, profit since entry.",
    arguments=(
        Argument(
            "legs",
            Kind.RANGE,
            f"a leg a row: {', '.join(_LEGS)}. Root SPX, SPXW, XSP, VIX or VIXW; entry in points, or blank",
        ),
        Argument("spx_expiries", Kind.RANGE, "SPX expiries as on Market: root, expiry, .., years, forward, .., rate"),
        Argument("spx_smiles", Kind.RANGE, "a smile an expiry, as ALVH_SMILE_FIT gives them"),
        Argument("spx_time", Kind.MOMENT, "market time of the SPX quotes, New York"),
        Argument("vix_expiries", Kind.RANGE, "VIX expiries as on Market", optional=True),
        Argument("vix_smiles", Kind.RANGE, "a smile an expiry of VIX", optional=True),
        Argument("vix_time", Kind.MOMENT, "market time of the VIX quotes, New York", optional=True),
        Argument(
            "spx_quotes",
            Kind.RANGE,
            "p.m. quotes as on Market: key, expiry, strike, call bid and ask, put bid and ask",
            "points",
            optional=True,
        ),
        Argument("vix_quotes", Kind.RANGE, "quotes of VIX monthlies as on Market", "points", optional=True),
        Argument(
            "spx_move",
            Kind.SINGLE,
            "your SPX level over the quoted one; 1 if omitted",
            "ratio",
            above=0,
            high=100,
            optional=True,
            default=1.0,
        ),
        Argument("future_expiries", Kind.RANGE, "expiries of your own VIX futures", "date", optional=True),
        Argument(
            "futures", Kind.RANGE, "your own price an expiry, blank for the quoted one", "VIX points", optional=True
        ),
        HEADERS,
    ),
    result="A row a leg: how it is priced, or why not; dollars; then the columns of a book with price, bid and ask. An "
    "expiry between two of the snapshot is interpolated in total variance and says so.",
    source="Black (1976) on the smile of the leg's own expiry; XSP is a tenth of SPX",
    example={
        "legs": _EXAMPLE_LEGS,
        "spx_expiries": _EXAMPLE_SPX,
        "spx_smiles": _EXAMPLE_SMILES,
        "spx_time": 45065.677083333336,
    },
    columns=marking.Marked._fields,
    date_columns=("expiry",),
)
def alvh_mark(
    legs,
    spx_expiries,
    spx_smiles,
    spx_time,
    vix_expiries,
    vix_smiles,
    vix_time,
    spx_quotes,
    vix_quotes,
    spx_move,
    future_expiries,
    futures,
):
    own = marking.read_futures(future_expiries, futures)
    spx = marking.read_snapshot(spx_expiries, spx_smiles, spx_time, spx_quotes, "spx", spx_move, {})
    vix = marking.read_snapshot(vix_expiries, vix_smiles, vix_time, vix_quotes, "vix", 1.0, own)
    return [marking.marked(row, spx, vix) for row in marking.read_legs(legs)]


@formula(
    category=POSITIONS,
    help="The positions imported from brokers' files, a leg a row (xlalvh positions import FILE).",
    arguments=(stored.REFRESH, HEIGHT, HEADERS),
    result="Rows as ALVH_MARK takes them, with the time of the import (New York). A row of a file that was not "
    "understood stands with its text as group, so that it is not overlooked.",
    source="the brokers' files, as imported",
    example={"refresh": stored.SAMPLE},
    columns=_IMPORTED,
    date_columns=("expiry", "imported"),
)
def alvh_positions(refresh, height):
    rows = _sample_rows() if stored.is_sample(refresh) else _kept_rows()
    if not rows and math.isnan(height):
        raise not_available("no positions are imported; run: xlalvh positions import FILE")
    size = len(rows) if math.isnan(height) else whole(height, "height")
    if len(rows) > size:
        rest = len(rows) - size + 1
        rows = [*rows[: size - 1], (f"{rest} more legs do not fit {size} rows", *[""] * (len(_IMPORTED) - 1))]
    return _filled(rows, size, len(_IMPORTED))


def _sample_rows() -> list[tuple[Any, ...]]:
    from xlalvh.market.positions.sample import ACCOUNT, BROKER, sample_legs

    return [_row(leg, BROKER, ACCOUNT, "") for leg in sample_legs()]


def _kept_rows() -> list[tuple[Any, ...]]:
    from xlalvh.market.calendar import to_new_york
    from xlalvh.market.positions.ledger import Ledger
    from xlalvh.market.positions.reading import PositionError

    try:
        accounts = Ledger().accounts()
    except (PositionError, OSError) as error:
        raise not_available(str(error)) from error
    rows = []
    for one in accounts:
        when = cells.serial(to_new_york(one.imported))
        rows += [_row(held.leg(), one.broker, one.account, when) for held in one.legs]
        blank = [""] * (len(_LEGS) - 1)
        rows += [(f"{one.file}, {text}", *blank, when) for text in one.not_understood]
    return rows


def _row(leg: Leg, broker: str, account: str, when: object) -> tuple[Any, ...]:
    root, expiry, right, strike = leg.contract
    entry = "" if leg.entry is None else leg.entry
    owner = f"{broker} {account}".strip()
    group = f"{owner}: {leg.group}" if leg.group else owner
    return (group, root, cells.serial(expiry), right, strike, leg.quantity, entry, when)


@formula(
    category=POSITIONS,
    help="The rows of up to three ranges that are not blank, one below the other, filled to a fixed height.",
    arguments=(
        Argument("height", Kind.SINGLE, "rows of the answer", "rows", low=1, high=10_000),
        Argument("first", Kind.RANGE, "rows; one that is blank throughout is passed over"),
        Argument("second", Kind.RANGE, "rows of as many columns, or one blank cell", optional=True),
        Argument("third", Kind.RANGE, "rows of as many columns, or one blank cell", optional=True),
    ),
    result="The rows, then blank ones. Rows that do not fit are left out: count them beside it.",
    source="arithmetic",
    example={"height": 5.0, "first": (("a", 1.0), ("", ""), ("b", 2.0)), "second": (("c", 3.0),)},
    spills=True,
)
def alvh_stack(height, first, second, third):
    rows = []
    width = 0
    for name, value in (("first", first), ("second", second), ("third", third)):
        if value is None:
            continue
        given = cells.grid(value, name)
        if len(given.cells) == 1 and cells.is_blank(given.cells[0]):
            continue
        lines = [given.cells] if len(given.shape) < 2 else given.rows()
        if width and len(lines[0]) != width:
            raise value_error(f"{name} has {len(lines[0])} columns and the ranges before it {width}; give equal ones")
        width = len(lines[0])
        rows += [cells.plain(line) for line in lines if not all(map(cells.is_blank, line))]
    size = whole(height, "height")
    return _filled(rows[:size], size, width or 1)


@formula(
    category=POSITIONS,
    help="Sums by group: each label once, how many rows it has, and the sum of each column of figures.",
    arguments=(
        Argument("group", Kind.RANGE, "a label a row; rows with a blank one are passed over"),
        Argument("figures", Kind.RANGE, "columns of numbers, a row a label; what is no number is passed over"),
        HEIGHT,
    ),
    result="Rows in order of appearance: label, rows, sums, blank where no number was. Where the groups do not fit, "
    "the last row holds the others together.",
    source="arithmetic",
    example={"group": ("condor", "hedge", "condor"), "figures": ((1.0, 10.0), (2.0, ""), (3.0, 30.0)), "height": 4.0},
    spills=True,
)
def alvh_by_group(group, figures, height):
    labels = cells.grid(group, "group").cells
    given = cells.grid(figures, "figures")
    if len(given.shape) < 2:
        lines = [[cell] for cell in given.cells] if len(labels) > 1 else [list(given.cells)]
    else:
        lines = [list(line) for line in given.rows()]
    if len(lines) != len(labels):
        raise value_error(f"group has {len(labels)} cells and figures {len(lines)} rows; give a label a row")
    groups = {}
    for label, line in zip(labels, lines, strict=True):
        if not cells.is_blank(label):
            groups.setdefault(str(label).strip(), []).append(line)
    size = max(len(groups), 1) if math.isnan(height) else whole(height, "height")
    names = list(groups)
    if len(names) > size:
        others = [line for name in names[size - 1 :] for line in groups.pop(name)]
        groups[f"{len(names) - size + 1} others"] = others
    width = len(lines[0])
    return _filled([(name, float(len(rows)), *_sums(rows)) for name, rows in groups.items()], size, width + 2)


def _sums(rows: Sequence[Sequence[Any]]) -> list[Any]:
    sums: list[Any] = []
    for column in zip(*rows, strict=True):
        numbers = [x for x in column if isinstance(x, (int, float)) and not isinstance(x, bool) and math.isfinite(x)]
        sums.append(math.fsum(numbers) if numbers else "")
    return sums


def _filled(rows: Sequence[tuple[Any, ...]], size: int, width: int) -> list[tuple[Any, ...]]:
    """Rows with blank ones up to a size."""
    return [*rows, *[("",) * width] * (size - len(rows))]
