# Two commands are enough: `make run` shows the bot in its embedded world, `make test` checks everything.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: run test lint types imports tests bench pictures catalogue lock clean

run: $(READY)
	@$(BIN)/agw lab --scenario ilb-ase

test: lint types imports tests

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports --no-logo

tests: $(READY)
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage report

bench: $(READY)
	@$(BIN)/python -m tests.bench

pictures: $(READY)
	@$(BIN)/python -m tests.tooling.pictures

catalogue: $(READY)
	@$(BIN)/python -m tests.tooling.catalogue

# One lock for the bot and its tools. No option names an index: pip's own configuration decides.
lock: export CUSTOM_COMPILE_COMMAND := make lock
lock: $(READY)
	$(BIN)/pip-compile --quiet --extra dev --allow-unsafe --generate-hashes --strip-extras \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --output-file requirements.lock pyproject.toml

# Packages are byte-compiled here, once: without it the first answer in Slack would be seconds late.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "agw needs Python 3.11 or newer; name one, for example: make PYTHON=python3.12 run" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv
	@echo "Installing the locked packages into .venv (once, about a minute) ..."
	@$(PIP) install --compile --require-hashes -r requirements.lock
	@$(PIP) --quiet install --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage *.egg-info
