"""Types of arrays by what they hold, so that no formula needs `numpy.typing`, which takes long to import."""

from typing import TYPE_CHECKING, Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Places = np.ndarray[Any, np.dtype[np.intp]]
Integers = np.ndarray[Any, np.dtype[np.int64]]
Dates = np.ndarray[Any, np.dtype[np.datetime64]]
Texts = np.ndarray[Any, np.dtype[np.str_]]

if TYPE_CHECKING:
    from numpy.typing import ArrayLike as ArrayLike
else:
    ArrayLike = Any
