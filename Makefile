# Two commands are enough: `make run` shows the bot in its embedded world, `make test` checks everything.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run test bench lint types imports tests catalogue lock clean

run: $(READY)
	@$(BIN)/agw lab --scenario ilb-ase

test: lint types imports tests

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

tests: $(READY)
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage report

bench: $(READY)
	@$(BIN)/python -m tests.bench

catalogue: $(READY)
	@$(BIN)/python -m tests.tooling.catalogue

lock: $(READY)
	@$(BIN)/python -m tests.tooling.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "agw needs Python 3.11 or newer; set PYTHON=/path/to/it, e.g. make PYTHON=python3.12 run"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the locked packages into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .coverage
