"""The coefficients of the tails in `xlalvh.numerics.normal`: run ``python -m tests.numerics.derive_mills``.

A rational function P(t) / Q(t) of degrees 10 and 11, t = z + 1, for the Mills ratio on [-1, 45], of least relative
error: linearised least squares whose weights follow the error (C. L. Lawson, 1961), at 50 digits on Chebyshev's nodes.
The basis is that of Bernstein in t / (t + 2), in which the equations are well conditioned.
"""

from __future__ import annotations

import mpmath as mp

UPPER, LOWER = 10, 11
SHIFT, FIT_TO = 1, 46  # t is from 0 to FIT_TO
NODES, ROUNDS = 120, 24
_CENTRE = mp.mpf(2)


def mills(z: mp.mpf) -> mp.mpf:
    return mp.erfc(z / mp.sqrt(2)) * mp.exp(z * z / 2) * mp.sqrt(mp.pi / 2)


def fit() -> tuple[list[mp.mpf], list[mp.mpf], mp.mpf]:
    """Coefficients of P and Q from the constant up, Q's constant being 1, and the largest relative error."""
    top = (FIT_TO - _CENTRE) / (FIT_TO + _CENTRE)
    nodes = [(top + 1) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * NODES)) + (top - 1) / 2 for i in range(NODES)]
    points = [_CENTRE * (1 + t) / (1 - t) for t in nodes]
    exact = [mills(t - SHIFT) for t in points]
    shares = [t / (t + _CENTRE) for t in points]
    basis = [[y**k * (1 - y) ** (LOWER - k) for k in range(LOWER + 1)] for y in shares]
    weight, lower = [mp.mpf(1)] * NODES, [mp.mpf(1)] * NODES
    best: tuple[mp.mpf, list[mp.mpf], list[mp.mpf]] | None = None
    for turn in range(ROUNDS):
        left, right = mp.matrix(NODES, UPPER + 1 + LOWER), mp.matrix(NODES, 1)
        for i, row in enumerate(basis):
            scale = mp.sqrt(weight[i]) / (lower[i] * exact[i])
            for k in range(UPPER + 1):
                left[i, k] = row[k] * scale
            for k in range(1, LOWER + 1):
                left[i, UPPER + k] = -exact[i] * row[k] * scale
            right[i] = exact[i] * row[0] * scale
        found = list(mp.qr_solve(left, right)[0])
        p, q = found[: UPPER + 1], [mp.mpf(1), *found[UPPER + 1 :]]
        lower = [mp.fdot(q, row) for row in basis]
        errors = [
            abs(mp.fdot(p, row[: UPPER + 1]) / below / value - 1)
            for row, below, value in zip(basis, lower, exact, strict=True)
        ]
        if best is None or max(errors) < best[0]:
            best = max(errors), p, q
        if turn >= 6:
            total = mp.fdot(weight, errors)
            weight = [w * e / total * NODES for w, e in zip(weight, errors, strict=True)]
    assert best is not None
    error, p, q = best
    return [c / _CENTRE**k for k, c in enumerate(p)], [c / _CENTRE**k for k, c in enumerate(q)], error


if __name__ == "__main__":
    with mp.workdps(50):
        upper, lower, error = fit()
    for name, coefficients in (("_UPPER", upper), ("_LOWER", lower)):
        print(name, "= (", *(f"    {float(c)!r}," for c in coefficients), ")", sep="\n")
    print("largest relative error", mp.nstr(error, 3))
