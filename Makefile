# `make test` in a fresh clone makes .venv first; later runs only when pyproject or the pins change.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
WORKERS ?= 3
ROUNDS ?= 3
COURSE ?= .

.DEFAULT_GOAL := help
.PHONY: help demo test test-as-user lint tools wheel attack-all bench clean

help:
	@echo "make demo    what the grader does, on real submissions"
	@echo "make test    linters, types, import rules, then all tests"
	@echo "make test-as-user   all tests as a plain user, when you are root"
	@echo "make lint    linters, types and import rules only"
	@echo "make attack-all   attacks over and over, then many new hostile inputs; half an hour"
	@echo "make wheel   a wheel with what students may have of the course inside"
	@echo "make bench   how fast it is, and whether all holds under 200 secrets; hours"
	@echo "make clean   remove $(VENV) and caches"

demo: $(STAMP)
	@GRADE="$$(cd $(BIN) && pwd)/grade" bash tests/demo.sh

test: lint tools
	@$(BIN)/python -m pytest -n $(WORKERS)

test-as-user: $(STAMP) tools
	@sh tests/as_user.sh $(BIN)/python -m pytest -n $(WORKERS) -p no:cacheprovider

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

tools:
	@sh tests/tools.sh

attack-all: $(STAMP)
	@for round in $$(seq $(ROUNDS)); do \
	  GRADE_ATTACK_ALL=1 $(BIN)/python -m pytest -n $(WORKERS) tests/attacks tests/*/test_hostile_*.py || exit; done
	@$(BIN)/python -m pytest -n $(WORKERS) --hypothesis-profile=long tests/*/test_fuzz_*.py

bench: $(STAMP)
	@$(BIN)/python -m tests.benchmarks.throughput
	@$(BIN)/python -m tests.benchmarks.layers
	@$(BIN)/python -m tests.benchmarks.latency
	@$(BIN)/python -m tests.benchmarks.memory
	@$(BIN)/python -m tests.benchmarks.classroom
	@$(BIN)/python -m tests.benchmarks.growth
	@$(BIN)/python -m tests.benchmarks.similarity
	@$(BIN)/python -m tests.benchmarks.secrets

# Staged elsewhere: the package's own folder never holds a course.
wheel: $(STAMP)
	@stage=$$(mktemp -d) && trap 'rm -rf "$$stage"' EXIT && \
	  cp -R grader templates pyproject.toml README.md LICENSE "$$stage" && rm -rf "$$stage/grader/released" && \
	  $(BIN)/grade --course $(COURSE) release "$$stage/grader/released" >/dev/null && \
	  $(BIN)/python -m build --no-isolation --wheel --outdir dist "$$stage" >/dev/null && ls dist/*.whl

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { \
	  echo "make: no '$(PYTHON)' here; install Python 3.11 or newer, or say which: make PYTHON=/path/to/python3" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "make: $$($(PYTHON) --version) is too old, 3.11 or newer is needed: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "make: $(PYTHON) has no venv or no pip; install them (Debian, Ubuntu: apt install python3-venv)," >&2; \
	  echo "      or say which Python has them: make PYTHON=/path/to/python3" >&2; exit 2; }
	@test -x $(BIN)/python && $(BIN)/python -m pip --version >/dev/null 2>&1 || { \
	  echo "making $(VENV)"; rm -rf $(VENV); $(PYTHON) -m venv $(VENV); }
	@echo "installing into $(VENV); the first time takes a while, torch is large"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
