# 考功 Kaogong: one entry point for people. `make run` serves, `make test` proves; both set up what they need.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test faults check fix bench docs lock catalogue

VENV := .venv
BIN := $(VENV)/bin

# The first Python of 3.11 or later that really starts; PYTHON=… chooses another one.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)

# Debian parts the module that makes virtual environments from its Python; root may fetch it without being asked.
define VENV_FROM_SYSTEM
{ test "$$(id -u)" = 0 && apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv --clear $(VENV); } \
	|| { echo "请先安装 Python 的 venv 模块(Debian: apt install python3-venv)" >&2; \
	     echo "Please install Python's venv module first (Debian: apt install python3-venv)" >&2; rm -rf $(VENV); exit 1; }
endef

# Go's own packages read our log in the long tests, which say so loudly where Go is missing; root may fetch it without being asked.
define GO_FROM_SYSTEM
{ command -v go >/dev/null && test -d /usr/share/gocode/src/golang.org/x/mod; } || { test "$$(id -u)" = 0 && \
	apt-get update -qq && apt-get install -y -qq --no-install-recommends golang-go golang-golang-x-mod-dev; }
endef

PIP_INSTALL := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-input
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))
# One more than there are processors, up to four: tests also wait, for browsers, servers and disks.
WORKERS := $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); test $$n -lt 3 && echo $$((n + 1)) || echo 4)
CHECKED := workflow tests migrations bench config.py wsgi.py

help: ## what this file can do
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)$$/  make \1 \t\2/p' Makefile | expand -t 20

setup: $(VENV)/.project $(CATALOGUES) ## install the service into .venv

setup-dev: setup $(VENV)/.tools ## install what checks and tests need as well

run: setup ## serve on http://127.0.0.1:8000, with the demo organisation on first use
	@$(BIN)/kaogong init --no-operator
	@$(BIN)/kaogong demo --if-empty
	@exec $(BIN)/kaogong serve

test: check ## every check and every test
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

faults: setup-dev ## the long tests: other people's readers of the record, and faults by the hundred
	@$(GO_FROM_SYSTEM) || true
	$(BIN)/python -m pytest -m long tests/faults
	FAULTS_KILLS=$${FAULTS_KILLS:-200} $(BIN)/python -m pytest --timeout=0 tests/faults/test_kills.py

check: setup-dev ## format, lint, types and floors
	$(BIN)/ruff format --check --quiet $(wildcard $(CHECKED))
	$(BIN)/ruff check --quiet $(wildcard $(CHECKED))
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

fix: setup-dev ## put format, imports and what else can be mended right
	$(BIN)/ruff check --fix $(wildcard $(CHECKED))
	$(BIN)/ruff format $(wildcard $(CHECKED))

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更高版本 / Python 3.11 or later is needed" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || $(VENV_FROM_SYSTEM)

$(VENV)/.requirements: requirements.txt $(BIN)/python
	@echo "正在安装所需的软件包,只需一次 / Installing what it needs, once"
	@$(PIP_INSTALL) --require-hashes --requirement requirements.txt
	@touch $@

$(VENV)/.tools: requirements-dev.txt $(VENV)/.requirements
	@echo "正在安装检查和测试所需的软件包,只需一次 / Installing what checks and tests need, once"
	@$(PIP_INSTALL) --require-hashes --requirement requirements-dev.txt
	@touch $@

# No network is asked here: what builds the project came with the requirements.
$(VENV)/.project: pyproject.toml $(VENV)/.requirements
	@$(PIP_INSTALL) --no-deps --no-index --no-build-isolation --editable .
	@touch $@

%.mo: %.po | $(VENV)/.requirements
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

bench: setup-dev ## measure; one JSON line for each figure
	@for each in bench/*.py; do $(BIN)/python $$each || exit 1; done

docs: setup-dev ## write anew the parts of the documents that are made from the code
	$(BIN)/python -m tests.support.documents

# Pins name no registry: whoever installs brings their own.
lock: setup-dev ## choose the pins anew from requirements.in and requirements-dev.in
	$(PIP_INSTALL) uv
	for each in requirements requirements-dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade $$each.in --output-file $$each.txt; done

catalogue: setup ## gather the sentences of the pages into translations/en, where the new ones await their English
	@mkdir -p translations/en/LC_MESSAGES build
	$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --keywords lazy_gettext --no-location --sort-output \
		--project kaogong --output-file build/messages.pot .
	@test -e translations/en/LC_MESSAGES/messages.po \
		|| $(BIN)/pybabel --quiet init --input-file build/messages.pot --output-dir translations --locale en
	$(BIN)/pybabel --quiet update --input-file build/messages.pot --output-dir translations --locale en \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
