# Two commands are enough: `make run` and `make test`. `make help` lists the rest.
#
# Nothing is installed twice: a stamp in .venv is newer than the lock it was made from. The
# folder's path is in the stamp's name, because an environment does not survive being moved.

HERE := $(shell pwd | cksum | cut -d ' ' -f 1)
READY := .venv/ready-$(HERE)
READY_TO_TEST := .venv/ready-to-test-$(HERE)
INGREDIENTS := .ci/environment requirements-build.lock pyproject.toml
CODE := bot texttosql tracking tests

COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header

# Four workers, also on two cores: many tests wait for Slack's one message a second. A file's tests
# stay together, so that what a file prepares is prepared once.
WORKERS ?= 4
ARGS ?=

.PHONY: help run test check eval bench pictures format lock clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: $(READY) ## the demo: a real store, a Slack to ask the bot in (ARGS=--once: two questions only)
	@.venv/bin/tracktalk demo $(ARGS)

test: $(READY_TO_TEST) ## every test, with a database and a browser (ARGS='-k guard': some)
	@.ci/database
	@.ci/browser
	@.venv/bin/pytest --numprocesses $(WORKERS) --dist loadfile $(ARGS)

check: $(READY_TO_TEST) ## style, types, and who may import whom
	.venv/bin/ruff check --output-format concise $(CODE)
	.venv/bin/ruff format --check $(CODE)
	.venv/bin/mypy $(CODE)
	.venv/bin/lint-imports --no-logo

eval: $(READY) ## the dev questions: how many answers are right, and which are not
	@store=sqlite:///$$(.venv/bin/python -c 'from tests.demo_fixture import *; print(demo_database())') \
	&& now=$$(.venv/bin/python -c 'from tests.demo_fixture import *; print(ANCHOR)') \
	&& for set in questions threads; do \
		printf '\n' \
		&& .venv/bin/tracktalk eval tests/eval/$$set.jsonl --store $$store --now $$now \
			--engine offline --max-rows 2000 --score $(ARGS) || exit 1; \
	done

bench: $(READY_TO_TEST) ## measurements on a large store; takes minutes
	@.ci/database
	@.venv/bin/python -m tests.bench.run $(ARGS)

pictures: $(READY_TO_TEST) ## the documents' pictures of the page, taken anew
	@.ci/browser
	@.venv/bin/python -m tests.browser.pictures docs/pictures

format: $(READY_TO_TEST) ## lay the code out, and mend what can be mended without thinking
	.venv/bin/ruff format $(CODE)
	.venv/bin/ruff check --fix $(CODE)

lock: $(READY) ## pin the dependencies of pyproject.toml anew (ARGS=--upgrade: the newest)
	$(COMPILE) --group pyproject.toml:build -o requirements-build.lock $(ARGS)
	$(COMPILE) pyproject.toml -o requirements.lock $(ARGS)
	$(COMPILE) pyproject.toml --group pyproject.toml:dev -c requirements.lock \
		-o requirements-dev.lock $(ARGS)

clean: ## forget the environment, the demo store and every cache
	rm -rf .venv .tracktalk *.egg-info .mypy_cache .ruff_cache .import_linter_cache
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

# What tests need contains what running needs, and an environment for tests stays one.
$(READY): $(INGREDIENTS) requirements.lock
	@if [ -e $(READY_TO_TEST) ]; then $(MAKE) --no-print-directory $(READY_TO_TEST); else \
		.ci/environment requirements.lock; fi
	@touch $@

$(READY_TO_TEST): $(INGREDIENTS) requirements.lock requirements-dev.lock
	@.ci/environment requirements-dev.lock
	@touch $(READY) $@
