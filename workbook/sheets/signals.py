"""Signals: what closes, breadth and the futures' slope say by day, and what the playbook makes of it.

The sessions are those on Market; the last line is the quotes' own. A pasted close takes the place of the one on
Market of its date, so that nothing of another date stands beside the quotes.
"""

from __future__ import annotations

from typing import Any

from workbook import styles
from workbook.book import Book, Sheet, column
from workbook.charts import dress
from xlalvh.hosts.block import DAYS
from xlalvh.market.events import KINDS
from xlalvh.market.histories import MATURITIES
from xlalvh.market.tables import MarketTables
from xlalvh.strategy.ladder import LAYERS
from xlalvh.strategy.layers import POLICIES, LayerWeight
from xlalvh.strategy.playbook import Advice
from xlalvh.strategy.regime import LABELS

_CURVE, _WEIGHTS, _CHARTS = 21, 36, 46  # first rows of the blocks
_TOP = 74  # first session of the table
_LAST = _TOP + DAYS - 1
_CHART_DAYS = 126  # sessions that charts and sparklines show
_CHART_TOP = _LAST - _CHART_DAYS + 1
_PASTE, _WORK = "AC", "AJ"  # first columns of what is pasted, and of workings
_COLOURS = (styles.VERMILION, styles.ORANGE, styles.QUIET, styles.SKY, styles.BLUE)

_COLUMNS = (  # letter, title, format, formula, name
    ("A", "session", "date", '=IF(ISNUMBER(hist_day),hist_day,"")', "signal_days"),
    ("B", "SPX (points)", "points", "{pasted:spx}", "signal_spx"),
    ("C", "VIX (points)", "points", "{pasted:vix}", "signal_vix"),
    ("D", "VIX future, 30 days (points)", "points", '=IF(ISNUMBER(hist_vx30),hist_vx30,"")', ""),
    ("E", "VIX future, 60 days (points)", "points", '=IF(ISNUMBER(hist_vx60),hist_vx60,"")', ""),
    ("F", "RSI of SPX", "points", '=IFERROR(ALVH_RSI(signal_spx,rule_rsi_period,TRUE),"")', "signal_rsi_spx_days"),
    ("G", "RSI of VIX", "points", '=IFERROR(ALVH_RSI(signal_vix,rule_rsi_period,TRUE),"")', "signal_rsi_vix_days"),
    ("H:J", ("MACD of SPX", "its signal", "histogram"), "points", "{macd:spx}", "signal_macd_spx_days"),
    ("K:M", ("MACD of VIX", "its signal", "histogram"), "points", "{macd:vix}", "signal_macd_vix_days"),
    ("N", "slope, 60 over 30 days", "percent2", "{slope}", "signal_slopes"),
    ("O", "regime", "text", "{label}", "signal_regimes"),
    ("P", "advances (stocks)", "integer", "{breadth:advances}", "signal_advances"),
    ("Q", "declines (stocks)", "integer", "{breadth:declines}", "signal_declines"),
    ("R", "A/D line (stocks)", "integer",
     '=IFERROR(ALVH_AD_LINE(signal_advances,signal_declines,TRUE),"")', "signal_ad_days"),
)  # fmt: skip
_MACD = "ALVH_MACD(signal_{0},rule_macd_fast,rule_macd_slow,rule_macd_signal,{1},FALSE)"
_REGIMES = "ALVH_REGIME_SERIES(signal_vix,signal_vx,signal_vx_days,rule_regime_cuts,rule_regime_hysteresis,FALSE)"
_TODAY = "INT(market_spx_time)"
_LEVELS = {"spx": "B", "vix": "C"}


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define `signal_…` and `playbook_…`."""
    sheet = book.sheet("Signals", "#009E73")
    sheet.widths(A=36, B_E=13, F_L=11, M=12, N_R=12, S_AB=3, AC_AH=14, AI=3, AJ_BA=11)
    sheet.heading(
        "Signals",
        "What closes, breadth and the slope of the VIX futures say, and what the seeds would do. The last session is "
        "that of the quotes.",
    )
    sheet.worksheet.set_row(3, 30)
    sheet.worksheet.merge_range("A4:M4", "", sheet.book.style("notice", "general"))
    sheet.formula("A4", "=signal_reason", "general", "notice")
    _momentum(sheet)
    _curve(sheet)
    _playbook(sheet)
    _weights(sheet)
    _days(sheet)
    _pasted(sheet)
    _charts(book, sheet)
    sheet.worksheet.freeze_panes(3, 0)
    sheet.page(f"M{_TOP - 4}")


def _when(ok: str, text: str) -> str:
    """A formula's text where its history is there, else an empty text, which formulas take for not given."""
    return f'=IF({ok}=1,{text},"")'


def _momentum(sheet: Sheet) -> None:
    top = 7
    sheet.put("A5", "Momentum and breadth", role="section")
    for letter in "BCDEFGHIJKLM":
        sheet.put(f"{letter}5", None, role="section")
    header = ["", "SPX", "VIX", f"SPX, {_CHART_DAYS} sessions", f"VIX, {_CHART_DAYS} sessions", "what it says"]
    sheet.row("A6", header, role="header")
    rows: list[tuple[str, str, str]] = [  # label, format, key
        ("level (points)", "points", "level"),
        ("RSI (0 to 100)", "points", "rsi"),
        ("MACD (points)", "points", "macd"),
        ("MACD's signal line (points)", "points", "macd_signal"),
        ("MACD's histogram (points)", "points", "macd_histogram"),
        ("divergence from RSI", "text", "divergence"),
        ("divergence from MACD", "text", "divergence_macd"),
        ("percentile in the sessions below", "percent", "percentile"),
    ]
    for i, (label, fmt, key) in enumerate(rows):
        sheet.put(f"A{top + i}", label, role="label")
        for name, letter in _LEVELS.items():
            text = _momentum_of(key, name)
            write = sheet.array if "INDEX(ALVH" in text else sheet.formula
            ok = f"ISNUMBER({text})*1" if key == "level" else f"signal_{name}_ok"
            write(f"{letter}{top + i}", _when(ok, text), fmt, "figure", name=f"signal_{key}_{name}")
    for letter, source, line in (
        *(("D", "B", top), ("E", "C", top), ("D", "F", top + 1), ("E", "G", top + 1)),
        *(("D", "H", top + 2), ("E", "K", top + 2), ("D", "J", top + 4), ("E", "M", top + 4)),
    ):
        sheet.worksheet.add_sparkline(
            f"{letter}{line}",
            {
                "range": f"Signals!{source}{_CHART_TOP}:{source}{_LAST}",
                "type": "column",
                "series_color": styles.BLUE,
                "negative_points": True,
                "negative_color": styles.VERMILION,
            },
        )
    _readings(sheet, top)
    line = top + len(rows)
    both = "signal_spx_ok*signal_vix_ok"
    more = (
        (
            "correlation, SPX returns and VIX points",
            _when(both, 'ALVH_CORRELATION(signal_spx,signal_vix,"returns","points")'),
            "ratio",
            "signal_correlation",
        ),
        ("beta of VIX to SPX, returns", _when(both, "ALVH_BETA(signal_vix,signal_spx)"), "ratio", "signal_beta"),
        ("A/D line (stocks)", f'=IF(ISNUMBER(R{_LAST}),R{_LAST},"no data")', "integer", "signal_ad_line"),
        (
            "its change in the last session (stocks)",
            f'=IF(ISNUMBER(R{_LAST}),P{_LAST}-Q{_LAST},"")',
            "signed",
            "signal_ad_change",
        ),
        (
            "divergence of SPX from the A/D line",
            "=IF(signal_spx_ok*ISNUMBER(signal_ad_line)=1,IF(COUNT(signal_ad_days)<rule_divergence_window,"
            '"no data",ALVH_DIVERGENCE(signal_spx,signal_ad_days,rule_divergence_window)),"no data")',
            "text",
            "signal_divergence_ad",
        ),
    )
    sheet.lines(f"A{line}", more, "figure")
    sheet.formula(
        f"F{line}",
        '=IF(signal_spx_ok*signal_vix_ok=1,"over "&MIN(COUNT(signal_spx),COUNT(signal_vix))&" sessions",'
        '"no history: see above")',
        "text",
    )
    sheet.formula(
        f"F{line + 2}",
        '=IF(ISNUMBER(signal_ad_line),"days without both numbers add nothing",'
        '"no free source has advances and declines: paste them in columns AC to AG")',
        "text",
    )
    sheet.worksheet.add_sparkline(f"D{line + 2}", {"range": f"Signals!R{_CHART_TOP}:R{_LAST}", "type": "column"})


def _momentum_of(key: str, name: str) -> str:
    if key == "level":
        return f"{_LEVELS[name]}{_LAST}"
    if key == "rsi":
        return f"ALVH_RSI(signal_{name},rule_rsi_period)"
    if key.startswith("macd"):
        place = ("macd", "macd_signal", "macd_histogram").index(key) + 1
        return f"INDEX({_MACD.format(name, 'FALSE')},1,{place})"
    if key == "divergence":
        return f'ALVH_DIVERGENCE(signal_{name},signal_rsi_{name}_days,rule_divergence_window)&""'
    if key == "divergence_macd":
        return f'ALVH_DIVERGENCE(signal_{name},signal_macd_line_{name},rule_divergence_window)&""'
    return f"ALVH_PERCENTILE({_LEVELS[name]}{_LAST},signal_{name})"


def _readings(sheet: Sheet, top: int) -> None:
    """Words beside the numbers; where there is no number, why."""
    reading = (
        '=IF(AND(ISNUMBER(B{0}),ISNUMBER(C{0})),{1},IF(signal_reason="",ALVH_EXPLAIN({2}{0}),"no history: see above"))'
    )
    texts = (
        '="quotes of "&TEXT(market_spx_time,"yyyy-mm-dd hh:mm")&" New York; the sessions before are closes"',
        reading.format(
            top + 1,
            f'"SPX "&IF(B{top + 1}>=70,"overbought",IF(B{top + 1}<=30,"oversold","between 30 and 70"))&"; VIX "&'
            f'IF(C{top + 1}>rule_rsi_monetise,"above "&rule_rsi_monetise&": high for the playbook",'
            '"not above "&rule_rsi_monetise&", from which the playbook monetises")',
            "C",
        ),
        reading.format(
            top + 2,
            f'"above 0 the fast average is the higher one: SPX "&IF(B{top + 2}>0,"rising","falling")&", VIX "&'
            f'IF(C{top + 2}>0,"rising","falling")',
            "C",
        ),
        '=""',
        reading.format(
            top + 4,
            f'"SPX "&IF(B{top + 4}>0,"above","below")&" its signal, VIX "&IF(C{top + 4}>0,"above","below")'
            '&" its signal"',
            "C",
        ),
        '=IF(ISTEXT(signal_divergence_spx),IF(signal_divergence_spx="","",'
        '"a new extreme of "&rule_divergence_window&" sessions that RSI does not confirm; on VIX bearish means calmer"'
        "),"
        "ALVH_EXPLAIN(signal_divergence_spx))",
        '=IF(ISTEXT(signal_divergence_macd_spx),"",ALVH_EXPLAIN(signal_divergence_macd_spx))',
        '=IF(ISNUMBER(signal_percentile_vix),"share of the sessions below this level","")',
    )
    for i, text in enumerate(texts):
        sheet.formula(f"F{top + i}", text, "text")


def _curve(sheet: Sheet) -> None:
    top = _CURVE
    sheet.put(f"A{top}", "Curve, regime and dates", role="section")
    for letter in "BCDE":
        sheet.put(f"{letter}{top}", None, role="section")
    rows: list[tuple[str, str, str, str]] = [
        (
            "slope, 60 over 30 days",
            f'=IF(ISNUMBER(N{_LAST}),N{_LAST},"")',
            "percent2",
            "signal_slope",
        ),
        (
            "change from the session before",
            _when("signal_slope_ok", f"N{_LAST}-N{_LAST - 1}"),
            "percent2",
            "signal_slope_change",
        ),
        ("regime, with hysteresis", "{=" + _when("signal_slope_ok", f'INDEX({_REGIMES},{DAYS},2)&""')[1:] + "}", "text",
         "signal_regime"),
        (
            "sessions in it so far",
            f"{{=IF(signal_slope_ok=1,{_LAST}-MAX(IF(signal_regimes<>O{_LAST},ROW(signal_regimes),{_TOP - 1})),"
            '"")}',
            "integer",
            "signal_regime_sessions",
        ),
        (
            "nearest expiry of the book (days)",
            '{=IF(COUNT(' + _years() + ")>0,MIN(" + _years() + ')*365,"")}',
            "days",
            "signal_expiry_days",
        ),
    ]  # fmt: skip
    sheet.lines(f"A{top + 1}", rows, "figure")
    sheet.formula(
        f"C{top + 1}",
        '=IF(signal_slope_ok=1,"",IF(ISNUMBER(signal_slope),"no slope before","no slope: see above"))',
        "text",
    )
    line = top + 1 + len(rows)
    for i, kind in enumerate(KINDS):
        sheet.put(f"A{line + i}", f"next {kind}", role="label")
        text = f'=IFERROR(ALVH_NEXT_EVENT("{kind}",{_TODAY}),"none known")'
        sheet.formula(f"B{line + i}", text, "date", "figure", name=f"signal_next_{kind.lower()}")
        known = f'IF(ISNUMBER(B{line + i}),B{line + i}-{_TODAY},"")'
        sheet.formula(f"C{line + i}", f"={known}", "integer", "figure")
        sheet.formula(
            f"D{line + i}",
            f'=IF(ISNUMBER(B{line + i}),"days","add days to events.csv in the data directory")',
            "text",
        )
    last = line + len(KINDS) - 1
    days = f"C{line}:C{last}"
    more = (
        ("days to the next of them", f'=IF(COUNT({days})>0,MIN({days}),"")', "integer", "signal_event_days"),
        (
            "which",
            f"=IF(ISNUMBER(signal_event_days),INDEX({{{','.join(f'{chr(34)}{kind}{chr(34)}' for kind in KINDS)}}},"
            f'MATCH(signal_event_days,{days},0)),"none known")',
            "text",
            "signal_event_name",
        ),
    )
    sheet.lines(f"A{last + 1}", more, "figure")


def _years() -> str:
    """Years to expiry of the legs that the book holds."""
    return "IF(ISNUMBER(book_quantity),IF(ISNUMBER(book_years),IF((book_quantity<>0)*(book_years>0),book_years)))"


def _playbook(sheet: Sheet) -> None:
    top, work = _CURVE, f"{_WORK}6"
    sheet.put(f"G{top}", "Playbook: what the seeds would do", role="section")
    for letter in "HIJKLM":
        sheet.put(f"{letter}{top}", None, role="section")
    sheet.put(f"{_WORK}5", "ALVH_PLAYBOOK", role="label")
    end = _after(_WORK, len(Advice._fields) - 1)
    text = (
        "=ALVH_PLAYBOOK(playbook_regime,signal_rsi_vix,signal_slope_change,rule_playbook,signal_expiry_days,"
        "signal_event_days,signal_divergence_spx,FALSE)"
    )
    sheet.array(f"{work}:{end}6", text, "general", "cell", name="playbook_row")
    rows = (
        ("regime", "text", "regime", '=IF(AND(signal_slope_ok=1,COUNT(fut_yours)=0,SUM(vix_level_yours)=0),'
         "signal_regime,IF(ISTEXT(regime),regime,NA()))"),
        ("action", "text", "action", ""),
        ("short deltas, from", "ratio", "delta_low", ""),
        ("short deltas, to", "ratio", "delta_high", ""),
        ("hedge over notional, from", "percent", "weight", ""),
        ("hedge over notional, to", "percent", "weight_high", ""),
        ("share of the hedge to monetise", "percent", "monetise_share", ""),
    )  # fmt: skip
    source = {"action": 0, "delta_low": 1, "delta_high": 2, "weight": 3, "weight_high": 4, "monetise_share": 5}
    for i, (label, fmt, name, formula) in enumerate(rows):
        line = top + 1 + i
        sheet.put(f"G{line}", label, role="label")
        if formula:
            sheet.formula(f"{_WORK}8", formula, "text", name="playbook_regime")
            shown = 'IFERROR(playbook_regime,"not known")'
        else:
            missing = '"none"' if name == "action" else '""'
            joined = '&""' if name == "action" else ""
            shown = f"IFERROR({_after(_WORK, source[name])}6{joined},{missing})"
        sheet.formula(f"J{line}", f"={shown}", fmt, "figure", name="" if formula else f"playbook_{name}")
    line = top + 1 + len(rows)
    for label, height, name, formula in (
        ("rule that fired", 1, "rule", f'=IFERROR({_after(_WORK, 6)}6,"none: "&playbook_reason)'),
        ("inputs", 3, "inputs", f'=IFERROR({_after(_WORK, 7)}6,"")'),
        ("why there is no advice", 2, "reason", f'=IF(ISNUMBER({_after(_WORK, 1)}6),"",'
         f'IF(ISERROR(playbook_regime),"the regime is not known: "&ALVH_EXPLAIN(regime),'
         f"ALVH_EXPLAIN({work})))"),
    ):  # fmt: skip
        sheet.put(f"G{line}", label, role="label")
        area = f"I{line}:M{line + height - 1}"
        sheet.worksheet.merge_range(area, "", sheet.book.style("prose", "general"))
        sheet.formula(f"I{line}", formula, "general", "prose", name=f"playbook_{name}")
        line += height
    sheet.put(
        f"G{line}",
        "Precedence: expiry or event, monetise, tighten, expand, hold. What is not given fires nothing.",
        role="subtitle",
    )


def _weights(sheet: Sheet) -> None:
    top = _WEIGHTS
    sheet.put(f"A{top}", "Contracts a layer and unit, by policy", role="section")
    for letter in "BCDEFGHIJKLM":
        sheet.put(f"{letter}{top}", None, role="section")
    header = ["layer", "4/4/2", *(f"{policy} (contracts a unit)" for policy in POLICIES)]
    sheet.row(f"A{top + 1}", header, role="header")
    sheet.worksheet.set_row(top, 30)
    sheet.put(f"{_WORK}10", "RSI and MACD histogram of VIX, change of the A/D line", role="label")
    for i, name in enumerate(("signal_rsi_vix", "signal_macd_histogram_vix", "signal_ad_change")):
        sheet.formula(f"{_after(_WORK, i)}11", f"={name}", "points", "cell")
    sheet.book.name("signal_layer_inputs", sheet.name, f"{_WORK}11:{_after(_WORK, 2)}11")
    for j, policy in enumerate(POLICIES):
        line = 13 + 4 * j
        end = _after(_WORK, len(LayerWeight._fields) - 1)
        sheet.put(f"{_WORK}{line}", policy, role="label")
        text = f'=ALVH_LAYER_WEIGHTS(playbook_regime,"{policy}",signal_layer_inputs,rule_layer_weights,FALSE)'
        sheet.array(f"{_WORK}{line + 1}:{end}{line + 3}", text, "points", "cell", name=f"signal_weights_{policy}")
    for i, layer in enumerate(LAYERS):
        line = top + 2 + i
        sheet.put(f"A{line}", layer, role="label")
        sheet.formula(f"B{line}", f'=IFERROR({_after(_WORK, 2)}{14 + i},"")', "points", "figure")
        for j, policy in enumerate(POLICIES):
            sheet.formula(
                f"{'CD'[j]}{line}", f'=IFERROR({_after(_WORK, 1)}{14 + 4 * j + i},"")', "points", "figure",
                name=f"playbook_{policy}_{layer}",
            )  # fmt: skip
    sheet.put(
        f"F{top + 2}",
        "A steward's contracts are the same in every regime; a promoter's rise in backwardation.",
        role="subtitle",
    )
    sheet.put(
        f"F{top + 3}",
        "Multiply by the units, then round. The weights on Rules are 0 until you set them.",
        role="subtitle",
    )
    line = top + 6
    sheet.row(f"A{line}", ["sessions by regime, of those below", *LABELS], role="header")
    sheet.worksheet.set_row(line - 1, 30)
    sheet.put(f"A{line + 1}", "sessions", role="label")
    for i, label in enumerate(LABELS):
        sheet.formula(
            f"{'BCDEF'[i]}{line + 1}",
            f'=IF(COUNT(signal_slopes)>0,COUNTIF(signal_regimes,"{label}"),"")',
            "integer",
            "figure",
        )
    sheet.book.name("signal_regime_counts", sheet.name, f"B{line + 1}:F{line + 1}")


def _days(sheet: Sheet) -> None:
    sheet.put(f"A{_TOP - 3}", "By session (not printed)", role="section")
    titles = []
    for _, title, *_rest in _COLUMNS:
        titles += [title] if isinstance(title, str) else list(title)
    sheet.row(f"A{_TOP - 1}", titles, role="header")
    sheet.worksheet.set_row(_TOP - 2, 45)
    for letters, _, fmt, text, name in _COLUMNS:
        first, last = (letters.split(":") * 2)[:2]
        sheet.array(f"{first}{_TOP}:{last}{_LAST}", _by_day(text), fmt, "value", name=name)
    for name, letter in (("spx", "H"), ("vix", "K")):
        sheet.book.name(f"signal_macd_line_{name}", sheet.name, f"{letter}{_TOP}:{letter}{_LAST}")
    sheet.book.name("signal_vx", sheet.name, f"D{_TOP}:E{_LAST}")
    work = _after(_WORK, 0)
    sheet.put(f"{work}{_TOP - 3}", "workings of the charts", role="label")
    header = [
        *(f"days {days:g}" for days in MATURITIES.values()), "VIX", "RSI of VIX", *LABELS, "slope", "regime"
    ]  # fmt: skip
    sheet.row(f"{work}{_TOP - 1}", header, role="header")
    ahead = [list(MATURITIES.values())] * DAYS
    sheet.area("signal_vx_days", f"{work}{_TOP}", ahead, ("integer", "integer"))
    series = f"{_after(_WORK, 9)}{_TOP}:{_after(_WORK, 10)}{_LAST}"
    sheet.array(series, f'=IFERROR({_REGIMES},"")', ("percent2", "text"), "label")
    vix, rsi = _after(_WORK, 2), _after(_WORK, 3)
    # A line breaks at an error; it would draw an empty text as 0.
    for letter, source in ((vix, "C"), (rsi, "G")):
        area = f"{source}{_CHART_TOP}:{source}{_LAST}"
        sheet.array(f"{letter}{_CHART_TOP}:{letter}{_LAST}", f"=IF(ISNUMBER({area}),{area},NA())", "points", "label")
    slopes, labels = (f"{letter}{_CHART_TOP}:{letter}{_LAST}" for letter in "NO")
    for i, label in enumerate(LABELS):
        letter = _after(_WORK, 4 + i)
        text = f'=IF({labels}="{label}",{slopes},0)'
        sheet.array(f"{letter}{_CHART_TOP}:{letter}{_LAST}", text, "percent2", "label")
    ok = (
        ("signal_spx_ok", f"=IF(ISNUMBER(B{_LAST})*ISNUMBER(B{_LAST - 1}),1,0)"),
        ("signal_vix_ok", f"=IF(ISNUMBER(C{_LAST})*ISNUMBER(C{_LAST - 1}),1,0)"),
        ("signal_slope_ok", f"=IF(ISNUMBER(N{_LAST})*ISNUMBER(N{_LAST - 1}),1,0)"),
    )
    for i, (name, text) in enumerate(ok):
        sheet.put(f"{work}{22 + i}", name, role="label")
        sheet.formula(f"{_after(_WORK, 2)}{22 + i}", text, "integer", name=name)
    repeated = "SUMPRODUCT((COUNTIF(signal_paste_day,signal_days)>1)*1)"
    sheet.put(f"{work}26", "what is missing", role="label")
    sheet.formula(
        f"{_after(_WORK, 2)}26",
        f'=IF({repeated}>0,{repeated}&" pasted dates stand there twice and are not used. ","")'
        '&IF(signal_spx_ok*signal_vix_ok*signal_slope_ok=1,"",market_history)',
        "text",
        name="signal_reason",
    )


def _by_day(text: str) -> str:
    kind, _, what = text.strip("{}").partition(":")
    if not text.startswith("{"):
        return text
    if kind == "macd":
        return f'=IFERROR({_MACD.format(what, "TRUE")},"")'
    if kind == "slope":
        area = f"{_after(_WORK, 9)}{_TOP}:{_after(_WORK, 9)}{_LAST}"
        return f'=IF(ISNUMBER({area}),{area},"")'
    if kind == "label":  # Calc compares texts of an add-in's array with none: joined to nothing they are its own
        return f'={_after(_WORK, 10)}{_TOP}:{_after(_WORK, 10)}{_LAST}&""'
    found = f"SUMIF(signal_paste_day,hist_day,signal_paste_{what})"
    once = "COUNTIF(signal_paste_day,hist_day)=1"
    if kind == "breadth":
        return f'=IF({once},IF({found}>0,{found},""),"")'
    kept = f'IF(ISNUMBER(hist_{what}),hist_{what},"")'
    return f"=IF({once},IF({found}>0,{found},{kept}),{kept})"


def _pasted(sheet: Sheet) -> None:
    """What the trader pastes, by date."""
    names = ("day", "spx", "vix", "advances", "declines")
    titles = ["date", "SPX close (points)", "VIX close (points)", "advances (stocks)", "declines (stocks)"]
    sheet.put(f"{_PASTE}{_TOP - 3}", "Yours: paste closes and breadth here, in any order of dates", role="section")
    sheet.put(
        f"{_PASTE}{_TOP - 2}",
        "A number takes the place of that on Market of its date; dates that are not sessions above are not used.",
        role="subtitle",
    )
    sheet.row(f"{_PASTE}{_TOP - 1}", titles, role="header")
    for j, (name, fmt) in enumerate(zip(names, ("date", "points", "points", "integer", "integer"), strict=True)):
        letter = _after(_PASTE, j)
        for line in range(_TOP, _LAST + 1):
            sheet.open_cell(f"{letter}{line}", None, fmt)
        sheet.book.name(f"signal_paste_{name}", sheet.name, f"{letter}{_TOP}:{letter}{_LAST}")


def _charts(book: Book, sheet: Sheet) -> None:
    place = {"x_scale": 1.24, "y_scale": 1.5}
    momentum = book.file.add_chart({"type": "line"})
    days = f"=Signals!$A${_CHART_TOP}:$A${_LAST}"
    for letter, name, colour, second in ((2, "VIX", styles.BLUE, False), (3, "RSI of VIX", styles.ORANGE, True)):
        at = _after(_WORK, letter)
        momentum.add_series(
            {
                "name": name,
                "categories": days,
                "values": f"=Signals!${at}${_CHART_TOP}:${at}${_LAST}",
                "line": {"color": colour, "width": 2},
                "y2_axis": second,
            }
        )
    dress(momentum, "VIX and its RSI", "session", "VIX points", "0")
    momentum.set_x_axis(_date_axis())
    momentum.set_y2_axis(
        {"name": "RSI", "min": 0, "max": 100, "num_format": "0", "major_gridlines": {"visible": False}}
    )
    sheet.worksheet.insert_chart(f"A{_CHARTS}", momentum, place)
    slope: Any = book.file.add_chart({"type": "column", "subtype": "stacked"})
    for i, (label, colour) in enumerate(zip(LABELS, _COLOURS, strict=True)):
        at = _after(_WORK, 4 + i)
        slope.add_series(
            {
                "name": label,
                "categories": days,
                "values": f"=Signals!${at}${_CHART_TOP}:${at}${_LAST}",
                "fill": {"color": colour},
                "border": {"none": True},
                "gap": 10,
            }
        )
    dress(slope, "Slope of the VIX futures by regime", "session", "CM60 over CM30, less 1", "0%")
    slope.set_x_axis(_date_axis())
    sheet.worksheet.insert_chart(f"F{_CHARTS}", slope, {**place, "x_offset": 40})


def _date_axis() -> dict[str, Any]:
    return {
        "name": "session",
        "num_format": "d mmm yy",
        "label_position": "low",
        "interval_unit": 21,
        "interval_tick": 21,
        "text_axis": True,
    }


def _after(letters: str, places: int) -> str:
    """The column so many places to the right."""
    index = 0
    for letter in letters:
        index = 26 * index + ord(letter) - 64
    return column(index - 1 + places)
