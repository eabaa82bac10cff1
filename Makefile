# `make` or `make help` lists every target. Targets install what they need.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
PYTEST := $(BIN)/python -m pytest -q
IN_TWO := -n 2
SOURCES := webui campaigns dialer scripts_talk secure_store migrations tests

# One name per phase of `make test`, in this order: cheap answers first.
PHASES := lint types contracts migrations unit integration web browser acceptance leaks

.PHONY: help install system demo test $(PHASES) clauses clause bench soak format clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

install: $(STAMP) ## make .venv from the locked requirements; leaves .venv/bin/dialer

$(STAMP): requirements/dev.txt requirements/runtime.in pyproject.toml
	@echo "== install"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation -e .
	@touch $@

system: ## install missing Debian packages (browser, fonts, PostgreSQL); sudo when not root
	@echo "== system packages"
	@bash packaging/system-packages.sh

demo: install ## a rehearsal centre with sample people, in the browser
	$(BIN)/dialer demo

test: system install $(PHASES) ## install everything, then run every check
	@echo "== all passed"

lint: install ## style, likely mistakes, formatting
	@echo "== lint"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .

types: install ## strict types of the five packages
	@echo "== types"
	$(BIN)/mypy

contracts: install ## import contracts and the other rules of the architecture
	@echo "== contracts"
	$(PYTEST) tests/architecture

migrations: system install ## every revision up and down on both databases; models equal the newest
	@echo "== migrations"
	$(PYTEST) tests/migrations

unit: install ## rules and decisions, without a database
	@echo "== unit"
	$(PYTEST) $(IN_TWO) tests/unit

integration: system install ## use cases on SQLite and on PostgreSQL
	@echo "== integration"
	$(PYTEST) $(IN_TWO) tests/integration

web: install ## pages through the checking client
	@echo "== web"
	$(PYTEST) $(IN_TWO) tests/web

browser: system install ## pages in a real Chromium
	@echo "== browser"
	$(PYTEST) $(IN_TWO) tests/browser

acceptance: system install ## a working day, from the lent file to the certificate
	@echo "== acceptance"
	$(PYTEST) $(IN_TWO) tests/acceptance

leaks: system install ## plants marked values, runs the day, searches everything that was written
	@echo "== leaks"
	$(PYTEST) $(IN_TWO) tests/leaks

clauses: install ## which clauses and figures have tests (ID=S4-7.2b-1: run the tests of one)
	@$(BIN)/python tests/clauses_report.py $(if $(ID),--id $(ID))

clause: install ## run the tests that name one clause: make clause ID=S4-7.2b-1
	@$(BIN)/python tests/clauses_report.py --id $(if $(ID),$(ID),$(error say which: make clause ID=S4-7.2b-1))

bench: system install ## measure the figures that have a goal (SIZE=full, FIGURES="outcome leasing")
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements/bench.txt
	@SIZE=$(SIZE) $(BIN)/python -m tests.bench.run $(FIGURES)

soak: system install ## the figures at full size, hours in all (PART=rules|orders|contracts|processes|audit|keys|erasures|edge)
	@$(BIN)/python tests/soak/run.py $(PART)

format: install ## let ruff format and repair
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove .venv and everything that can be made again
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +
