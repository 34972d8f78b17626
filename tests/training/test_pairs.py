"""What the reader is trained on, out of our own data and the public layouts."""

import json
from pathlib import Path

from training.pairs import Pair, own_pairs, squad_pairs, story_pairs

FIRST = "The envoys met in Tarn on Monday. Ilse Brandvoll kept them until midnight."
SECOND = "The second meeting was in Orrin. The sides agreed on nothing. Rain fell."
STORY = {
    "id": "t-001",
    "language": "en",
    "documents": [
        {"title": "Talks", "date": "2001-05-07", "text": FIRST},
        {"title": "More talks", "date": "2001-06-07", "text": SECOND},
    ],
    "questions": [
        {"q": "How late did the mediator hold the diplomats?", "label": "answer", "document": 0, "answer": "midnight"},
        {"q": "Where will the third meeting be?", "label": "near_miss"},
    ],
}


def test_a_story_gives_wrong_sentences_out_of_all_its_reports(tmp_path: Path) -> None:
    asked, unanswered = _by_group(story_pairs([_written(tmp_path, [STORY])]))
    right = [pair for pair in asked if pair.answers]
    assert [pair.evidence for pair in right] == ["Talks, 2001-05-07\nIlse Brandvoll kept them until midnight."]
    assert {pair.kind for pair in asked if not pair.answers} == {"beside"}
    assert {pair.kind for pair in unanswered} == {"near_miss"}
    assert not any(pair.answers for pair in unanswered)
    assert unanswered[0].evidence == "More talks, 2001-06-07\nThe second meeting was in Orrin."
    assert not any("midnight" in pair.evidence for pair in asked if not pair.answers)


def test_the_same_part_of_the_stories_is_held_out_every_time(tmp_path: Path) -> None:
    alike = [STORY["questions"][0], {"q": STORY["questions"][0]["q"], "label": "near_miss"}]
    file = _written(tmp_path, [STORY | {"id": f"t-{number:03}", "questions": alike} for number in range(60)])
    first, second = list(story_pairs([file])), list(story_pairs([file]))
    assert first == second
    held_out = {pair.group[:5] for pair in first if pair.held_out}
    assert 2 <= len(held_out) <= 25
    assert held_out.isdisjoint(pair.group[:5] for pair in first if not pair.held_out)


def test_only_english_is_read_of_our_own_passages(tmp_path: Path) -> None:
    row = {
        "id": "x-001",
        "language": "en",
        "title": "The quay",
        "date": "2001-02-03",
        "passage": "The quay was sold. Bo Lind paid nine crowns. It had stood empty.",
        "questions": [
            {"q": "Who bought the quay?", "label": "answer", "answer": "Bo Lind"},
            {"q": "Хто купив причал?", "label": "answer", "answer": "Bo Lind", "ql": "uk"},
        ],
    }
    pairs = list(own_pairs([_written(tmp_path, [row, row | {"id": "x-002", "language": "uk"}])]))
    assert {pair.question for pair in pairs} == {"Who bought the quay?"}
    assert [pair.evidence for pair in pairs if pair.answers] == ["The quay, 2001-02-03\nBo Lind paid nine crowns."]


def test_squad_tells_its_unanswerable_questions(tmp_path: Path) -> None:
    questions = [
        {"id": "1", "question": "Who built it?", "answers": [{"text": "Ada"}]},
        {"id": "2", "question": "Who sold it?", "answers": []},
    ]
    paragraph = {"context": "Ada built the mill. Nobody sold the mill.", "qas": questions}
    file = tmp_path / "squad.json"
    file.write_text(json.dumps({"data": [{"title": "The_mill", "paragraphs": [paragraph]}]}), encoding="utf-8")
    pairs = list(squad_pairs([file]))
    assert {(pair.question, pair.kind) for pair in pairs} >= {
        ("Who built it?", "answer"),
        ("Who sold it?", "near_miss"),
    }
    assert all(pair.evidence.startswith("The mill\n") for pair in pairs)


def _written(folder: Path, rows: list[dict]) -> Path:
    file = folder / "data.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return file


def _by_group(pairs) -> list[list[Pair]]:
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(pair.group, []).append(pair)
    return list(groups.values())
