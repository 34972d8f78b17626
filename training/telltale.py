"""Questions whose wording alone gives their label away, thinned out.

Whoever writes a question that is not answered words it a little otherwise ("Who paid for ..."), and a model that reads
question and sentence learns that first. A question is kept with the odds of the other label, as its terms predict it in
folds that hold none of its story (inverse propensity weighting): what is left looks alike from the question.
"""

import random
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

SEED = 7
FOLDS = 5
ANSWERABLE_SPARED = 2.5  # their right sentences are worth more than an even spread of them


def kept_questions(questions: Sequence[str], answerable: Sequence[bool], stories: Sequence[str]) -> list[bool]:
    """Whether each question stays; `stories` says which of them belong together."""
    odds = odds_of_answerable(questions, answerable, stories)
    chance = random.Random(SEED)
    likely = np.where(answerable, ANSWERABLE_SPARED / odds, odds)
    return [chance.random() < value for value in likely]


def odds_of_answerable(questions: Sequence[str], answerable: Sequence[bool], stories: Sequence[str]) -> np.ndarray:
    """What the terms of a question make of it, float `(len(questions),)`; all 1 for fewer than `FOLDS` stories."""
    if len(set(stories)) < FOLDS:
        return np.ones(len(questions))
    terms = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"\w+")
    model = make_pipeline(terms, LogisticRegression(C=3, max_iter=2000, class_weight="balanced"))
    folds = GroupKFold(FOLDS)
    chances = cross_val_predict(model, questions, answerable, groups=stories, cv=folds, method="predict_proba")
    return chances[:, 1] / chances[:, 0]
