"""One library, timed in a process of its own: questions and answers are lines of JSON.

Run by path in the library's environment, where this project need not be installed:
``python worker.py PEER SAMPLE.npz [LIBRARY.so]``. A question is ``[task, count, seconds]``; the answer is the time of
one call in seconds (the least of several), or the reason why there is none.
"""

from __future__ import annotations

import ctypes
import json
import math
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

Call = Callable[[], Any]
FIELDS = ("right", "price", "forward", "strike", "years", "vol", "rate")
TOLERANCE = 1e-6  # of the answers against this project's: a peer that computes something else is not timed


class Peer:
    """A call a task: price; greeks (price, delta, gamma, vega, theta, rho, or more); iv."""

    most = 1_000_000  # options in a call, or it would take too long
    most_iv = most

    def price(self, w: Any, f: Any, k: Any, t: Any, v: Any, r: Any) -> Any:
        raise NotImplementedError

    def greeks(self, w: Any, f: Any, k: Any, t: Any, v: Any, r: Any) -> Any:
        raise NotImplementedError

    def iv(self, w: Any, p: Any, f: Any, k: Any, t: Any, r: Any) -> Any:
        raise NotImplementedError

    def right(self, w: np.ndarray) -> Any:
        """Calls and puts as the library takes them; not timed."""
        return w

    def one(self, value: Any) -> Any:
        """An argument of a single option."""
        return value[0].item() if isinstance(value, np.ndarray) else value[0]


class Ours(Peer):
    def __init__(self) -> None:
        from xlalvh.numerics import black76, implied_vol

        self.price, self.greeks, self.iv = black76.price, black76.main_greeks, implied_vol.implied_vol


class Compiled(Peer):
    def __init__(self, path: str) -> None:
        from xlalvh.numerics import implied_vol, normal

        self.library = ctypes.CDLL(path)
        self.kept = [
            np.array(normal._UPPER), np.array(normal._LOWER), np.concatenate(implied_vol._table()),
            implied_vol._FACTOR.ravel(),
        ]  # fmt: skip
        self.library.constants(*map(self.pointer, self.kept), implied_vol._CELLS, ctypes.c_double(implied_vol._TOP))

    def one(self, value: Any) -> Any:
        return value

    @staticmethod
    def pointer(array: np.ndarray) -> ctypes.c_void_p:
        return ctypes.c_void_p(array.ctypes.data)

    def run(self, name: str, outputs: int, given: tuple[np.ndarray, ...]) -> np.ndarray:
        out = np.empty((outputs, len(given[0])))
        getattr(self.library, name)(len(given[0]), *map(self.pointer, given), *map(self.pointer, out))
        return out

    def price(self, *given: Any) -> Any:
        return self.run("price", 1, given)[0]

    def greeks(self, *given: Any) -> Any:
        return self.run("greeks", 6, given)

    def iv(self, *given: Any) -> Any:
        return self.run("implied_vol", 1, given)[0]


class Numba(Peer):
    """Serial loops over the textbook's formulas with math.erfc; implied volatility by Newton on the price's log."""

    def __init__(self) -> None:
        import numba

        @numba.njit
        def terms(w: float, f: float, k: float, t: float, v: float) -> tuple[float, float, float, float]:
            s = v * math.sqrt(t)
            d1 = math.log(f / k) / s + 0.5 * s
            return (
                s,
                d1,
                0.5 * math.erfc(-w * d1 * 0.7071067811865476),
                0.5 * math.erfc(-w * (d1 - s) * 0.7071067811865476),
            )

        @numba.njit
        def price_one(w: float, f: float, k: float, t: float, v: float, r: float) -> float:
            _, _, p, q = terms(w, f, k, t, v)
            return math.exp(-r * t) * w * (f * p - k * q)

        @numba.njit
        def greeks_one(w: float, f: float, k: float, t: float, v: float, r: float) -> tuple[float, ...]:
            s, d1, p, q = terms(w, f, k, t, v)
            df, root = math.exp(-r * t), math.sqrt(t)
            value, density = df * w * (f * p - k * q), df * 0.3989422804014327 * math.exp(-0.5 * d1 * d1)
            return (
                value, df * w * p, density / (f * s), 0.01 * f * density * root,
                (r * value - 0.5 * f * density * v / root) / 365.0, -0.01 * t * value,
            )  # fmt: skip

        @numba.njit(error_model="numpy")
        def iv_one(w: float, p: float, f: float, k: float, t: float, r: float) -> float:
            value, away = p * math.exp(r * t) - max(w * (f - k), 0.0), -1.0 if f > k else 1.0  # out of the money
            low, high, s = 0.0, 100.0, max(math.sqrt(2.0 * abs(math.log(f / k))), 0.1)
            for _ in range(100):
                d1 = math.log(f / k) / s + 0.5 * s
                now = away * (
                    f * 0.5 * math.erfc(-away * d1 * 0.7071067811865476)
                    - k * 0.5 * math.erfc(-away * (d1 - s) * 0.7071067811865476)
                )
                if now > value:
                    high = s
                else:
                    low = s
                step = now * math.log(now / value) / (f * 0.3989422804014327 * math.exp(-0.5 * d1 * d1))
                following = s - step
                if not low < following < high:
                    following = 0.5 * (low + high)
                if abs(following - s) <= 1e-15 * s:
                    return following / math.sqrt(t)
                s = following
            return s / math.sqrt(t)

        @numba.njit
        def price_all(w, f, k, t, v, r):
            out = np.empty(len(w))
            for i in range(len(w)):
                out[i] = price_one(w[i], f[i], k[i], t[i], v[i], r[i])
            return out

        @numba.njit
        def greeks_all(w, f, k, t, v, r):
            out = np.empty((6, len(w)))
            for i in range(len(w)):
                out[0, i], out[1, i], out[2, i], out[3, i], out[4, i], out[5, i] = greeks_one(
                    w[i], f[i], k[i], t[i], v[i], r[i]
                )
            return out

        @numba.njit
        def iv_all(w, p, f, k, t, r):
            out = np.empty(len(w))
            for i in range(len(w)):
                out[i] = iv_one(w[i], p[i], f[i], k[i], t[i], r[i])
            return out

        self.singly = {"price": price_one, "greeks": greeks_one, "iv": iv_one}
        self.all = {"price": price_all, "greeks": greeks_all, "iv": iv_all}

    def price(self, *given: Any) -> Any:
        return (self.singly if isinstance(given[0], float) else self.all)["price"](*given)

    def greeks(self, *given: Any) -> Any:
        return (self.singly if isinstance(given[0], float) else self.all)["greeks"](*given)

    def iv(self, *given: Any) -> Any:
        return (self.singly if isinstance(given[0], float) else self.all)["iv"](*given)


class SciPy(Peer):
    """As one would write it down: norm.cdf and norm.pdf; implied volatility by brentq, an option at a time."""

    most_iv = 100

    def __init__(self) -> None:
        from scipy.optimize import brentq
        from scipy.stats import norm

        self.norm, self.brentq = norm, brentq

    def price(self, w: Any, f: Any, k: Any, t: Any, v: Any, r: Any) -> Any:
        s = v * np.sqrt(t)
        d1 = np.log(f / k) / s + 0.5 * s
        return np.exp(-r * t) * w * (f * self.norm.cdf(w * d1) - k * self.norm.cdf(w * (d1 - s)))

    def greeks(self, w: Any, f: Any, k: Any, t: Any, v: Any, r: Any) -> Any:
        s, df = v * np.sqrt(t), np.exp(-r * t)
        d1 = np.log(f / k) / s + 0.5 * s
        value = df * w * (f * self.norm.cdf(w * d1) - k * self.norm.cdf(w * (d1 - s)))
        density = df * self.norm.pdf(d1)
        theta = (r * value - 0.5 * f * density * v / np.sqrt(t)) / 365.0
        vega = 0.01 * f * density * np.sqrt(t)
        return value, df * w * self.norm.cdf(w * d1), density / (f * s), vega, theta, -0.01 * t * value

    def iv(self, w: Any, p: Any, f: Any, k: Any, t: Any, r: Any) -> Any:
        def one(w: float, p: float, f: float, k: float, t: float, r: float) -> float:
            return self.brentq(lambda v: self.price(w, f, k, t, v, r) - p, 1e-3, 10.0, xtol=1e-12)

        return one(w, p, f, k, t, r) if isinstance(w, float) else [one(*x) for x in zip(w, p, f, k, t, r, strict=True)]


class QuantLib(Peer):
    most = 10_000

    def __init__(self) -> None:
        import QuantLib as ql

        self.ql = ql

    def right(self, w: np.ndarray) -> Any:
        return [self.ql.Option.Call if x > 0 else self.ql.Option.Put for x in w]

    def each(self, one: Callable[..., Any], given: tuple[Any, ...]) -> Any:
        if not isinstance(given[1], np.ndarray):
            return one(*given)
        return [one(*x) for x in zip(given[0], *(x.tolist() for x in given[1:]), strict=True)]

    def price(self, *given: Any) -> Any:
        formula, exp, sqrt = self.ql.blackFormula, math.exp, math.sqrt
        return self.each(lambda w, f, k, t, v, r: formula(w, k, f, v * sqrt(t), exp(-r * t)), given)

    def greeks(self, *given: Any) -> Any:
        calculator, payoff, exp, sqrt = self.ql.BlackCalculator, self.ql.PlainVanillaPayoff, math.exp, math.sqrt

        def one(w: Any, f: float, k: float, t: float, v: float, r: float) -> tuple[float, ...]:
            s = v * sqrt(t)
            found = calculator(payoff(w, k), f, s, exp(-r * t))
            value = found.value()
            gamma, vega = found.gammaForward(), found.vega(t)
            theta = (r * value - 0.5 * gamma * (f * v) ** 2) / 365.0
            return value, found.deltaForward(), gamma, 0.01 * vega, theta, -0.01 * t * value

        found = self.each(one, given)
        return found if isinstance(found, tuple) else list(zip(*found, strict=True))

    def iv(self, *given: Any) -> Any:
        solve, exp, sqrt = self.ql.blackFormulaImpliedStdDev, math.exp, math.sqrt

        def one(w: Any, p: float, f: float, k: float, t: float, r: float) -> float:
            return solve(w, k, f, p, exp(-r * t), 0.0, 0.2 * sqrt(t), 1e-12) / sqrt(t)

        return self.each(one, given)


class Vectorized(Peer):
    """py_vollib_vectorized, or fast-vollib, which took over its interface. Their Greeks hold other things fixed, so
    that only the price is compared; the former's price is not discounted."""

    def __init__(self, module: str) -> None:
        library = __import__(module)
        self.discounts = module == "fast_vollib"
        self.black = getattr(library, "vectorized_black", None) or library.fast_black
        self.solve = (
            getattr(library, "vectorized_implied_volatility_black", None) or library.fast_implied_volatility_black
        )
        self.all_greeks = library.get_all_greeks

    def right(self, w: np.ndarray) -> Any:
        return np.where(w > 0, "c", "p")

    def one(self, value: Any) -> Any:
        return value.item()

    def price(self, w: Any, f: Any, k: Any, t: Any, v: Any, r: Any) -> Any:
        value = self.black(w, f, k, t, r, v, return_as="numpy")
        return value if self.discounts else value * np.exp(-r * t)

    def greeks(self, w: Any, f: Any, k: Any, t: Any, v: Any, r: Any) -> Any:
        self.all_greeks(w, f, k, t, r, v, model="black", return_as="dict")
        return (self.price(w, f, k, t, v, r),)

    def iv(self, w: Any, p: Any, f: Any, k: Any, t: Any, r: Any) -> Any:
        return self.solve(p, f, k, r, t, w, return_as="numpy")


class Vollib(Peer):
    """vollib, an option at a time, on its Let's Be Rational in Python."""

    most = 10_000

    def __init__(self) -> None:
        from vollib.black import black
        from vollib.black.greeks import analytical
        from vollib.black.implied_volatility import implied_volatility

        self.black, self.solve, self.analytical = black, implied_volatility, analytical

    right = Vectorized.right

    def one(self, value: Any) -> Any:
        return value[0].item()

    def each(self, one: Callable[..., Any], given: tuple[Any, ...]) -> Any:
        if not isinstance(given[1], np.ndarray):
            return one(*given)
        return [one(*x) for x in zip(*(x.tolist() for x in given), strict=True)]

    def price(self, *given: Any) -> Any:
        black = self.black
        return self.each(lambda w, f, k, t, v, r: black(w, f, k, t, r, v), given)

    def greeks(self, *given: Any) -> Any:
        black, greek = self.black, self.analytical

        def one(*x: Any) -> tuple[float, ...]:
            w, f, k, t, v, r = x
            a = (w, f, k, t, r, v)
            return black(*a), greek.delta(*a), greek.gamma(*a), greek.vega(*a), greek.theta(*a), greek.rho(*a)

        found = self.each(one, given)
        return found[:4] if isinstance(found, tuple) else list(zip(*found, strict=True))[:4]  # theta, rho: as above

    def iv(self, *given: Any) -> Any:
        solve = self.solve
        return self.each(lambda w, p, f, k, t, r: solve(p, f, k, r, t, w), given)


class LetsBeRational(Peer):
    """The Let's Be Rational that py_vollib_vectorized has numba compile, in a bare loop."""

    def __init__(self) -> None:
        import numba
        from py_vollib_vectorized import _iv_models

        guess = "normalised_implied_volatility_from_a_transformed_rational_guess"
        solve = getattr(_iv_models, f"_unchecked_{guess}_with_limited_iterations")

        @numba.njit
        def iv_all(w, p, f, k, t, r):
            out = np.empty(len(w))
            for i in range(len(w)):
                gap, value, q = w[i] * (f[i] - k[i]), p[i] * math.exp(r[i] * t[i]), w[i]
                if gap > 0.0:
                    value, q = value - gap, -q
                out[i] = solve(value / math.sqrt(f[i] * k[i]), math.log(f[i] / k[i]), q, 2) / math.sqrt(t[i])
            return out

        self.iv = iv_all

    def one(self, value: Any) -> Any:
        return value


PEERS: dict[str, Callable[..., Peer]] = {
    "xlalvh": Ours,
    "C loop": Compiled,
    "C loop, vector maths": Compiled,
    "numba": Numba,
    "Let's Be Rational, compiled": LetsBeRational,
    "SciPy, naive": SciPy,
    "fast-vollib": lambda: Vectorized("fast_vollib"),
    "py_vollib_vectorized": lambda: Vectorized("py_vollib_vectorized"),
    "QuantLib loop": QuantLib,
    "vollib loop": Vollib,
}


def prepared(peer: Peer, sample: dict[str, np.ndarray], task: str, count: int) -> Call:
    """A call on so many options; a single one goes in as the library takes it best."""
    given = {name: np.resize(sample[name], count) for name in FIELDS}
    given["right"] = peer.right(given["right"])
    if count == 1:
        given = {name: peer.one(value) for name, value in given.items()}
    names = ("right", "price", *FIELDS[2:5], "rate") if task == "iv" else ("right", *FIELDS[2:])
    arguments, function = [given[name] for name in names], getattr(peer, task)
    return lambda: function(*arguments)


def wrong(peer: Peer, sample: dict[str, np.ndarray], task: str) -> str:
    """How the answers differ from the sample's, or nothing."""
    count = min(100, len(sample["right"]))
    found = prepared(peer, sample, task, count)()
    expected = {"price": sample["price"], "greeks": sample["greeks"], "iv": sample["vol"]}[task]
    rows = zip(np.atleast_2d(expected), found if task == "greeks" else [found], strict=False)
    for number, (row, mine) in enumerate(rows):
        error = np.max(np.abs(np.asarray(mine, dtype=float) - row[:count]) / (np.abs(row[:count]) + 1e-3))
        if not error < TOLERANCE:
            return f"answer {number} of {task} is off by {error:.1e}"
    return ""


def timed(call: Call, seconds: float) -> float:
    """Seconds of a call: the least of the means of five runs in about so much time, or of one where it takes longer."""
    start = time.perf_counter()
    call()
    best = time.perf_counter() - start
    if best > seconds:
        return best
    loops = max(1, int(seconds / 5.0 / max(best, 1e-7)))
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(loops):
            call()
        best = min(best, (time.perf_counter() - start) / loops)
    return best


def main() -> None:
    warnings.simplefilter("ignore")
    answers, sys.stdout = sys.stdout, sys.stderr  # a library may print
    peer = PEERS[sys.argv[1]](*sys.argv[3:])
    sample = dict(np.load(sys.argv[2]))
    calls: dict[tuple[str, int], Call | str] = {}
    for line in sys.stdin:
        task, count, seconds = json.loads(line)
        if (task, count) not in calls:
            try:
                most = min(peer.most, peer.most_iv) if task == "iv" else peer.most
                reason = "too many" if count > most else wrong(peer, sample, task)
                calls[task, count] = reason or prepared(peer, sample, task, count)
            except Exception as error:
                calls[task, count] = f"{type(error).__name__}: {error}".split("\n")[0]
        call = calls[task, count]
        print(json.dumps(call if isinstance(call, str) else timed(call, seconds)), file=answers, flush=True)


if __name__ == "__main__":
    main()
