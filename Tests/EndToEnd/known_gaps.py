# SPDX-License-Identifier: EUPL-1.2
"""Cases that are known not to hold yet, one a line in known-gaps.txt: a part of the case's name, a tab, the reason.

They run, and their outcome is shown as xfailed or xpassed; a line whose case passes is to be removed.
"""

from pathlib import Path

import pytest

LIST = Path(__file__).with_name("known-gaps.txt")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not LIST.exists():
        return
    gaps = [line.split("\t", 1) for line in LIST.read_text().splitlines() if "\t" in line]
    for item in items:
        for name, reason in gaps:
            if name in item.nodeid:
                item.add_marker(pytest.mark.xfail(reason=reason, strict=False))
