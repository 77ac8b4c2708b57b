"""What becomes of a position that is under way: whether a wing is tested."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

SAFE, WATCH, TESTED = "safe", "watch", "tested"


def wing_status(
    delta: ArrayLike, entry_delta: ArrayLike, trigger: ArrayLike, multiple: ArrayLike, watch: ArrayLike
) -> NDArray[np.str_]:
    """safe, watch or tested, one a short strike.

    Tested where the delta's magnitude is at least the larger of `trigger` and `multiple` x `entry_delta`, watch from
    the share `watch` of that.
    """
    magnitude = np.abs(np.asarray(delta, dtype=float))
    limit = np.maximum(trigger, np.asarray(multiple, dtype=float) * np.abs(entry_delta))
    return np.where(magnitude >= limit, TESTED, np.where(magnitude >= watch * limit, WATCH, SAFE))
