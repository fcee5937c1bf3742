# Everything a developer or a checking machine runs. `make plan` needs only Python 3.11 or later and the network.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# On a terminal pip shows what it is at; in a log that would be some two hundred lines.
PIP := $(BIN)/python -m pip install --disable-pip-version-check $$([ -t 1 ] || echo --quiet)

# Every line and branch of these is run by the tests: a slip here is a wrong dose.
COVERED := inotrope/units/*,inotrope/patient/*,inotrope/dosing/*,inotrope/safety/*,inotrope/order/*,inotrope/population/*,inotrope/forecast/*,inotrope/kinetics/*,inotrope/circulation/*,inotrope/simulation/*,inotrope/estimation/*,inotrope/evaluation/*,inotrope/plan/circulation/*,inotrope/plan/fitting/*,inotrope/plan/target/*,inotrope/course/*,inotrope/access/*,inotrope/fhir/*,inotrope/hooks/*,inotrope/web/guard/*,inotrope/web/api/*
DRUGS := $(patsubst %/,%,$(dir $(wildcard inotrope/library/*/drug.toml)))

.DEFAULT_GOAL := help
.PHONY: help setup plan serve test test-slow check generate benchmark bench bench-estimation bench-circulation bench-web bench-hooks bench-course validate wheel clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: $(READY) ## .venv with the pinned packages and inotrope itself, once

$(READY): requirements.txt requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Inotrope needs Python 3.11 or later. Name one: make PYTHON=python3.12 ...")'
	@echo "Setting up $(VENV), once: two to five minutes, longer on a slow line, and about 1 GB of disk. Later calls start at once."
	@echo "1 of 4: a fresh Python environment ..."
	@$(PYTHON) -m venv $(VENV)
	@echo "2 of 4: the packages that Inotrope needs (requirements.txt) ..."
	@$(PIP) -r requirements.txt
	@echo "3 of 4: the packages that its tests and benchmarks need (requirements-dev.txt), by far the larger part ..."
	@$(PIP) -r requirements-dev.txt
	@echo "4 of 4: Inotrope itself ..."
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q inotrope  # as the installation of a wheel does
	@touch $@

plan: $(READY) ## set everything up, and plan the shipped example
	$(BIN)/inotrope plan sound-adult

serve: $(READY) ## the bedside page, in a browser on this machine, with the shipped examples to look at
	$(BIN)/inotrope serve --open

test: $(READY) ## the suite, and every line and branch of units, patient, dosing, safety, order, population, forecast, kinetics, circulation, simulation, estimation and evaluation
	$(BIN)/pytest -n 2 --dist worksteal -m "not slow" --cov --cov-report=
	$(BIN)/coverage report --include='$(COVERED)' --show-missing --skip-covered --fail-under=100

test-slow: $(READY) ## the tests that take minutes
	$(BIN)/pytest -n 2 -m slow --timeout=7200

check: $(READY) ## format, lint, types, floors, drug folders, generated documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@test -n "$(DRUGS)" || { echo "No folder of inotrope/library has a drug.toml."; exit 1; }
	@set -e; for folder in $(DRUGS); do echo "$(BIN)/inotrope drug check $$folder"; $(BIN)/inotrope drug check "$$folder"; done
	$(BIN)/python docs/generate.py --check

generate: $(READY) ## write the generated documents anew: schemas, the table of SAFETY.md
	$(BIN)/python docs/generate.py

benchmark: $(READY) ## speed, as ratios against a stated rival in one run
	$(BIN)/python benchmarks/run.py

bench: $(READY) ## speed of the kinetics of many patients, beside what the machine can do and beside others
	$(BIN)/python benchmarks/kinetics.py

bench-estimation: $(READY) ## speed of the most probable parameters, beside SciPy's L-BFGS-B on the same objective
	$(BIN)/python benchmarks/estimation.py

bench-circulation: $(READY) ## speed of the circulation, beside SciPy's root, real time and (RIVALS=PYTHON) other engines
	$(BIN)/python benchmarks/circulation.py $(if $(RIVALS),--rivals $(RIVALS))

bench-web: $(READY) ## what one waits for at the bedside page, beside a bare route, and twenty users at once
	$(BIN)/python benchmarks/web.py

bench-hooks: $(READY) ## how long an order-sign of CDS Hooks waits at twenty calls a second, beside a bare route
	$(BIN)/python benchmarks/hooks.py

bench-course: $(READY) ## events kept a second and a long course opened, beside the bare database, SQLite and PostgreSQL
	$(BIN)/python benchmarks/course.py

validate: $(READY) ## the circulation beside what was published: the label's table, and studies that nothing was fitted to
	$(BIN)/python validation/circulation.py

wheel: $(READY) ## dist/*.whl, with library and examples inside
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

clean: ## remove what the other targets made
	rm -rf $(VENV) build dist .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find inotrope tests docs benchmarks -type d -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
