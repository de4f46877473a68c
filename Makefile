# Batten's commands. A bare clone, Python 3.11 or newer and make are all they need.

VENV := .venv
BIN := $(VENV)/bin
LAB := src/batten/lab
UV := $(shell command -v uv 2>/dev/null)

# uv installs faster where it is; pip comes with Python. Twice quiet: errors only.
ifdef UV
INSTALL := uv pip install --quiet --python $(BIN)/python
else
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check fix bench requirements docs picture clean

help:  ## print this list
	@sed -n 's/^\([a-z]*\):.*  ## /\1	/p' Makefile | while IFS='	' read -r name does; do printf '  make %-13s %s\n' "$$name" "$$does"; done

demo: $(VENV)/.lab  ## audit the bundled unlocked app, its hardened twin, then the unlocked one while it runs
	@printf '\nAn app as tutorials leave it. The gate shuts (exit code 1):\n\n$$ batten check $(LAB)/unlocked\n\n'
	@$(BIN)/batten check $(LAB)/unlocked; test $$? -eq 1 || { echo 'make demo: the gate should have shut (exit code 1)' >&2; exit 1; }
	@printf '\nThe same app, battened down. The gate opens (exit code 0):\n\n$$ batten check $(LAB)/hardened\n\n'
	@$(BIN)/batten check $(LAB)/hardened || { echo 'make demo: the gate should have opened (exit code 0)' >&2; exit 1; }
	@$(LIVE_DEMO)
	@printf '\nYour own: $(BIN)/batten check PATH\n'

# The unlocked app is started on free ports of 127.0.0.1, audited inside and outside, and ended by its id, come what may.
define LIVE_DEMO
rm -rf build/demo build/demo.*; mkdir -p build; : > build/demo.txt; \
$(BIN)/batten lab up --port 0 build/demo > build/demo.txt & lab=$$!; \
trap 'kill $$lab 2>/dev/null; wait $$lab' EXIT; trap 'exit 130' INT TERM; \
until grep -q '^Ctrl-C' build/demo.txt; do \
    kill -0 $$lab 2>/dev/null || { echo 'make demo: the lab did not start' >&2; exit 1; }; sleep 0.2; \
done; \
url=$$(sed -n 's/^  shop  *//p' build/demo.txt); \
printf '\nThe unlocked app again, now running: what its files say and what a visitor sees, joined (exit code 1):\n\n'; \
printf '$$ batten audit build/demo --url %s --output html=build/demo.html\n\n' "$$url"; \
$(BIN)/batten audit build/demo --url "$$url" --output html=build/demo.html --output text=build/demo.report; \
test $$? -eq 1 || { echo 'make demo: the gate should have shut (exit code 1)' >&2; exit 1; }; \
sed -n '1,/^$$/p; /^ *gate/,$$p' build/demo.report; \
test -s build/demo.html || { echo 'make demo: no HTML was written' >&2; exit 1; }; \
printf '\nAll of them: build/demo.html\nThe doors one by one: $(BIN)/batten lab tour\n'
endef

test: $(VENV)/.dev $(VENV)/.servers  ## run the tests; make test ARGS="-k cors" runs some
	@$(BIN)/python -m pytest -n 2 $(ARGS)

check: $(VENV)/.dev $(VENV)/.servers  ## style, types, floors, generated pages, tests with branch coverage
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term $(ARGS)

fix: $(VENV)/.dev  ## repair style as far as ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev $(VENV)/.peers  ## time and memory beside ruff, bandit and wapiti; ARGS=--no-bandit skips the slow one
	@$(BIN)/python bench/bench.py $(ARGS)

requirements: $(VENV)/.dev  ## lock requirements/*.txt again; ARGS=--upgrade takes newer versions
	$(LOCK) pyproject.toml requirements/build.in --output-file requirements/run.txt $(ARGS)
	$(LOCK) pyproject.toml --extra lab --constraint requirements/run.txt --output-file requirements/lab.txt $(ARGS)
	$(LOCK) requirements/dev.in --output-file requirements/dev.txt $(ARGS)
	$(LOCK) requirements/peers.in --output-file requirements/peers.txt $(ARGS)

docs: $(VENV)/.dev  ## write the rule pages again, from the rules
	@$(BIN)/python docs/generate.py

picture: $(VENV)/.dev  ## take docs/report.png again; needs Chromium
	@$(BIN)/python docs/picture.py

clean:  ## remove .venv, caches and builds, as after a fresh clone
	rm -rf $(VENV) build dist htmlcov .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests bench docs -name __pycache__ -prune -exec rm -rf {} +

# The lock files hold names, versions and hashes for every platform, and no address.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make requirements'

# Stamps: the environment, then what Batten needs to run, what its demo app needs, what its developers need.
$(VENV)/.made:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        echo "Making $(VENV) with $$($$python --version) ..."; \
	        $$python -m venv $(VENV) && touch $@; exit; \
	    fi; \
	done; \
	echo 'Batten needs Python 3.11 or newer; neither python3 nor python3.11 to python3.14 is one.' >&2; \
	echo 'If it is elsewhere, say where: make demo PYTHON=/path/to/python3' >&2; \
	exit 1

$(VENV)/.run: $(VENV)/.made pyproject.toml requirements/run.txt
	@echo 'Installing Batten ...'
	@$(INSTALL) --require-hashes -r requirements/run.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.lab: $(VENV)/.run requirements/lab.txt
	@echo 'Installing what the demo app needs ...'
	@$(INSTALL) --require-hashes -r requirements/lab.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo 'Installing the development tools ...'
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

# A peer that the benchmark runs has an environment of its own; the benchmark says so where it could not be installed.
$(VENV)/.peers: $(VENV)/.made requirements/peers.txt
	@echo 'Installing a peer for the benchmark ...'
	@$(BIN)/python -m venv $(VENV)/peers
	@$(subst $(BIN),$(VENV)/peers/bin,$(INSTALL)) --require-hashes -r requirements/peers.txt || true
	@touch $@

# The tests of `batten probe` and `batten ports` start real servers. Root gets those that are missing from apt, with none
# of them started; anybody else gets nginx, unpacked into the environment. What is missing is said, its tests are skipped.
# SERVERS= installs nothing.
SERVERS := nginx redis-server memcached mosquitto postgresql mariadb-server rabbitmq-server
$(VENV)/.servers: | $(VENV)/.made
	@sh tests/live/servers.sh "$$PWD/$(VENV)/servers" $(SERVERS); touch $@
