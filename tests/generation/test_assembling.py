import pytest

from rag.generation.sentences import Claim, SentenceAssembler


def assembled(text: str, size: int, *, complete: bool = True) -> list[Claim]:
    assembler = SentenceAssembler()
    claims = [claim for start in range(0, len(text), size) for claim in assembler.add(text[start : start + size])]
    return claims + assembler.finish(complete=complete)


@pytest.mark.parametrize("size", [1, 3, 50, 1000])
@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("It ended. It began [2].", [("It ended.", ()), ("It began.", (2,))]),
        ("It ended. [1] It began. [2][3]", [("It ended.", (1,)), ("It began.", (2, 3))]),
        ("It ended [1, 3]. It began [2-4].", [("It ended.", (1, 3)), ("It began.", (2, 3, 4))]),
        ("It ended [passage 1]. It began 【2】.", [("It ended.", (1,)), ("It began.", (2,))]),
        ("- It ended [1]\n- It began [2]\n", [("It ended", (1,)), ("It began", (2,))]),
        ('He said: "It ended." [1] She left.', [('He said: "It ended."', (1,)), ("She left.", ())]),
        ("Mr. Smith met the U.S. envoy [1]. He left at 5 p.m. [2]", None),
        ("<think>It failed. No.</think>It ended [1].", [("It ended.", (1,))]),
        ("Answer: It ended [1].", [("It ended.", (1,))]),
        ("", []),
    ],
)
def test_sentences_and_markers_do_not_depend_on_how_the_text_is_cut(text: str, claims: list | None, size: int) -> None:
    expected = assembled(text, 10_000) if claims is None else [Claim(*claim) for claim in claims]
    assert assembled(text, size) == expected


def test_a_sentence_is_given_out_as_soon_as_the_next_one_begins() -> None:
    assembler = SentenceAssembler()
    assert assembler.add("It ended. [1]") == []
    assert assembler.add(" It") == [Claim("It ended.", (1,))]


def test_a_reply_that_was_cut_off_loses_the_sentence_without_a_stop() -> None:
    assert assembled("It ended [1]. It be", 4, complete=False) == [Claim("It ended.", (1,))]
    assert assembled("It ended [1]. It began.", 4, complete=False)[-1] == Claim("It began.", ())


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("**It** _ended_ `today`.", "It ended today."),
        ("It [ended](javascript:alert(1)) ![here](http://x/y.png).", "It ended) here."),
        ("<b onclick='x'>It</b> ended<br/>.", "It ended ."),
        ("It \u202eended\u200b.", "It ended."),
        ("2 < 3 and 5 > 4 holds.", "2 < 3 and 5 > 4 holds."),
    ],
)
def test_markup_is_taken_off(written: str, plain: str) -> None:
    assert [claim.text for claim in assembled(written, 5)] == [plain]
