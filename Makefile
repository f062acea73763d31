# Every job of the project. Two do everything a fresh machine needs by themselves: `make run` and `make test`.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# One set for everything: another choice of packages or features would compile the dependencies again.
CARGO_FLAGS := --workspace --locked --features hubdesk/custom-protocol,hubdesk-cli/chunk-store
export HUBDESK_BIN_DIR := $(abspath $(or $(CARGO_TARGET_DIR),target)/debug)
# The tests use the system's Chromium; Playwright's own need not be downloaded.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

PLAYWRIGHT := node_modules/.bin/playwright test
VENV := tests/.venv
REQUIREMENTS := tests/conformance/requirements.txt

# The order of prerequisites is the order of work: display, packages, front end, window.
.NOTPARALLEL:

.PHONY: help
help: ## Lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ── Using it ─────────────────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: run
run: display packages-run ui-build ## Opens Hubdesk; installs and builds what is missing first
	@cargo build $(CARGO_FLAGS)
	@$(HUBDESK_BIN_DIR)/hubdesk

.PHONY: dev
dev: display packages-run ui-packages ## Opens Hubdesk on a front end that reloads as it is edited
	@.ci/dev

.PHONY: screenshots
screenshots: packages-run ui-build tests-packages binaries ## Makes pictures of every screen, in both themes, into tests/results/pictures
	@cd tests && $(PLAYWRIGHT) --project=screenshots
	@cp tests/results/pictures/readme.png icons/screenshot.png

# ── Checking it ──────────────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: test
test: ## Runs everything: checks, Rust, front end, browser, real window, Python client
	@.ci/parts packages-test ui-build fmt clippy test-rust test-ui check-tests test-bench test-browser test-desktop test-conformance

.PHONY: check
check: ## Runs what needs neither browser nor window: format, lints, Rust and front-end tests
	@.ci/parts packages-check ui-build fmt clippy test-rust test-ui check-tests test-bench

.PHONY: fmt
fmt: ## Checks the format of the Rust code
	@cargo fmt --all --check

.PHONY: clippy
clippy: ui-build ## Lints the Rust code, warnings being errors
	@cargo clippy $(CARGO_FLAGS) --all-targets -- -D warnings

.PHONY: test-rust
test-rust: ui-build ## Runs the Rust tests, among them the one that finds stale bindings
	@cargo nextest run $(CARGO_FLAGS)

.PHONY: test-ui
test-ui: ui-packages ## Type-checks, lints and unit-tests the front end
	@cd ui && npm run --silent check && npm run --silent lint && npm run --silent test

.PHONY: check-tests
check-tests: tests-packages ## Type-checks the browser and window tests
	@cd tests && npm run --silent check

.PHONY: test-browser
test-browser: tests-packages binaries ## Tests the front end in Chromium, accessibility included
	@cd tests && $(PLAYWRIGHT) --project=browser

.PHONY: test-desktop
test-desktop: tests-packages binaries ## Tests the real window on a virtual display (Linux)
	@cd tests && ../.ci/desktop-session $(PLAYWRIGHT) --project=desktop

.PHONY: test-conformance
test-conformance: python-packages binaries ## Tests against the official Python client, both ways
	@$(VENV)/bin/python -B -m pytest tests/conformance

.PHONY: test-bench
test-bench: ## Tests what the benchmark makes of its figures; measures nothing
	@python3 -B -m unittest discover --quiet --start-directory tests/bench

.PHONY: bench
bench: python-packages ## Measures Hubdesk against the official client, which takes a quarter of an hour; BENCH_CASES= and BENCH_PAIRS= for a quick look
	@cargo build --release --locked --package hubdesk-cli --features hubdesk-cli/chunk-store
	@HUBDESK_BIN_DIR=$(dir $(HUBDESK_BIN_DIR))release $(VENV)/bin/python -B tests/bench

.PHONY: audit
audit: ## Checks licences and known flaws of dependencies; needs the network, installs cargo-deny once
	@cargo deny --version >/dev/null 2>&1 || { echo "Installing cargo-deny. This takes a few minutes, once."; cargo install cargo-deny --locked; }
	@cargo deny --workspace --locked check

# ── Making what is committed but generated ───────────────────────────────────────────────────────────────────────────

.PHONY: bindings
bindings: ui-build ## Writes ui/src/lib/api/bindings.ts from the Rust contract
	@HUBDESK_BINDINGS=write cargo nextest run $(CARGO_FLAGS) -E 'package(hubdesk-app) and test(bindings)'

.PHONY: icons
icons: ## Draws all sizes of icons/hubdesk.svg
	@icons/generate

.PHONY: clean
clean: ## Removes everything that was built or installed here
	@cargo clean
	@rm -rf ui/build ui/.svelte-kit ui/node_modules tests/node_modules tests/.venv tests/results

# ── Steps of the above ───────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: display packages-run packages-check packages-test
display:
	@.ci/display
packages-run:
	@.ci/system-packages run
	@.ci/tools run
packages-check:
	@.ci/system-packages check
	@.ci/tools test
packages-test:
	@.ci/system-packages test
	@.ci/tools test

.PHONY: ui-packages tests-packages
ui-packages: ui/node_modules/.package-lock.json
tests-packages: tests/node_modules/.package-lock.json
%/node_modules/.package-lock.json: %/package-lock.json
	@echo "Installing the packages of $*/package-lock.json"
	@cd $* && npm ci --no-audit --no-fund
	@touch $@

# The window embeds what this makes, so it comes before everything of Rust; it is made again only when a source is newer,
# because each time the window is linked again.
.PHONY: ui-build
ui-build: ui-packages
	@if [ ! -f ui/build/index.html ] || \
	    [ -n "$$(find ui/src ui/*.js ui/*.json ui/*.ts -newer ui/build/index.html -print -quit)" ]; \
	then cd ui && npm run --silent build; fi

# The programs the tests start, built exactly as `test-rust` builds them.
.PHONY: binaries
binaries: ui-build
	@cargo nextest run --no-run $(CARGO_FLAGS)

.PHONY: python-packages
python-packages:
	@cmp -s $(REQUIREMENTS) $(VENV)/requirements.txt || { \
	    echo "Installing the official Python client into $(VENV)"; \
	    rm -rf $(VENV); \
	    python3 -m venv $(VENV); \
	    $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $(REQUIREMENTS); \
	    cp $(REQUIREMENTS) $(VENV)/requirements.txt; }
