"""The register of kinds: one line each. The set is closed, so that a pack means the same everywhere."""

from __future__ import annotations

from ..shapes import Kind
from . import age, count, deadline, evidence, frequency, lead_time, limit, ordinal, recording, schedule

__all__ = ["COHORT", "KINDS", "NOT_TESTED"]

KINDS: tuple[Kind, ...] = (
    deadline.KIND,
    lead_time.KIND,
    frequency.KIND,
    schedule.KIND,
    limit.KIND,
    age.KIND,
    recording.KIND,
    evidence.KIND,
    count.KIND,
    ordinal.KIND,
)

#: A share of many histories, by the keys of another kind: judged over a caseload, not one case.
COHORT = "cohort"
#: Kept in the ledger, with the reason, so that coverage of the document can be counted.
NOT_TESTED = "not tested"
