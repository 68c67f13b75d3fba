#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# Makes .venv with what the end-to-end tests need (Tests/EndToEnd/requirements.txt). Does nothing when it is there already.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=$(sha256sum Tests/EndToEnd/requirements.txt | cut -d' ' -f1)
if [ -x .venv/bin/pytest ] && [ "$(cat .venv/installed 2>/dev/null || true)" = "$wanted" ]; then
    exit 0
fi

# Debian's own Python: another one first in PATH may lack what Debian's packages put beside it.
/usr/bin/python3 -m venv --clear .venv
for try in 1 2 3; do
    # axe-playwright-python is only wanted for the axe.min.js inside it: without its dependencies, a browser driver.
    if .venv/bin/pip install --quiet --requirement Tests/EndToEnd/requirements.txt &&
        .venv/bin/pip install --quiet --no-deps axe-playwright-python==0.1.8 &&
        # It asks for a newer Python than Debian's; what the tests use of it runs on Debian's too.
        .venv/bin/pip install --quiet --no-deps --ignore-requires-python aics-tlog==0.2.1; then
        echo "$wanted" >.venv/installed
        exit 0
    fi
    echo "python-environment: try $try failed" >&2
    sleep $((try * 3))
done
echo "python-environment: the packages could not be installed" >&2
exit 1
