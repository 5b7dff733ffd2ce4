# Two commands are enough: `make run` shows the bot in its embedded world, `make test` checks everything.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
COMPILE := $(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes --strip-extras \
  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host
INSTALL := -m pip --quiet --disable-pip-version-check install
CHECK_PYTHON := $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
  { echo "agw needs Python 3.11 or newer; name one, for example: make PYTHON=python3.12 run" >&2; exit 1; }

AZURE_CLI := .venv-az
PEERS := .venv-peers

# Where `make install` puts the bot, and with which extra: none, or otel.
TO ?= /opt/agw
WITH ?=

# Parallel test processes: more than two cores can use, because some wait for a browser or a child process. Each costs
# several seconds of its own: it collects every test, and starts a browser, a PostgreSQL and a parent of its children.
WORKERS ?= 4
PYTEST := $(BIN)/python -m pytest

# Use bytecode for test modules and child processes, even if it is switched off in the environment.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test quick test-deep lint types imports tests core properties edges corpus faults takeover install bench bench-peers peers-lock random soak pictures catalogue lock azure-cli azure-cli-lock try-image docs clean

run: $(READY)
	@$(BIN)/agw lab --scenario ilb-ase

# Four at a time: the edges leave a core idle while they wait for a browser or a child process. Those first whose work
# cannot be shared out.
test: lint
	@$(MAKE) --no-print-directory --jobs 4 --output-sync=target properties core edges types imports

# Run this after each change: everything except the tests of the edges and the measuring of branches.
quick: lint types imports
	$(PYTEST) tests/core --numprocesses 2

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports --no-logo

tests: $(READY)
	@$(MAKE) --no-print-directory --jobs 3 --output-sync=target properties core edges

# The core's own examples cover every branch of it, so only they are measured (tests/core/conftest.py). In two
# processes, so that in the end no core of the machine is idle while the other one measures.
core: $(READY)
	@$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest tests/core -m "not hypothesis" --numprocesses 2 --dist worksteal
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# Property tests of the core: random, so they are not measured. Only files that have any are read: to collect the
# thousands of other tests once more takes longer than most properties.
properties: $(READY)
	$(PYTEST) $$(grep --recursive --files-with-matches --include='*.py' '^from hypothesis' tests/core) -m hypothesis

edges: $(READY)
	$(PYTEST) --ignore tests/core -m "not repeats" --numprocesses $(WORKERS) --dist worksteal

# The rest of the scenarios, and of the commands told in them: `make test` has one of each cause, note, remedy and
# undecided rule, and some of those without a fault.
corpus: $(READY)
	$(PYTEST) tests/corpus -m repeats --numprocesses $(WORKERS) --dist worksteal

# The rest of the faults on PostgreSQL: of each file of tests, `make test` has one. And all else that repeats: the page
# on a desktop, the lab's story on another gateway, another form of an answer.
faults: $(READY)
	$(PYTEST) --ignore tests/core --ignore tests/corpus --ignore tests/story/test_replicas.py -m repeats --numprocesses $(WORKERS) --dist worksteal

# Two at a time: each test starts up to ten processes of the bot, and says how soon one follows another.
takeover: $(READY)
	$(PYTEST) tests/story/test_replicas.py -m repeats --numprocesses 2

# Property tests with many more examples.
test-deep: $(READY)
	$(PYTEST) -m hypothesis --hypothesis-profile deep --timeout 3600 --numprocesses 2 --dist worksteal

# The bot without its tools, every package of the locks verified by its hash. Build tools are removed afterwards.
install:
	@$(CHECK_PYTHON)
	@{ mkdir -p "$(TO)" && test -w "$(TO)"; } 2>/dev/null || \
	  { echo "agw cannot be installed into $(TO): use sudo, or name another folder: make install TO=$$HOME/agw" >&2; exit 1; }
	@test -x "$(TO)/bin/pip" || $(PYTHON) -m venv "$(TO)"
	@echo "Installing the locked packages and agw into $(TO) ..."
	@"$(TO)/bin/python" $(INSTALL) --compile --require-hashes -r requirements$(if $(WITH),-$(WITH)).lock
	@build=$$(mktemp -d) && trap 'rm -rf "$$build"' EXIT && \
	  "$(TO)/bin/python" $(INSTALL) --require-hashes --target "$$build" -r requirements-build.lock && \
	  PYTHONPATH="$$build" "$(TO)/bin/python" $(INSTALL) --compile --force-reinstall --no-deps --no-build-isolation .
	@"$(TO)/bin/agw" --version

# The Dockerfile's steps in an empty folder with only the files that it copies; then the result is started and asked.
try-image: $(READY)
	@$(BIN)/python -m tests.deploy.try_image

# All figures with their goals, or only some GROUPS of them; JSON is a file for the figures.
bench: $(READY)
	@$(BIN)/python -m tests.bench $(if $(JSON),--json $(JSON)) $(GROUPS)

# The same looks and acknowledgements by others. sslyze goes into a folder of its own: nothing of agw needs it.
bench-peers: $(READY) $(PEERS)/.ready
	@$(BIN)/python -m tests.bench.peers --sslyze $(PEERS)/bin/sslyze

$(PEERS)/.ready: .ci/peers.lock
	@$(PYTHON) -m venv --clear $(PEERS)
	@$(PEERS)/bin/python $(INSTALL) --require-hashes -r .ci/peers.lock
	@touch $@

peers-lock: export CUSTOM_COMPILE_COMMAND := make peers-lock
peers-lock: $(READY)
	$(COMPILE) --output-file .ci/peers.lock .ci/peers.in

# Random gateways and servers, judged by the lab: N of them from SEED (else a new one each time), or one CASE again.
# SWITCH_OFF is a rule's id, or `every` for a run that says which rules could be lost unnoticed. JOBS at a time (as
# many as there are cores). COUNT=1 only counts how often each rule fires. Ended by Ctrl-C, it goes on where it was.
N ?= 200
random: $(READY)
	@nice $(BIN)/python -m tests.random_worlds --n $(N) $(if $(SEED),--seed $(SEED)) $(if $(CASE),--case $(CASE)) \
	  $(if $(SWITCH_OFF),--switch-off $(SWITCH_OFF)) $(if $(JOBS),--jobs $(JOBS)) $(if $(COUNT),--count)

# Changes with kills at random: N of them from SEED on one STORE (sqlite, postgresql); goes on where it was stopped.
STORE ?= sqlite
soak: $(READY)
	@nice $(BIN)/python -m tests.soak --store $(STORE) --n $(N) $(if $(SEED),--seed $(SEED)) $(if $(CASE),--case $(CASE))

# What the README leads to, as pages in the folder site; a link that leads nowhere fails.
docs: $(READY)
	@$(BIN)/python -m tests.tooling.pages

pictures: $(READY)
	@$(BIN)/python -m tests.tooling.pictures

catalogue: $(READY)
	@$(BIN)/python -m tests.tooling.catalogue

# Four locks: the bot; the bot with traces; the bot with everything and its tools, in the same versions; the build tools.
# No option names an index: pip's own configuration decides.
lock: export CUSTOM_COMPILE_COMMAND := make lock
lock: $(READY)
	$(COMPILE) --output-file requirements.lock pyproject.toml
	$(COMPILE) --constraint requirements.lock --extra otel --output-file requirements-otel.lock pyproject.toml
	$(COMPILE) --constraint requirements-otel.lock --extra dev --extra otel --output-file requirements-dev.lock pyproject.toml
	$(COMPILE) --constraint requirements-dev.lock --only-build-deps --build-deps-for wheel \
	  --output-file requirements-build.lock pyproject.toml

# The Azure CLI, for the test that lets its parser read every suggested command; without it that test is skipped.
azure-cli: $(AZURE_CLI)/.ready

$(AZURE_CLI)/.ready: .ci/azure-cli.lock
	@$(PYTHON) -m venv --clear $(AZURE_CLI)
	@echo "Installing the Azure CLI into $(AZURE_CLI) (once, about a minute) ..."
	@$(AZURE_CLI)/bin/python $(INSTALL) --require-hashes -r .ci/azure-cli.lock
	@touch $@

azure-cli-lock: export CUSTOM_COMPILE_COMMAND := make azure-cli-lock
azure-cli-lock: $(READY)
	$(COMPILE) --output-file .ci/azure-cli.lock .ci/azure-cli.in

# Packages are byte-compiled here, once: without it the first answer in Slack would be seconds late.
$(READY): requirements-dev.lock pyproject.toml
	@$(CHECK_PYTHON)
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv
	@echo "Installing the locked packages into .venv (once, about a minute) ..."
	@$(BIN)/python $(INSTALL) --compile --require-hashes -r requirements-dev.lock
	@$(BIN)/python $(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf .venv .venv-peers $(AZURE_CLI) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* site
