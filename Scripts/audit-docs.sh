#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Torhaus: writes the pages that are made from the catalogue of events.
#
# usage: Scripts/audit-docs.sh [PATH/TO/torhaus]     builds the tool when no path is given
set -eu -o pipefail
cd "$(dirname "$0")/.."
tool=${1:-}
if [ -z "$tool" ]; then
    swift build --product torhaus
    tool=$(swift build --show-bin-path)/torhaus
fi
for page in events processing-activities; do
    "$tool" audit catalogue --page "$page" > "docs/audit/$page.md.new"
    mv "docs/audit/$page.md.new" "docs/audit/$page.md"
done
git --no-pager diff --stat -- docs/audit
