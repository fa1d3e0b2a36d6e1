"""What the process of a notebook says of an error: its kind, and its sentence only where that is one of the kit's."""

from __future__ import annotations

import json

from evaluation import errors


def told(raised: object, name: str) -> dict[str, str]:
    """An exception's name; only one of the kit's own has ``evaluation.errors.`` before it, and says its sentence.

    The sentence is there in every language, as JSON: whoever ran the notebook words it for the reader.
    """
    name = name.rpartition(".")[2]
    if isinstance(raised, errors.EvaluationError) and type(raised) is getattr(errors, name, None):
        return {"ename": f"{errors.__name__}.{name}", "evalue": json.dumps(raised.in_all())}
    return {"ename": name}
