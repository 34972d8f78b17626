"""Which publishers are a state or of one: the same is asked of every country."""

from importlib import resources

import pytest
import yaml

from rag.reading.outlets import is_state_publisher


@pytest.mark.parametrize(
    "publisher",
    [
        "TASS",
        "RT / Financial Times",
        "Ukrinform",
        "MENAFN / Ukrinform",
        "RFE/RL via Eurasia Review",
        "The Mary Sue / BBC",
        "France 24, AFP via The Actual News",
        "DW",
        "TRT World",
        "Xinhua / People's Daily Online",
        "US State Department (via uisgda.com)",
        "Russian Foreign Ministry",
        "Ministry of Foreign Affairs of Ukraine",
        "Presidential Office",
    ],
)
def test_a_state_and_what_it_owns_or_pays_for_is_told(publisher: str) -> None:
    assert is_state_publisher(publisher)


@pytest.mark.parametrize(
    "publisher",
    [
        "Reuters",
        "AFP",
        "Interfax",
        "Kyiv Independent",
        "The Moscow Times",
        "Anadolian Herald",
        "Global Governance News",
        "RTL",
        "Dr. Weekly",
        "Al Jazeerian",
        "",
    ],
)
def test_others_are_not_nor_is_a_name_that_only_begins_alike(publisher: str) -> None:
    assert not is_state_publisher(publisher)


def test_the_list_reaches_beyond_the_parties_to_the_talks() -> None:
    table = yaml.safe_load(resources.files("rag").joinpath("data/outlets.yaml").read_text(encoding="utf-8"))
    assert {"Russia", "Ukraine", "United States", "United Kingdom", "Germany", "France", "Turkey"} <= set(
        table["states"]
    )
    names = [name for outlets in table["states"].values() for name in outlets]
    assert all(isinstance(name, str) for name in names)
    assert len(table["states"]) > 40
