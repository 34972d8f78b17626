# `make run` and `make test` do all set-up themselves; each is quick when nothing changed.
# On Linux without a GPU, PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu spares a large CUDA download.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH_VENV := .venv-bench

.PHONY: setup run test gate lint format bench bench-quality bench-peers faults clean

setup: $(VENV)/.installed

$(VENV)/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Parley needs Python 3.11 or newer; set PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@sh tests/install_browser.sh
	@touch $@

run: setup
	$(BIN)/python app.py

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest

# Thirty shipped questions, with floors a little under what they score today.
gate: $(VENV)/.installed-dev
	PARLEY_HOME=reports/gate-home $(BIN)/python -m index sync seeds >/dev/null
	PARLEY_HOME=reports/gate-home $(BIN)/python -m rag.evaluation run tests/questions/core.jsonl --sample 30 \
		--out reports/gate --restart >/dev/null
	$(BIN)/python -m rag.evaluation gate reports/gate --min hit@5=0.90 --min cited_hit=0.80 --min correct=0.65 \
		--min answered_answerable=0.90 --min quote_exactness=1 --min citation_recall=0.98

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/embedders.py
	$(BIN)/python benchmarks/indexing.py
	$(BIN)/python benchmarks/scale.py

# Breaks a collection in every known way, hundreds of times, and prints what came of it. ARGS=--kills=300 and so on.
faults: $(VENV)/.installed-dev
	$(BIN)/python tests/faults/run_faults.py $(ARGS)

# PARLEY_QUESTIONS and PARLEY_BENCH name folders with further question files and public sets; ARGS passes options on.
bench-quality: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.quality $(ARGS)

# Retrieval beside other libraries, written to docs/comparison.md. They get an environment of their own.
bench-peers: $(BENCH_VENV)/.installed
	$(BENCH_VENV)/bin/python -m benchmarks.peers $(ARGS)

$(BENCH_VENV)/.installed: requirements-bench.txt requirements.txt
	$(PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@

clean:
	rm -rf $(VENV) $(BENCH_VENV) .pytest_cache .ruff_cache
