# Everything from nothing but Python ≥ 3.11, make and git. Stamps make sure that nothing is done twice.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
FRONT_END := web/static/dist/.stamp
FRONT_END_SOURCES := $(wildcard web/frontend/*.js* web/frontend/.npmrc) $(shell find web/frontend/src -type f 2>/dev/null)
export OPSBOOK_DEMO ?= 1

.PHONY: run test soak check format bench screens pictures lock frontend

run: .venv/.run $(FRONT_END) ## demo on 127.0.0.1:8000
	$(BIN)/opsbook serve

test: .venv/.dev $(FRONT_END) ## every test; make test ARGS="-k callback" for some
	OPSBOOK_DEMO= $(BIN)/pytest -n 2 $(ARGS)

soak: .venv/.dev $(FRONT_END) ## the long versions of the tests: hundreds of kills, restarts, full disks
	OPSBOOK_DEMO= nice -n 10 $(BIN)/pytest -n 0 -m soak $(ARGS)

check: .venv/.dev $(FRONT_END) ## format, lint, types, imports, front end
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python hatch_build.py check

format: .venv/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

frontend: $(FRONT_END) ## web/static/dist

bench: .venv/.dev ## what it costs; make bench ARGS="inbox --quick", ARGS=--list
	OPSBOOK_DEMO= $(BIN)/python -m bench $(ARGS)

screens: .venv/.dev $(FRONT_END) ## the pictures of docs/
	OPSBOOK_DEMO= OPSBOOK_SCREENS=docs/screens $(BIN)/pytest -n 0 tests/web/test_story.py tests/web/test_owner_story.py tests/web/test_replay_browser.py

pictures: .venv/.dev $(FRONT_END) ## the contact sheet of all diagrams, docs/processes
	OPSBOOK_DEMO= $(BIN)/python -m tests.islands.pictures docs/processes

lock: ## resolve the newest versions that pyproject.toml allows (needs uv)
	uv pip compile -q $(LOCK_OPTIONS) --group build -o requirements.lock
	uv pip compile -q $(LOCK_OPTIONS) --group build --group dev -c requirements.lock -o requirements-dev.lock

LOCK_OPTIONS := pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name one: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python cannot make environments here; on Debian: apt install python3-venv"; exit 1; }

.venv/.run: requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes -r requirements.lock
	OPSBOOK_SKIP_FRONTEND=1 $(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.run
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(FRONT_END): $(FRONT_END_SOURCES) hatch_build.py | .venv/.run
	$(BIN)/python hatch_build.py
	@touch $@
