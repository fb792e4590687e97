# Each target creates .venv by itself, so each works first on a fresh machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements.lock

.PHONY: run test lint types golden evaluate quality benchmark docs clean

run: $(VENV)/.installed
	$(BIN)/kg build seeds -o output
	@echo
	@echo "Open output/graph.html in a browser, read output/graph.ttl, or ask:"
	@echo "  $(BIN)/kg query 'SELECT ?who ?office { ?who kg:holdsRole ?office }'"

test: $(VENV)/.tested
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/.tested
	$(BIN)/ruff check kg tests benchmarks training
	$(BIN)/lint-imports

types: $(VENV)/.tested
	$(BIN)/mypy

golden: $(VENV)/.tested
	$(BIN)/python -m pytest tests/test_golden.py tests/test_notebooks.py tests/docs/test_site.py --update-golden

evaluate: $(VENV)/.tested
	$(BIN)/kg build tests/quality/stories/docs.jsonl -o output/stories --no-publish
	$(BIN)/kg evaluate tests/quality/stories/gold --store output/stories/store --judged tests/quality/stories/judged.jsonl

quality: $(VENV)/.tested
	$(BIN)/python -m benchmarks.quality

benchmark: $(VENV)/.tested
	$(BIN)/python benchmarks/build_speed.py

docs: $(VENV)/.documented
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo "Open site/index.html in a browser."

clean:
	rm -rf output site $(VENV)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e '.[test,dev]'
	@touch $@

$(VENV)/.documented: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e '.[docs]'
	@touch $@
