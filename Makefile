# Every target makes what it needs by itself: python3 (3.11 or newer) and make are enough.
PYTHON ?= python3
JOBS ?= 2
PY := .venv/bin/python

.DEFAULT_GOAL := run
.PHONY: run environment test lint bench demo i18n shots pictures api-document

run:
	$(PYTHON) start.py

# The environment with what development needs; done once, and again when pyproject.toml changes.
environment:
	@$(PYTHON) start.py --only-environment --extras dev

# The whole suite, on SQLite; on PostgreSQL where WANHUI_TEST_DATABASE_URL names one. ARGS="-k lease" narrows it.
test: environment
	$(PY) -m pytest -n $(JOBS) --dist loadgroup $(ARGS)

lint: environment
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

# How fast and how large, small enough for a coffee; ARGS=--list names them, benchmarks/README.md has the large ones.
bench:
	@$(PYTHON) start.py --only-environment --extras dev,bench
	$(PY) -m benchmarks $(ARGS)

# The demo world into a database that has none yet.
demo: environment
	$(PY) -m wanhui.cli prepare
	$(PY) -m wanhui.cli demo --if-empty

# Collect the messages of pages and program, then compile; needs GNU gettext.
# Sorted and without places or dates, so that a change of one message is a change of one message.
i18n: environment
	cd src/wanhui && ../../$(PY) ../../manage.py makemessages -l zh_Hans -l de --no-location --no-wrap
	for file in src/wanhui/locale/*/LC_MESSAGES/django.po; do \
	    msgattrib --no-obsolete --sort-output --no-wrap -o $$file $$file && \
	    sed -i.bak '/^"POT-Creation-Date/d' $$file && rm $$file.bak && \
	    msgfmt --check -o $${file%.po}.mo $$file || exit 1; \
	done

# Every page of the demo world in three languages and two widths; build/shots/index.html shows them side by side.
shots: environment
	$(PY) -m tests.browser.shots build/shots

# The pictures of the user guide and the README, from the demo world.
pictures: environment
	$(PY) -m tests.browser.guide_shots docs

# The OpenAPI document as the documentation keeps it; a test says when it is due.
api-document: environment
	$(PY) -m tests.api.document docs/reference/openapi.json
