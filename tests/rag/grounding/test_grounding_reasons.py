"""What speaks against a claim, one kind of alteration at a time, and what does not."""

import pytest

from index.embedding import Embedder
from index.text.names import load_names
from rag.grounding import SUPPORTED_FROM, check, support

SOURCE = (
    "On 22 January 2026 Steve Witkoff told reporters in Davos that the talks were down to one issue. "
    "Dmitry Peskov said Moscow did not plan a ceasefire. Russia struck Odesa, and Ukraine answered with 120 drones. "
    "Italy and Poland ruled out ground troops. Exports rose by 40 per cent."
)


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("Ukraine answered with 130 drones.", "number 130 is not in the evidence"),
        ("On 23 January 2026 Witkoff told reporters in Davos the talks were down to one issue.", "date"),
        ("Steve Witkoff told reporters in Geneva that the talks were down to one issue.", "name Geneva is not in"),
        ("Ukraine struck Odesa, and Russia answered with 120 drones.", "name differs: Ukraine in the claim, Russia"),
        ("Steve Witkoff said Moscow did not plan a ceasefire.", "speaker differs: Steve Witkoff in the claim"),
        ("Dmitry Peskov said Moscow did plan a ceasefire.", "negation differs"),
        ("Italy and Poland did not rule out ground troops.", "negation differs"),
        ("Exports fell by 40 per cent.", "says the opposite: fell in the claim, rose in the evidence"),
        ('Witkoff told reporters that the talks were "down to two hard issues".', "quotation is not word for word"),
    ],
)
def test_an_altered_claim_is_not_supported_and_the_reason_is_told(claim: str, reason: str) -> None:
    verdict = check(claim, SOURCE, load_names())
    assert any(told.startswith(reason) for told in verdict.reasons), verdict
    assert verdict.support < SUPPORTED_FROM
    assert not verdict.supported


@pytest.mark.parametrize(
    "claim",
    [
        "Ukraine answered with one hundred and twenty drones.",
        "Witkoff told reporters in Davos on January 22, 2026 that the talks were down to one issue.",
        "Стів Віткофф",
        "Peskov stated that Moscow did not plan a ceasefire.",
        "Italy and Poland excluded ground troops.",
        "Exports rose by 40%.",
        "Talks were down to one issue, Steve Witkoff told reporters.",
        'Witkoff told reporters that the talks "were down to one issue".',
    ],
)
def test_the_same_in_other_words_has_nothing_against_it(claim: str) -> None:
    verdict = check(claim, SOURCE, load_names())
    assert verdict.reasons == ()
    assert verdict.supported


@pytest.mark.parametrize(
    ("evidence", "true", "false"),
    [
        ("Пєсков не назвав дати зустрічі.", "Дати зустрічі Пєсков не назвав.", "Дату зустрічі Пєсков назвав."),
        ("19 апреля стороны обменялись 246 военными.", "Обмен 246 на 246: 19 апреля", "19 апреля обменялись 264."),
        ("Кремль отказался назвать дату.", "Кремль не назвал дату.", "Кремль назвал дату."),
        (
            "Лавров сказал, що перемовини тривають.",
            "Лавров заявив: перемовини тривають.",
            "Пєсков сказав, що перемовини тривають.",
        ),
    ],
)
def test_ukrainian_and_russian_claims_are_told_apart_too(evidence: str, true: str, false: str) -> None:
    assert support(evidence, false) < 0.7 * support(evidence, true)


def test_a_denial_that_belongs_to_another_clause_is_not_held_against_a_claim() -> None:
    evidence = "He did not publicly name the issue, but said it was solvable."
    assert check("He said the issue was solvable.", evidence, load_names()).reasons == ()


def test_names_figures_and_embeddings_compare_across_languages(embedder: Embedder) -> None:
    evidence = "Віткофф прибув до Женеви 17 лютого 2026 року. Сторони домовилися обміняти 314 полонених."
    true = support(evidence, "The sides agreed to exchange 314 prisoners.", embedder)
    assert true >= SUPPORTED_FROM
    assert support(evidence, "The sides agreed to exchange 500 prisoners.", embedder) < SUPPORTED_FROM
    assert support(evidence, "Witkoff arrived in Geneva on 17 February 2026.", embedder) >= SUPPORTED_FROM
    assert support(evidence, "Lavrov arrived in Geneva on 17 February 2026.", embedder) < SUPPORTED_FROM
    assert support(evidence, "Frost killed the apple blossom in the orchard.", embedder) < SUPPORTED_FROM
