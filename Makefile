# The few verbs of this project, the same here and in CI.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
TOOLS  := $(VENV)/.tools
JOBS   ?= 4

.PHONY: help install demo test check fix lock bench-render bench drills clean

help: ## This list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n",$$1,$$2}' Makefile

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(STAMP): pyproject.toml requirements.lock | $(BIN)/python
	$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

$(TOOLS): requirements-dev.lock $(STAMP)
	$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-dev.lock
	@touch $@

install: $(STAMP) ## Makes .venv/bin/hebdo
	@echo "Prêt : $(BIN)/hebdo --help · Ready: $(BIN)/hebdo --help"

demo: $(STAMP) ## The whole job on the sample newsletter, to a local inbox (DEMO_EXIT=1 ends it)
	$(BIN)/python -m pip install -q --disable-pip-version-check aiosmtpd==$$(sed -n 's/^aiosmtpd==//p' requirements-dev.lock | cut -d' ' -f1)
	$(BIN)/python bench/demo.py

test: $(TOOLS) ## Every test; installs what they need (Chromium, fonts, Java for the HTML validator)
	tests/needs.sh
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

check: $(TOOLS) ## ruff, mypy strict, the arrows, formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(TOOLS) ## Mends what the tools can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: | $(BIN)/python ## Renews the lock files
	$(BIN)/python -m pip install -q pip-tools
	$(BIN)/pip-compile -q --no-emit-index-url --no-emit-find-links --strip-extras -o requirements.lock pyproject.toml
	$(BIN)/pip-compile -q --no-emit-index-url --no-emit-find-links --strip-extras --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

bench-render: $(TOOLS) ## A whole edition against the reference MJML, in one run
	$(BIN)/python bench/render.py

bench: $(STAMP) ## Messages per second, CPU and memory beside others, in one run (BENCH_MESSAGES, BENCH_CONNECTIONS, BENCH_ONLY=hebdo,smtp-source)
	bench/needs.sh
	$(BIN)/python -m bench.sending

drills: $(TOOLS) ## kill -9, faults, full disk, wrong clocks …: nobody lost, nobody twice (DRILL_RECIPIENTS, DRILL_KILLS, DRILL_SEED, DRILL_ONLY=r1)
	tests/needs.sh
	$(BIN)/python -m bench.drills

clean: ## Takes away what make made
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache
