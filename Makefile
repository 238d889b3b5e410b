# The only list of commands. `make run` and `make test` need Python 3.11+ with venv, and make; nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# The page is built with the Node of $(VENV), and the tree is imported where it stands.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONPATH := $(CURDIR)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
NPM := cd frontend && npm --loglevel=error --no-audit --no-fund --no-update-notifier
MODULES := frontend/node_modules/.installed
PAGE := frontend/dist/index.html
PAGE_SOURCES := $(shell find frontend/src frontend/public -type f 2>/dev/null) \
	$(wildcard frontend/*.html frontend/*.json frontend/*.js frontend/*.ts) openapi/openapi.json
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock"
PYTEST := $(BIN)/python -m pytest -p tests.support.no_skips

.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: run test lint types contract unit fuzz browser bench demo lock clean

run: $(RUNTIME) $(PAGE) ## start PostgreSQL, the API and the page; Ctrl-C stops everything
	@exec $(BIN)/python -m api.cli run

test: $(DEV) $(PAGE) lint types ## everything, from nothing, on two cores; writes reports/junit.xml
	@mkdir -p reports
	$(PYTEST) -n 2 --dist worksteal --junitxml=reports/junit.xml

lint: $(DEV) $(MODULES) ## formatting, rules, import contracts, the page's own checks, the Dockerfile
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile
	$(NPM) run --silent contract
	$(NPM) run --silent lint
	$(NPM) run --silent check
	$(NPM) run --silent test

types: $(DEV) ## mypy --strict
	$(BIN)/mypy

contract: $(DEV) $(MODULES) ## openapi/openapi.json from the code, the page's client from openapi.json
	$(BIN)/python -m api.cli openapi
	$(NPM) run --silent generate

unit: $(DEV) ## the tests that need neither a browser nor minutes
	$(PYTEST) -m "not browser and not faults and not fuzz"

fuzz: $(DEV) ## Schemathesis over the whole contract
	$(PYTEST) -m fuzz

browser: $(DEV) $(PAGE) ## the page in a real Chromium
	$(PYTEST) -m browser

bench: $(DEV) ## the goals of speed, one line of JSON each
	$(BIN)/python -m bench

demo: $(RUNTIME) ## load the demo shop into an empty base
	$(BIN)/python -m api.cli demo

# What runs is a part of what is developed with, so the wider set is settled first.
lock: $(DEV) ## both lock files again, from pyproject.toml
	$(LOCK) --upgrade --extra dev --output-file requirements-dev.lock pyproject.toml
	$(LOCK) --upgrade --constraints requirements-dev.lock --output-file requirements.lock pyproject.toml

clean: ## what was built; the data folder stays
	rm -rf $(VENV) frontend/node_modules frontend/dist reports .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Comptoir needs Python 3.11 or newer, and $(PYTHON) is not. Name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; \
		exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)

$(RUNTIME): requirements.lock | $(BIN)/python
	@echo "Installing Python packages (once)"
	@$(BIN)/python -m pip install -qq --no-deps --require-hashes -r requirements.lock
	@touch $@

$(DEV): requirements-dev.lock | $(BIN)/python
	@echo "Installing Python packages for development (once)"
	@$(BIN)/python -m pip install -qq --no-deps --require-hashes -r requirements-dev.lock
	@touch $@ $(RUNTIME) # what runs is a part of it

$(MODULES): frontend/package-lock.json frontend/package.json | $(BIN)/npm
	@echo "Installing the page's packages (once)"
	@$(NPM) ci >/dev/null
	@touch $@

$(PAGE): $(MODULES) $(PAGE_SOURCES)
	@echo "Building the page"
	@$(NPM) run --silent build -- --logLevel warn
	@touch $@

# Node comes with either set of Python packages; the smaller one is enough.
$(BIN)/npm:
	@test -x $@ || $(MAKE) --no-print-directory $(RUNTIME)
