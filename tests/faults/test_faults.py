"""The short form of `make faults`."""

import pytest
from fault_kinds import FAULTS


@pytest.mark.parametrize(("fault", "times"), [("kill", 5), ("full", 4), ("damage", 5), ("two", 1), ("readonly", 2)])
def test_nothing_acknowledged_is_lost_and_nothing_is_half_there(fault, times, embedder):
    tally = FAULTS[fault](times, 11, embedder)
    assert tally.found == []
    assert tally.times == times
    assert tally.acknowledged
