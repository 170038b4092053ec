"""What scikit-learn asks of a classifier, kept without importing scikit-learn, which takes a second.

Parameters are the arguments of ``__init__``, held in attributes of the same names; ``clone``, pipelines and searches of
scikit-learn work with it, and only they load scikit-learn.
"""

import inspect
from typing import Any, Self

__all__ = ["Estimator"]


class Estimator:
    """A classifier whose parameters are those of its ``__init__``."""

    _estimator_type = "classifier"

    @classmethod
    def _get_param_names(cls) -> list[str]:
        return sorted(name for name in inspect.signature(cls.__init__).parameters if name != "self")

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002  # scikit-learn passes it
        """Parameter → value."""
        return {name: getattr(self, name) for name in self._get_param_names()}

    def set_params(self, **parameters: Any) -> Self:
        """Set parameters by name.

        Raises
        ------
        ValueError
            Where there is no such parameter.
        """
        for name, value in parameters.items():
            if name not in self._get_param_names():
                raise ValueError(f"{type(self).__name__} has no parameter {name!r}.")
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.get_params().items())})"

    def __sklearn_tags__(self) -> Any:
        from sklearn.base import BaseEstimator, ClassifierMixin

        class Plain(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
            pass

        return Plain().__sklearn_tags__()
