#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: an outside judge looks at our OCSF events: the schema of OCSF 1.7 as PyPI's ocsf-json-schema packs it.

usage: Scripts/audit-docs-ocsf.py [FILE]      one event a line; the stored file of the tests when there is none
needs: pip install ocsf-json-schema jsonschema
"""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path

import jsonschema
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

STORED = Path(__file__).resolve().parent.parent / "Tests/Audit/AuditReadingTests/Fixtures/ocsf.jsonl"


class Judge:
    def __init__(self):
        self.schema = OcsfJsonSchemaEmbedded(get_ocsf_schema("1.7.0"))
        self.validators = {}

    def faults(self, event: dict) -> list[str]:
        uid = event.get("class_uid")
        if uid not in self.validators:
            name = self.schema.lookup_class_name_from_uid(uid)
            self.validators[uid] = jsonschema.Draft202012Validator(self.schema.get_class_schema(name, []))
        faults = [f"{list(each.path)} {each.message[:160]}" for each in self.validators[uid].iter_errors(event)]
        if event.get("type_uid") != uid * 100 + event.get("activity_id", -1):
            faults.append("type_uid is not class and activity")
        return faults


def selftest(judge: Judge, event: dict) -> list[str]:
    """A judge that accepts everything judges nothing."""
    missed = []
    for name, change in {
        "a missing time": lambda bad: bad.pop("time"),
        "an unknown status": lambda bad: bad.update(status_id=77),
        "an unknown key": lambda bad: bad.update(extra=1),
        "a wrong type": lambda bad: bad.update(type_uid=1),
    }.items():
        bad = copy.deepcopy(event)
        change(bad)
        if not judge.faults(bad):
            missed.append(name)
    return missed


def main() -> int:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else STORED
    events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    judge = Judge()
    wrong = 0
    for number, event in enumerate(events, 1):
        for fault in judge.faults(event):
            print(f"{path.name}:{number}: {event['metadata']['event_code']}: {fault}")
            wrong += 1
    for name in selftest(judge, events[0]) if events else ["any event"]:
        print(f"the judge does not notice {name}")
        wrong += 1
    print(f"{len(events)} events, {wrong} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
