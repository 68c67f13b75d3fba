#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# Makes .build/cedar-venv with cedarpy, the official Cedar engine for Python; prints the interpreter's path.
# Only the benchmark of the policy engine and the generator of its fixtures need it.
set -euo pipefail
cd "$(dirname "$0")/.."

# Engine 4.12.0, language 4.5: what docs/policy/conformance.md measures against.
wanted=cedarpy==4.12.2
venv=.build/cedar-venv
if [ "$(cat "$venv/installed" 2>/dev/null || true)" != "$wanted" ]; then
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet "$wanted"
    echo "$wanted" >"$venv/installed"
fi
echo "$PWD/$venv/bin/python"
