"""Where the kit's own data_schema, templates and notebooks are, installed or in a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from evaluation.errors import EvaluationError

_PACKAGE = Path(__file__).resolve().parent


def folder(name: Literal["data_schema", "templates", "notebooks", "docs"]) -> Path:
    """Where the kit's own ``name`` is: inside the installed package, else at the top of the checkout.

    Raises EvaluationError when it is in neither place.
    """
    inside, checkout = _PACKAGE / name, _PACKAGE.parent
    if inside.is_dir():
        return inside
    # Beside an installed package lie other people's folders of the same name; only a checkout has this file.
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    raise EvaluationError("resources.missing", folder=name)
