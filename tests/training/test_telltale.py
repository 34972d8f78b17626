"""That a question's label cannot be told from its wording, once the telltale ones are thinned out."""

import random

from sklearn.metrics import roc_auc_score

from training.telltale import kept_questions, odds_of_answerable

STORIES = 60


def test_questions_that_give_their_label_away_are_thinned_out() -> None:
    questions, answerable, stories = _asked(telltale_share=0.8)
    before = roc_auc_score(answerable, odds_of_answerable(questions, answerable, stories))
    kept = kept_questions(questions, answerable, stories)
    left = [each for each, stays in zip(zip(questions, answerable, stories, strict=True), kept, strict=True) if stays]
    questions, answerable, stories = map(list, zip(*left, strict=True))
    after = roc_auc_score(answerable, odds_of_answerable(questions, answerable, stories))
    assert before > 0.75
    assert after < 0.65
    assert 0.25 < len(left) / len(kept) < 0.9


def test_the_same_questions_stay_every_time() -> None:
    asked = _asked(telltale_share=0.5)
    assert kept_questions(*asked) == kept_questions(*asked)


def test_one_story_alone_tells_nothing() -> None:
    assert odds_of_answerable(["Who paid?", "Who sang?"], [True, False], ["a", "a"]).tolist() == [1.0, 1.0]


def _asked(telltale_share: float) -> tuple[list[str], list[bool], list[str]]:
    """Twenty questions a story; the unanswerable ones mostly ask who paid, the others mostly what was agreed."""
    chance = random.Random(1)
    questions, answerable, stories = [], [], []
    for story in range(STORIES):
        for number in range(20):
            label = number % 2 == 0
            typical = label == (chance.random() < telltale_share)
            questions.append(f"{'What was agreed on' if typical else 'Who paid for'} plan {chance.randrange(50)}?")
            answerable.append(label)
            stories.append(f"s{story}")
    return questions, answerable, stories
