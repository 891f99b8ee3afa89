# Every command of the project. Each makes its own .venv first, and is quick when nothing has changed.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for one in python3 python3.13 python3.12 python3.11; do \
	$$one -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$one && break; done)
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 2)

# Our own code is compiled once, also where the environment says otherwise: every start is a third of a second faster.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run install test check format bench chaos docs constraints

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "make %-12s %s\n", $$1, $$2 }'

run: $(VENV)/.runtime ## Start the bot; without a chat token it prints the playground's address
	@exec $(BIN)/imagine-bot run

install: $(VENV)/.runtime ## Make .venv and install what the bot needs

test: $(VENV)/.dev ## Run the tests
	$(BIN)/pytest -m "not slow" -n $(WORKERS) --dist loadfile

check: $(VENV)/.dev ## Formatting, lint, types, imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev ## Format, and mend what lint can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## Measure; docs/benchmarks.md says what (LONG=1: 10 minutes of load, 30 of soak)
	$(BIN)/python -m tests.bench $(if $(LONG),--long)

chaos: $(VENV)/.dev ## The long kill test, with its table
	$(BIN)/python -m tests.chaos

docs: $(VENV)/.dev ## Write the generated tables and .env.example anew
	$(BIN)/python -m tests.support.generated

constraints: $(VENV)/.dev ## Write constraints.txt anew from .venv
	@{ head -n 1 constraints.txt; $(BIN)/pip freeze --exclude-editable | grep -v '^audioop-lts'; grep '; ' constraints.txt | grep -v '^#'; } > constraints.new
	@mv constraints.new constraints.txt

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found. Set PYTHON to its path." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "On Debian and Ubuntu: apt install python3-venv." >&2; exit 1; }

$(VENV)/.runtime: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@$(BIN)/python -m compileall -q bot providers storage
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	@echo "Installing what tests and checks need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
