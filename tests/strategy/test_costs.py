"""Half-spreads and their limits by hand."""

from __future__ import annotations

import pytest

from xlalvh.strategy import costs, rules

RULES = rules.settle(rules.COSTS)


def test_spx_by_delta() -> None:
    found = costs.spx_half_spread([0.05, -0.0799, 0.08, 0.16, -0.35, 0.36, 0.5], 18.0, RULES)
    assert found.tolist() == [0.10, 0.10, 0.175, 0.175, 0.175, 0.30, 0.30]


def test_stress_widens_above_its_level_only() -> None:
    assert costs.spx_half_spread(0.16, [18.0, 40.0, 40.01], RULES).tolist() == pytest.approx([0.175, 0.175, 0.525])
    assert costs.vix_half_spread([18.0, 41.0], RULES).tolist() == pytest.approx([0.025, 0.075])


def test_vix_by_expiry() -> None:
    assert float(costs.vix_half_spread(18.0, RULES, costs.WEEKLY)) == 0.075
    assert float(costs.vix_half_spread(18.0, RULES, costs.NICKEL)) == 0.05


@pytest.mark.parametrize("rule", rules.between(rules.COSTS))
def test_each_threshold_changes_a_cost(rule) -> None:
    """A trader's change of any of them shows in a half-spread or in the commission."""

    def all_costs(values: dict[str, float]) -> list[float]:
        deltas, levels = [0.05, 0.09, 0.2, 0.34, 0.36], [18.0, 39.0, 50.0]
        spx = [float(costs.spx_half_spread(d, v, values)) for d in deltas for v in levels]
        kinds = (costs.MONTHLY, costs.WEEKLY, costs.NICKEL)
        return [
            *spx,
            *(float(costs.vix_half_spread(v, values, k)) for v in levels for k in kinds),
            values["cost_contract"],
        ]

    other = {"cost_far_delta": 0.10, "cost_near_delta": 0.33, "cost_stress_vix": 38.0}.get(rule.name, rule.value * 1.5)
    assert all_costs({**RULES, rule.name: other}) != all_costs(RULES)
    with pytest.raises(ValueError, match=rule.name):
        rules.settle(rules.COSTS, [float("nan") if r is rule else r.value for r in rules.between(rules.COSTS)])
