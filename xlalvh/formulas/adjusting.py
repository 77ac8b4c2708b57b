"""The Adjusting group."""

from __future__ import annotations

from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.strategy import adjust, rules

ADJUSTING = "Adjusting"


def _rule(argument: str, name: str, help: str) -> Argument:
    """An optional number whose default and bounds are a threshold's."""
    rule = rules.rule(name)
    return Argument(
        argument,
        Kind.NUMBER,
        f"{help}; {rule.value:g} if omitted",
        rule.unit,
        low=rule.low,
        high=rule.high,
        optional=True,
        default=rule.value,
    )


@formula(
    category=ADJUSTING,
    help="Whether a short strike is safe, on watch or tested, by its delta.",
    arguments=(
        Argument("delta", Kind.NUMBER, "of the short option now; its sign does not matter", "decimal", low=-1, high=1),
        Argument(
            "entry_delta",
            Kind.NUMBER,
            f"its magnitude when sold; {rules.default('put_delta'):g} if omitted",
            "decimal",
            low=-1,
            high=1,
            optional=True,
            default=rules.default("put_delta"),
        ),
        _rule("trigger", "wing_trigger", "least delta that is tested"),
        _rule("multiple", "wing_multiple", "tested from this many times entry_delta"),
        _rule("watch", "wing_watch", "watch from this share of the tested delta"),
    ),
    result="safe, watch or tested, one a delta.",
    source="seed: edge article, 0.15 delta, which at entry would fire at once; so twice the entry delta too",
    example={"delta": (-0.12, -0.26, 0.33), "entry_delta": 0.16, "trigger": 0.15, "multiple": 2.0, "watch": 0.75},
    paired=True,
)
def alvh_wing_status(delta, entry_delta, trigger, multiple, watch):
    return adjust.wing_status(delta, entry_delta, trigger, multiple, watch)
