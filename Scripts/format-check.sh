#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# Fails when .swift-format leaves a rule of the formatter unnamed: a rule that is not named is silently off.
set -euo pipefail
cd "$(dirname "$0")/.."

/usr/bin/python3 - <<'PYTHON'
import json, subprocess, sys

stored = json.load(open(".swift-format"))
effective = json.loads(subprocess.check_output(["swift", "format", "dump-configuration", "--effective"]))
default = json.loads(subprocess.check_output(["swift", "format", "dump-configuration"]))
wrong = [f"rule {name} is not named" for name in sorted(set(default["rules"]) - set(stored["rules"]))]
wrong += [f"rule {name} does not exist" for name in sorted(set(stored["rules"]) - set(default["rules"]))]
for name, value in stored["rules"].items():
    if name in effective["rules"] and effective["rules"][name] != value:
        wrong.append(f"rule {name} is {effective['rules'][name]} in effect, and {value} in the file")
for key, value in stored.items():
    if key != "rules" and effective.get(key) != value:
        wrong.append(f"{key} is {effective.get(key)} in effect, and {value} in the file")
print("\n".join(wrong) or "the formatter's configuration names every rule")
sys.exit(bool(wrong))
PYTHON
