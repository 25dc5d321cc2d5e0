PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
ARGS ?=

.PHONY: demo test test-all soak bench check lock clean

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "implbot needs Python 3.11 or newer; set PYTHON=/path/to/it")'
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

demo: $(STAMP)
	@$(BIN)/implbot demo $(ARGS)

test: $(STAMP)
	@$(BIN)/python -m pytest -q $(ARGS)

test-all: test
	@$(BIN)/python -m pytest -q -m 'slow and not soak' $(ARGS)

soak: $(STAMP)
	@$(BIN)/python -m pytest -q -m soak --dist load $(ARGS)

bench: $(STAMP)
	@$(BIN)/python -m tests.bench.reading
	@$(BIN)/python -m tests.bench.sweep
	@$(BIN)/python -m tests.bench.workspace
	@$(BIN)/python -m tests.bench.setup
	@$(BIN)/python -m tests.bench.ack

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: ## needs uv
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-annotate --python-version 3.11 --output-file requirements.lock

clean:
	rm -rf .venv .implbot .pytest_cache .mypy_cache .ruff_cache
