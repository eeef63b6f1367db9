# Every target sets up what it needs first. `make run` and `make test` are the two that matter.

PYTHON ?= python3
PORT ?= 8000
PY := .venv/bin/python
UV := .venv/bin/uv
HAVE := $(addprefix --no-emit-package ,asgiref django nh3 sqlparse tzdata)
COMPILE := $(UV) pip compile --universal --generate-hashes --no-annotate --custom-compile-command "make lock" --quiet

export PORT
export UV_SYSTEM_CERTS = 1

.DEFAULT_GOAL := help
.PHONY: help run test check audit bench chaos bench-scale pictures messages lock vendor clean system setup

help:
	@echo "make run      start PRM on http://localhost:$(PORT) (nothing else to install)"
	@echo "make test     the whole suite, on SQLite and on PostgreSQL + Redis, with a real browser"
	@echo "make check    formatting, types, import contracts, templates, migrations, locks"
	@echo "make system   Debian packages that make test wants (as root)"
	@echo "make bench    the benchmarks; some ten minutes (BENCH=--small: a try)"
	@echo "make chaos    mail under faults, on both stacks; some twenty-five minutes (SEED=7 STACK=postgres: one run)"
	@echo "make audit, pictures, messages, lock, vendor, clean: see CONTRIBUTING.md"

run: .venv/base .env
	@exec $(PY) -m config.supervise

test: .venv/dev .env
	@$(PY) scripts/run_tests.py

check: .venv/dev .env
	@$(PY) scripts/run_checks.py

audit: .venv/dev .env
	@$(PY) scripts/audit.py $(AUDIT)

bench: .venv/dev
	@$(PY) scripts/run_bench.py $(BENCH)

chaos: .venv/dev
	@SEED=$(SEED) STACK=$(STACK) $(PY) scripts/run_chaos.py

bench-scale:
	@echo "There is no 'make $@' yet: nothing was measured."; exit 2

setup: .venv/dev .env

lock: .venv/uv
	$(COMPILE) requirements/uv.in -o requirements/uv.txt $(LOCK)
	$(COMPILE) pyproject.toml -o requirements/base.txt $(LOCK)
	$(COMPILE) pyproject.toml --extra dev -c requirements/base.txt -o requirements/dev.txt $(LOCK)
	$(COMPILE) requirements/wapiti.in -o requirements/wapiti.txt $(LOCK)
	$(COMPILE) requirements/peers.in -c requirements/base.txt $(HAVE) -o requirements/peers.txt $(LOCK)

vendor: .venv/base
	$(PY) scripts/vendor.py

messages: .venv/dev
	@$(PY) scripts/messages.py

pictures: .venv/dev
	@$(PY) scripts/pictures.py

system:
	@sh scripts/system.sh

clean:
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.env: | .venv/base
	@$(PY) -m config.environment

.venv/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "PRM needs Python 3.11 or newer; try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 2; }
	@test -x $(PY) || $(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo "python3 -m venv does not work here. On Debian: apt-get install python3-venv"; exit 2; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/base: requirements/base.txt .venv/uv
	@echo "Installing PRM's dependencies into .venv ..."
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements/base.txt
	@touch $@

.venv/dev: requirements/dev.txt .venv/base
	@echo "Installing what tests and checks need into .venv ..."
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements/dev.txt
	@touch $@
