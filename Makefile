# `make demo` does the main job, `make test` passes the tests, each alone on a fresh machine with Python 3.11+, pip and make.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
LOCK := uv pip compile --quiet --generate-hashes --universal --python-version 3.11

.PHONY: demo test serve lock

demo: $(READY)
	$(BIN)/cleanbill demo

test: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -n 2 --cov --cov-report=term:skip-covered

serve: $(READY)
	$(BIN)/cleanbill serve $(if $(CLEANBILL_ZENSKAR_URL),,--with-sandbox)

lock:
	$(LOCK) pyproject.toml --extra service --extra postgres --extra cel --output-file requirements.lock
	$(LOCK) --group build --output-file requirements-build.lock
	$(LOCK) pyproject.toml --extra service --extra cel --group dev --output-file requirements-dev.lock

$(READY): requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)
