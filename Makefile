# SPDX-License-Identifier: EUPL-1.2
# Torhaus: the front door for people who build it. `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

JOBS ?= 2
# An import that Package.swift does not declare is an error, in every build.
SWIFT_FLAGS := -j $(JOBS) --explicit-target-dependency-import-check error
SWIFT_SOURCES := Sources Tests Package.swift $(wildcard Benchmarks Fuzz)
PYTEST_FLAGS ?=

.PHONY: help build release demo demo-stop test test-swift test-end-to-end check format lint walls bench fuzz clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 18

build: ## debug build of everything, tests included
	swift build $(SWIFT_FLAGS) --build-tests

release: ## optimised build of the executables
	swift build $(SWIFT_FLAGS) -c release

demo: ## two municipalities, two people, two desktops on this machine; prints how to reach them
	@Scripts/demo.sh start

demo-stop: ## ends the demonstration and removes every trace of it
	@Scripts/demo.sh stop

test: test-swift test-end-to-end ## all tests, the last with real clients and desktops (as root)

# In parts, because everything in a part runs at once: beside suites that only compute, and beside those that wait for
# processes of their own, a test that waits for an answer would wait for the processor instead.
COMPUTING := CedarConformanceTests|CedarTests|PolicyToolsTests|AccessPolicyTests|MerkleLogTests
AUDITING := AuditServiceTests|AuditLogTests|AuditWitnessTests|AuditForwardingTests|AuditReadingTests|AuditIdentityTests
SPAWNING := AuthTests|PAMKitTests|LinuxKitTests|OpenSSLKitTests

test-swift: build
	swift test $(SWIFT_FLAGS) --skip-build --skip '$(COMPUTING)|$(AUDITING)|$(SPAWNING)'
	swift test $(SWIFT_FLAGS) --skip-build --filter '$(AUDITING)'
	swift test $(SWIFT_FLAGS) --skip-build --filter '$(SPAWNING)'
	swift test $(SWIFT_FLAGS) --skip-build --filter '$(COMPUTING)'

test-end-to-end: build
	Scripts/python-environment.sh
	ulimit -n $$(ulimit -Hn) && .venv/bin/pytest Tests/EndToEnd $(PYTEST_FLAGS)

check: lint walls release test ## everything that must hold before a change is handed in

format: ## rewrites the Swift sources as .swift-format says
	swift format --in-place --parallel --recursive --configuration .swift-format $(SWIFT_SOURCES)

lint: ## format, strictly; and that the formatter's configuration names every rule
	swift format lint --strict --parallel --recursive --configuration .swift-format $(SWIFT_SOURCES)
	Scripts/format-check.sh

walls: ## the walls between the targets, and the proof that each can fail
	Scripts/walls.py
	Scripts/walls-selftest.py

bench: ## measurements beside HAProxy, nginx, stunnel, the official Cedar engine and SQLite; they assert nothing
	Benchmarks/run.sh
	Benchmarks/policy/run.sh
	Benchmarks/audit/run.sh

fuzz: ## a minute of fuzzing for every decoder
	Fuzz/run.sh

clean: ## removes what the targets above have built
	swift package clean
	rm -rf .venv certs-example/out
