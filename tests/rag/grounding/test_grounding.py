import pytest

from index.text.names import load_names
from rag.grounding import check, support

EVIDENCE = (
    "On 4 February 2026 the delegations met in Abu Dhabi. Rustem Umerov led the Ukrainian team. "
    "The sides agreed to exchange 314 prisoners. Peskov did not name a date for the next round."
)


def test_verbatim_words_are_fully_supported() -> None:
    assert support(EVIDENCE, "Rustem Umerov led the Ukrainian team.") == 1.0


def test_case_quotes_and_spacing_do_not_matter() -> None:
    assert support(EVIDENCE, "«rustem  umerov» led the Ukrainian team") == 1.0


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("314 prisoners were to be exchanged", "500 prisoners were to be exchanged"),
        ("Umerov led Ukraine's team", "Lavrov led Ukraine's team"),
        ("Peskov did not name a date", "Peskov did name a date"),
        ("The delegations met on 4 February 2026", "The delegations met on 9 February 2026"),
    ],
)
def test_an_altered_number_name_date_or_negation_lowers_support(true: str, false: str) -> None:
    assert support(EVIDENCE, false) < 0.8 * support(EVIDENCE, true)


def test_a_date_of_the_evidence_may_stand_in_front_of_its_words() -> None:
    assert support(EVIDENCE, "4 February 2026: Rustem Umerov led the Ukrainian team.") == 1.0
    assert support(EVIDENCE, "5 February 2026: Rustem Umerov led the Ukrainian team.") < 0.5


def test_another_spelling_of_a_name_is_the_same_name() -> None:
    assert support("Volodymyr Zelensky spoke in Kyiv.", "Zelenskyy spoke in Kiev.") == 1.0


@pytest.mark.parametrize(("evidence", "claim"), [("", "Something happened."), ("Something happened.", ""), ("", "")])
def test_nothing_supports_nothing(evidence: str, claim: str) -> None:
    assert support(evidence, claim) == 0.0


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("The sides agreed to exchange 500 prisoners.", "number 500 is not in the evidence"),
        ("Lavrov led the Ukrainian team.", "name Sergey Lavrov is not in the evidence"),
        ("Peskov named a date for the next round.", "negation differs"),
    ],
)
def test_a_verdict_says_what_speaks_against_the_claim(claim: str, reason: str) -> None:
    verdict = check(claim, EVIDENCE, load_names())
    assert not verdict.supported
    assert reason in verdict.reasons


def test_a_supported_claim_has_no_reasons_against_it() -> None:
    verdict = check("Umerov led the Ukrainian team", EVIDENCE, load_names())
    assert verdict.supported
    assert verdict.reasons == ()
