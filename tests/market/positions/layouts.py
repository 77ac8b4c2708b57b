"""Small files in the brokers' layouts, written for the tests: a condor, VIX calls, XSP and what does not belong."""

from __future__ import annotations

TWS = """Portfolio
Financial Instrument Description,Position,Currency,Market Price,Market Value,Average Price,Unrealized P&L,Security Type
SPX    JUN2023 3900 P [SPXW  230630P03900000 100],-10,USD,20.80,-20800,19.851,-949,OPT
SPX    JUN2023 4300 C [SPX   230616C04300000 100],-2,USD,18.3,-3660,15.01,-658,OPT
VIX    JUN2023 20 C [VIX   230621C00020000 100],16,USD,2.18,3488,1.912,428,OPT
SPX Jun30'23 4400 CALL,10,USD,8.2,8200,12.1,-3900,OPT
ES     JUN2023,1,USD,4200,210000,4190,500,FUT

Cash Balances
USD,1000,USD
"""

STATEMENT = """Statement,Header,Field Name,Field Value
Statement,Data,Title,Activity Statement
Account Information,Header,Field Name,Field Value
Account Information,Data,Account,U0000001
Open Positions,Header,DataDiscriminator,Asset Category,Currency,Symbol,Quantity,Mult,Cost Price,\
Cost Basis,Close Price,Value,Unrealized P/L,Code
Open Positions,Data,Summary,Stocks,USD,SPY,100,1,410,41000,419,41900,900,
Open Positions,Data,Summary,Equity and Index Options,USD,SPXW 30JUN23 3900 P,-10,100,19.851,-19851,20.8,-20800,-949,
Open Positions,Data,Lot,Equity and Index Options,USD,SPXW 30JUN23 3900 P,-10,100,19.851,-19851,20.8,-20800,-949,
Open Positions,Data,Summary,Equity and Index Options,USD,VIX 21JUN23 20 C,16,100,1.912,3059.2,2.18,3488,428.8,
Open Positions,Data,Summary,Equity and Index Options,USD,SPX 31JUN23 20 C,1,100,1,100,1,100,0,
Open Positions,Total,,Equity and Index Options,USD,,,,,-16791.8,,-17312,-520.2,
"""

FLEX = """"ClientAccountID","AssetClass","Symbol","Strike","Expiry","Put/Call","Multiplier",\
"Quantity","MarkPrice","CostBasisPrice","LevelOfDetail"
"U0000001","OPT","SPXW  230630P03900000","3900","20230630","P","100","-10","20.8","19.851","SUMMARY"
"U0000001","OPT","XSP   230630P00400000","401","20230630","P","100","-3","3.1","3.0","SUMMARY"
"U0000001","STK","SPY","","","","1","100","419","410","SUMMARY"
"U0000002","OPT","VIX   230621C00020000","20","20230621","C","100","16","2.18","1.912","SUMMARY"
"""

SCHWAB = """"Positions for account Individual ...789 as of 04:20 PM ET, 2023/05/19","",""

"Symbol","Description","Qty (Quantity)","Price","Mkt Val (Market Value)","Cost Basis","Security Type"
"SPXW 06/30/2023 3900.00 P","PUT S & P 500 INDEX $3900 EXP 06/30/23","-10","$20.80","-$20,800.00","-$19,851.00","Option"
"VIX 06/21/2023 20.00 C","CALL CBOE VOLATILITY INDEX $20 EXP 06/21/23","16","$2.18","$3,488.00","$3,059.20","Option"
"VIX 06/21/2023 20.00","CALL CBOE VOLATILITY INDEX","16","$2.18","$3,488.00","--","Option"
"SPY","SPDR S&P 500","100","$419.00","$41,900.00","$41,000.00","ETFs & Closed End Funds"
"Cash & Cash Investments","--","--","--","$12.34","--","Cash and Money Market"
"Account Total","","--","--","$1,000.00","--","--"
"""

THINKORSWIM = """Position Statement for 123456789SCHW (me) on 5/19/23 16:20:11

Hedged condors
Instrument,Qty,Days,Trade Price,Mark,P/L Open,BP Effect
SPX,,,,,$120.00,"($45,000.00)"
S&P 500 INDEX,0,,.00,4191.98,$0.00,
100 (Weeklys) 30 JUN 23 3900 PUT,-10,42,19.85,20.80,($950.00),
100 16 JUN 23 4300 CALL,-2,28,15.00,18.36,($672.00),
100 23 JUN 23 4300 CALL,-2,35,15.00,18.36,($672.00),
/MES,+1,,4777.50,4776.25,($6.25),"($1,265.00)"
"Micro E-mini S&P 500, Jun-23",+1,28,4777.50,4776.25,($6.25),
100 18 AUG 23 150 CALL,+1,91,2.00,2.10,$10.00,

None
Instrument,Qty,Days,Trade Price,Mark,P/L Open,BP Effect
VIX,,,,,$0.00,$0.00
100 21 JUN 23 20 CALL,+16,33,1.91,2.18,$432.00,
100 (Weeklys) 7 JUN 23 19 CALL,0,19,.85,.70,$0.00,
Cash & Sweep Vehicle,"$1,000.00"
OVERALL P/L YTD,$60.75
"""

TASTYTRADE = """Account,Symbol,Type,Quantity,Exp Date,DTE,Strike Price,Call/Put,Underlying Last Price,\
P/L Open,Trade Price,Cost,Mark
5WX00001,SPXW  230630P03900000,OPTION,-10,2023-06-30,42,3900,PUT,4191.98,-949,19.85,"19,850.00",20.8
5WX00001,.VIX230621C20,OPTION,16,2023-06-21,33,20,CALL,16.81,432,,"-3,059.20",2.18
5WX00001,XSP   230630P00400000,OPTION,-3,2023-06-30,42,405,PUT,419.2,0,3,900,3.1
5WX00001,SPY,EQUITY,100,--,--,--,--,419,0,410,"-41,000.00",419
"""

ALL = {
    "tws.csv": TWS,
    "statement.csv": STATEMENT,
    "flex.csv": FLEX,
    "schwab.csv": SCHWAB,
    "tos.csv": THINKORSWIM,
    "tasty.csv": TASTYTRADE,
}
