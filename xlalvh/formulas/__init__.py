"""The formula catalogue: the public interface, as Python callables and as the registry that hosts read."""

from xlalvh.formulas.errors import CellError
from xlalvh.formulas.pricing import alvh_delta, alvh_gamma, alvh_greeks, alvh_price, alvh_rho, alvh_theta, alvh_vega
from xlalvh.formulas.registry import catalogue

__all__ = [
    "CellError", "catalogue",
    "alvh_delta", "alvh_gamma", "alvh_greeks", "alvh_price", "alvh_rho", "alvh_theta", "alvh_vega",
]
