"""Which publishers are a state, or an outlet that a state owns or pays for; `data/outlets.yaml` has the criterion.

The same is asked of every country, and nothing of what anybody printed.
"""

import re
from functools import lru_cache
from importlib import resources

import yaml

_PARTS = re.compile(r"\s+/\s+|\s+via\s+|[(),;]")  # "Report.az / Reuters", "RFE/RL via Eurasia Review"


def is_state_publisher(publisher: str) -> bool:
    """Whether one of those that a publisher's name gives is a state or of one."""
    bodies, outlets = _patterns()
    return bool(bodies.search(publisher)) or any(outlets.match(part.strip()) for part in _PARTS.split(publisher))


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Words of state bodies, to be found anywhere, and names of outlets, to begin a part of the publisher's name."""
    table = yaml.safe_load(resources.files("rag").joinpath("data/outlets.yaml").read_text(encoding="utf-8"))
    names = [name for outlets in table["states"].values() for name in outlets]
    return _whole(table["bodies"].split()), _whole(names, before=r"(?:The\s+)?")


def _whole(words: list[str], before: str = r"\b") -> re.Pattern[str]:
    return re.compile(rf"{before}(?:{'|'.join(map(re.escape, words))})(?!\w)")
