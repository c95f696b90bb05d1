# Two commands matter: `make demo` and `make test`. `make` alone lists all of them.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.8
# uv installs from the package index that pip is set up for, and trusts what the system trusts.
INDEX = $(or $(PIP_INDEX_URL),$(shell $(BIN)/python -m pip config get global.index-url 2>/dev/null))
UV = UV_NATIVE_TLS=1 $(if $(INDEX),UV_DEFAULT_INDEX=$(INDEX)) $(BIN)/uv
# Tests start hundreds of processes of this project, each of which would compile it anew.
unexport PYTHONDONTWRITEBYTECODE
# Generated examples are the same in each run; `make soak SEED=n` looks elsewhere.
# Three processes keep two cores busy: some tests wait for timers of Terraform and of DMS.
PYTEST := $(BIN)/pytest -n $(or $(WORKERS),3) --dist loadfile --no-loadscope-reorder --hypothesis-seed=0

.PHONY: help setup demo dashboard rehearse test test-fast soak mutations lint format docs generate wheel requirements status doctor clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.packages: requirements/requirements.txt
	@echo "Setting up $(VENV) (about 1.4 GB; half a minute with a warm package cache)"
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 13) else f"Python 3.11 or 3.12 is needed, this is {v[0]}.{v[1]}; say which with: make PYTHON=/path/to/python3.11")'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python -r requirements/requirements.txt \
		|| $(BIN)/python -m pip install --quiet -r requirements/requirements.txt
	@touch $@

$(VENV)/.ready: $(VENV)/.packages pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(VENV)/.ready  ## everything a run needs: virtual environment, Java, Hudi, dbt profile
	@$(BIN)/lakehouse setup

demo: setup  ## source to Gold on generated data, then the same for live changes; about 2 minutes
	@$(BIN)/lakehouse demo

dashboard: setup  ## tenants' business at a glance on http://127.0.0.1:8501, after the demo; WHO=analyst@SLUG for one tenant
	@$(BIN)/lakehouse dashboard --as $(or $(WHO),analyst)

rehearse: setup  ## Terraform, Silver on s3:// and dbt on Athena with no AWS account; fetches 0.8 GB once
	@$(BIN)/lakehouse rehearse

test: setup lint  ## lint, then every test
	@$(PYTEST) tests

test-fast: setup  ## the tests that start neither Spark nor dbt, and none that takes seconds
	@$(PYTEST) -n $(or $(WORKERS),2) -m "not spark and not dbt and not slow and not rehearsal" tests

# 2,000 histories in each property of Silver: examples x tenants (x tables).
soak: setup  ## properties of Silver with 2,000 generated histories each; about 6 minutes
	@LAKEHOUSE_CONVERGENCE_EXAMPLES=10 LAKEHOUSE_CONVERGENCE_TENANTS=200 \
		LAKEHOUSE_TOGETHER_EXAMPLES=10 LAKEHOUSE_TOGETHER_TENANTS=70 \
		$(BIN)/pytest tests/properties --hypothesis-show-statistics --hypothesis-seed=$(or $(SEED),0)

mutations: setup  ## take guarantees out of the merge, one at a time, and show the test that notices
	@$(BIN)/python -m tests.mutations

lint: setup  ## ruff, import rules, sqlfluff, generated files, Django check, terraform fmt
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet .
	@$(BIN)/lint-imports --no-logo >/dev/null || $(BIN)/lint-imports
	@$(BIN)/lakehouse generate --check
	@$(BIN)/python source_app/manage.py check
	@$(BIN)/sqlfluff lint --disable-progress-bar dbt_project
	@if command -v terraform >/dev/null; then terraform fmt -check -recursive terraform; fi

format: setup  ## let ruff, sqlfluff and terraform rewrite what they can
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .
	@$(BIN)/sqlfluff fix --disable-progress-bar dbt_project
	@if command -v terraform >/dev/null; then terraform fmt -recursive terraform; fi

docs: setup  ## the dbt docs site as one page: .lakehouse/reports/dbt-docs.html
	@$(BIN)/lakehouse docs

generate: setup  ## write the files that are derived from the contracts
	@$(BIN)/lakehouse generate

wheel: setup  ## the release of the Glue jobs in dist/: wheel, entry script, dependencies, jar
	@$(BIN)/python -m lakehouse.release.build dist && ls dist

requirements: $(VENV)/.ready  ## pin requirements.in anew
	@$(UV) pip compile --quiet --python-version 3.11 --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make requirements" --upgrade \
		requirements/requirements.in -o requirements/requirements.txt

status: setup  ## where every table stands in each layer
	@$(BIN)/lakehouse status

doctor: setup  ## check everything a run needs
	@$(BIN)/lakehouse doctor

clean:  ## stop the local database, remove what runs have made and the venv; profiles.yml stays
	@-[ -x $(BIN)/lakehouse ] && $(BIN)/lakehouse down
	@rm -rf $(VENV) .lakehouse target logs build *.egg-info .hypothesis .pytest_cache .ruff_cache \
		.import_linter_cache
