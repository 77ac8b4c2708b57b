"""The polynomial of `xlalvh.numerics.implied_vol`'s first guess: run ``python -m tests.numerics.derive_guess``.

A normal (Bachelier) deviation s1 of the same price, times a / D with a = |ln(F/K)| and D = |F - K| / sqrt(FK), is the
lognormal deviation s up to a factor 1 + s0^2 E(s0^2, a^2), s0 = s1 a / D. Least squares on a grid give E.
"""

from __future__ import annotations

import numpy as np
from scipy.special import erfcx

WIDEST, FARTHEST = 1.6, 4.0  # of s0 and a
IN_S, IN_A = 3, 4  # coefficients in s0^2 and in a^2


def mills(z: np.ndarray) -> np.ndarray:
    return np.sqrt(np.pi / 2.0) * erfcx(z / np.sqrt(2.0))


def log_lognormal(a: np.ndarray, s: np.ndarray) -> np.ndarray:
    """Log of the option's price over sqrt(FK)."""
    u, q = a / s, 0.5 * s
    return -0.5 * (u * u + q * q) - 0.5 * np.log(2.0 * np.pi) + np.log(mills(u - q) - mills(u + q))


def normal_deviation(log_price: np.ndarray, distance: np.ndarray, start: np.ndarray) -> np.ndarray:
    """s1 with s1 n(D/s1) - D N(-D/s1) = exp(log_price), by Newton's method in ln s1."""
    log_s = np.log(start)
    for _ in range(60):
        u = distance / np.exp(log_s)
        log_density = -0.5 * u * u - 0.5 * np.log(2.0 * np.pi)
        value = log_s + log_density + np.log1p(-u * mills(u))
        log_s -= (value - log_price) / np.exp(log_s + log_density - value)
    return np.exp(log_s)


def fit() -> tuple[np.ndarray, float]:
    """Coefficients by rows of powers of s0^2, columns of a^2; the largest relative error of the guess."""
    s, u = np.meshgrid(np.linspace(0.03, WIDEST * 1.02, 60), np.r_[1e-6, np.linspace(0.05, 12.0, 70)])
    s, a = s.ravel(), (s * u).ravel()
    s, a = s[a < FARTHEST], a[a < FARTHEST]
    distance = 2.0 * np.sinh(0.5 * a)
    s0 = normal_deviation(log_lognormal(a, s), distance, s * distance / a) * a / distance
    factor = s / s0
    powers = np.stack([s0 ** (2 * i) * a ** (2 * j) for i in range(IN_S) for j in range(IN_A)], 1)
    weight = s0**2 / factor
    found = np.linalg.lstsq(powers * weight[:, None], (factor - 1.0) / s0**2 * weight, rcond=None)[0]
    error = float(np.max(np.abs(s0 * (1.0 + s0**2 * (powers @ found)) / s - 1.0)))
    return found.reshape(IN_S, IN_A), error


if __name__ == "__main__":
    coefficients, largest = fit()
    print("_FACTOR = (")
    for row in coefficients.tolist():
        print("    (" + ", ".join(f"{c:.8g}" for c in row) + "),")
    print(f")\nlargest relative error {largest:.2g}")
