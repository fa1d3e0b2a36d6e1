"""Whether people can have moved on since earlier releases in too many ways for these to be judged together."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from evaluation.errors import Contradiction
from evaluation.release.audit.document import read_system
from evaluation.release.audit.persons.ends import TOGETHER
from evaluation.release.audit.persons.kinds import TooMany, model
from evaluation.release.audit.persons.lives import by_population, lives, variables_of
from evaluation.release.files.chain import Entry
from evaluation.release.gate import with_means
from evaluation.release.planned import hours
from evaluation.release.released import Draft
from evaluation.release.system.assembly import document, publication


def too_many(draft: Draft, entries: Sequence[Entry], *, threshold: int) -> bool:
    """Whether lives have more kinds than the auditor judges together, those of whom nothing stays among them.

    It follows from what is public and from earlier releases, so that what is told because of it tells nothing: no
    number of the draft decides it, and not whether people moved as a reader supposes.
    """
    if not entries:
        return False
    written = document(hours.without(with_means(draft, ())), threshold=threshold, earlier=entries)
    blank = publication(written, {*written.own} - {*written.must_publish}).as_mapping()
    if not any(variables_of(some) for some in by_population(blank) if len(some) > 1):
        return False
    left = TOGETHER
    with contextlib.suppress(Contradiction):  # of which the gate has its own to say
        try:
            for entry in lives(blank, read_system(blank), exceptions=True):
                left -= sum(len(clique.kinds) for clique in model(entry, left).cliques)
        except TooMany:
            return True
    return False
