# Jumpa: one command for each thing a developer or operator does. `make help` lists them.

SHELL := /bin/bash

# The build cache lies outside the checkout, so that a fresh clone on a known machine builds quickly.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/jumpa/target

# Settings of `make run`, `make fuzz`, `make bench` and others, changed on the command line: `make run LISTEN=0.0.0.0:8080`.
DATA ?= ./data
LISTEN ?= 127.0.0.1:8080
SERVE_ARGS ?=
FUZZ_SECONDS ?= 60
EXAMPLES ?= 100
MINUTES ?= 60
CLOCK_PPM ?= 0

.DEFAULT_GOAL := help
.PHONY: help run test dev check e2e measure measure-recording fuzz fuzz-api bench codegen build clean-data fmt

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## set up, build and start Jumpa with the data folder ./data
	@scripts/setup.sh run
	@scripts/build.sh release
	@exec "$(CARGO_TARGET_DIR)/release/jumpa" serve --listen "$(LISTEN)" --data "$(DATA)" $(SERVE_ARGS)

test: ## set up what tests need and run every test
	@scripts/setup.sh test
	@scripts/install_web.sh
	@node scripts/run_tests.mjs

dev: ## start the server and the web development server, both rebuilt on demand
	@scripts/setup.sh run
	@scripts/dev.sh "$(DATA)" "$(LISTEN)"

check: ## formatting, lints, types, invariants, licences, generated files, documents, sizes
	@scripts/setup.sh run
	@scripts/install_web.sh
	@node scripts/run_checks.mjs

e2e: ## run the browser tests alone; E2E="two people" runs those whose name matches
	@scripts/setup.sh test
	@scripts/build.sh debug
	@cd web/e2e && npx vitest run $(if $(E2E),-t "$(E2E)")

measure: ## measure joins and frame rates in real browsers against a release server
	@scripts/setup.sh test
	@scripts/build.sh release
	@cd web/e2e && JUMPA_BIN="$(CARGO_TARGET_DIR)/release/jumpa" npm run measure

measure-recording: ## compare sound and pictures of recordings over MINUTES=60 of a call; CLOCK_PPM=100
	@scripts/build.sh release
	@cargo build --quiet --release -p jumpa-load
	@"$(CARGO_TARGET_DIR)/release/jumpa-load" --server "$(CARGO_TARGET_DIR)/release/jumpa" \
		--scenario av_offset --minutes "$(MINUTES)" --clock-ppm "$(CLOCK_PPM)"

fuzz: ## fuzz every parser of network bytes for FUZZ_SECONDS each
	@scripts/fuzz.sh "$(FUZZ_SECONDS)"

fuzz-api: ## attack the API of a debug server by openapi.json; EXAMPLES=100 for each operation
	@scripts/setup.sh test
	@scripts/build.sh debug
	@node scripts/fuzz_api.mjs "$(EXAMPLES)"

bench: ## measure what a release server pays for load; BENCH="--scenario room_of_ten" runs one
	@scripts/build.sh release
	@cargo build --quiet --release -p jumpa-load
	@"$(CARGO_TARGET_DIR)/release/jumpa-load" --server "$(CARGO_TARGET_DIR)/release/jumpa" $(BENCH)
	@cargo bench --quiet -p jumpa-signalling --bench joins
	@cargo bench --quiet -p jumpa-db --bench overview
	@cargo bench --quiet -p jumpa-composer --bench composing

codegen: ## write every generated file again
	@scripts/install_web.sh
	@scripts/codegen.sh

build: ## build the web pages and the release programs
	@scripts/setup.sh run
	@scripts/build.sh release
	@echo "programs: $(CARGO_TARGET_DIR)/release/jumpa, $(CARGO_TARGET_DIR)/release/jumpa-recorder, $(CARGO_TARGET_DIR)/release/jumpa-composer"

clean-data: ## delete the data folder of `make run`
	@rm -rf -- "$(DATA)"
	@echo "deleted $(DATA)"

fmt: ## format Rust and web sources
	@scripts/install_web.sh
	@cargo fmt --all
	@cd web && npx biome check --write . ../scripts
