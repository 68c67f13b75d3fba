#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: writes the validation fixtures: schemas, policies, entities and requests with the official verdicts.

usage: $(Scripts/cedar-environment.sh) Scripts/cedar-validation-oracle.py [--schemas N] [--policies N] [--seed N]
Writes validation.jsonl to Tests/Policy/CedarConformanceTests/Fixtures.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path

import cedarpy

FIXTURES = Path(__file__).parent.parent / "Tests/Policy/CedarConformanceTests/Fixtures"

# Texts that are broken at random, to see what is still a schema.
SEEDS = [
    "entity A in [B, C]; entity B, C;",
    'entity A = {x: Long, "x y"?: Set<ipaddr>,} tags Set<{y: B}>; entity B enum ["x", "\\u{61}"];',
    'type T = {a: U, b?: Set<U>}; type U = A; entity A { @a @b("c") x: T, y: __cedar::Bool };',
    "entity A; action g, top; action x in [g, \"top\"] appliesTo {principal: A, resource: [A], context: {k: Bool}};",
    'namespace N::M { entity A; action x, "y z" in Action::"g" appliesTo {principal: A, resource: B, context: T}; }'
    ' entity B; type T = {}; action g attributes {}; // end',
    "@doc namespace N { entity Long {x: Long}; entity User in User {x: Action}; action a; } entity Long2 {x: N::Long};",
]
WORDS = (
    'Long Set String Bool ipaddr A B N T U Action action entity type namespace in enum tags appliesTo principal resource'
    ' context attributes __cedar "x" { } [ ] < > , ; : :: ? = @ ( ) if Record Boolean 1 "\\q" g __cedar::Long'
).split(" ") + ["\u00a0", "\r", "// c\n", "\u2028"]
TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[A-Za-z_][A-Za-z0-9_]*|::|//[^\n]*|\s+|.', re.S)

TYPES = ["A", "B", "N::C", "N::D", "E"]
KEYS = ["a", "b", "c", "d"]
ACTIONS = ['Action::"p"', 'Action::"q"', 'N::Action::"n"', 'Action::"top"', 'Action::"mid"', 'N::Action::"g"']


class Schemas:
    """Random schemas with always the same names."""

    def __init__(self, random_: random.Random):
        self.random = random_

    def type(self, depth: int = 0) -> str:
        draw = self.random.random()
        if draw < 0.5 or depth > 2:
            simple = ["Long", "String", "Bool"] * 2 + ["decimal", "ipaddr", "datetime", "duration"]
            return self.random.choice(simple)
        if draw < 0.7:
            return self.random.choice(TYPES + ["Action"])
        if draw < 0.82:
            return f"Set<{self.type(depth + 1)}>"
        return "T" if draw < 0.9 else self.record(depth + 1)

    def record(self, depth: int = 0) -> str:
        keys = self.random.sample(KEYS + ['"x y"'], self.random.randint(0, 3))
        return "{" + ", ".join(f"{key}{self.random.choice(['', '?', '?'])}: {self.type(depth)}" for key in keys) + "}"

    def some(self, names: list[str], least: int, most: int) -> str:
        return "[" + ", ".join(self.random.sample(names, self.random.randint(least, most))) + "]"

    def entity(self, name: str) -> str:
        tags = self.random.choice(["", f" tags {self.type()}"])
        return f"entity {name} in {self.some(TYPES, 0, 2)} {self.record()}{tags};\n"

    def action(self, name: str, groups: list[str]) -> str:
        context = self.random.choice([self.record(), "T"])
        applies = f"principal: {self.some(TYPES, 1, 3)}, resource: {self.some(TYPES, 1, 3)}, context: {context}"
        return f"action {name} {self.random.choice(groups)} appliesTo {{{applies}}};\n"

    def text(self) -> str:
        inside = self.entity("C") + self.entity("D") + "action g;\n" + self.action("n", ["in [g, Action::\"top\"]"])
        groups = ["", "in mid", 'in [top, N::Action::"g"]']
        return (
            "type T = {a: Long, b?: String, c?: {a?: Long}};\n" + self.entity("A") + self.entity("B")
            + 'entity E enum ["x", "y"];\naction top;\naction mid in top;\n'
            + self.action("p", groups) + self.action("q", groups) + "namespace N {\n" + inside + "}\n"
        )

    def broken(self) -> str:
        tokens = TOKEN.findall(self.random.choice(SEEDS))
        for _ in range(self.random.choice([1, 1, 1, 2, 3])):
            place = self.random.randrange(len(tokens))
            new = self.random.choice(WORDS + tokens)
            tokens[place : place + self.random.choice([0, 1, 1, 2])] = self.random.choice([[], [new], [new, tokens[place]]])
            tokens = tokens or [" "]
        text = ""
        for token in tokens:
            text += (" " if text and re.match(r"\w\w", text[-1] + token[0]) else "") + token
        return text


class Policies:
    """Random policies over these schemas; most conditions are of the type they should be."""

    def __init__(self, random_: random.Random):
        self.random = random_

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def uid(self) -> str:
        draw = self.random.random()
        if draw < 0.15:
            return self.pick(*ACTIONS, 'Action::"nope"')
        if draw < 0.17:
            return 'Nope::"a"'
        kind = self.pick(*TYPES)
        return f'{kind}::"{self.pick("x", "y") if kind == "E" and draw < 0.97 else "a"}"'

    def path(self, depth: int) -> str:
        base = self.pick("principal", "resource", "context", "context")
        if depth > 0 and self.random.random() < 0.1:
            base = f"({self.any(depth - 1)})"
        return base + "".join(self.pick(".a", ".b", ".c", ".d", '["x y"]') for _ in range(self.pick(1, 1, 1, 2, 3)))

    def entity(self, depth: int) -> str:
        return self.pick("principal", "resource", "principal", "action", self.uid(), self.path(depth - 1))

    def long(self, depth: int) -> str:
        if depth <= 0:
            return self.pick("1", "-1", self.path(0))
        sum_ = f"({self.long(depth - 1)} {self.pick('+', '-', '*')} {self.long(depth - 1)})"
        return self.pick("1", self.path(depth), sum_, f"-({self.long(depth - 1)})", f"{self.span(depth - 1)}.toDays()")

    def string(self, depth: int) -> str:
        if depth <= 0:
            return self.pick('"a"', '"b"', self.path(0))
        return self.pick('"a"', self.path(depth), f"{self.entity(depth - 1)}.getTag({self.string(depth - 1)})")

    def span(self, depth: int) -> str:
        return self.pick('duration("1h")', self.path(depth), self.pick('duration("x")', 'duration("2m")'))

    def time(self, depth: int) -> str:
        if depth <= 0:
            return self.pick('datetime("2024-01-01")', self.path(0))
        return self.pick(self.path(depth), f"{self.time(depth - 1)}.offset({self.span(depth - 1)})")

    def net(self, depth: int) -> str:
        return self.pick('ip("1.1.1.1")', self.path(depth), f"ip({self.string(0)})", 'ip("::1/64")')

    def rate(self, depth: int) -> str:
        return self.pick('decimal("1.0")', self.path(depth))

    def set(self, depth: int) -> str:
        if depth <= 0:
            return self.path(0)
        elements = ", ".join(self.any(depth - 1) for _ in range(self.pick(0, 1, 1, 1, 2, 2)))
        return self.pick(f"[{elements}]", self.path(depth), f"[{self.uid()}, {self.uid()}]", f"[{self.uid()}]")

    def record(self, depth: int) -> str:
        keys = self.random.sample(KEYS, self.random.randint(0, 2))
        return "{" + ", ".join(f"{key}: {self.any(depth - 1)}" for key in keys) + "}"

    def any(self, depth: int) -> str:
        kinds = [self.bool, self.long, self.string, self.entity, self.set, self.path, self.time, self.span, self.net, self.rate]
        return self.random.choice(kinds + ([self.record] if depth > 0 else []))(depth)

    def bool(self, depth: int) -> str:
        if depth <= 0:
            return self.pick("true", "false", self.path(0), "(principal has a)", "(context has b)", "(principal is A)")
        draw, d, k, l = self.random.random(), depth - 1, self.pick(*KEYS), self.pick(*KEYS)
        who, of = self.pick("principal", "resource", "context"), self.random.choice([self.long, self.string, self.entity, self.any])
        if draw < 0.2:
            return f"({self.bool(d)} && {self.bool(d)})"
        if draw < 0.28:
            return f"({self.bool(d)} || {self.bool(d)})"
        if draw < 0.36:
            return self.pick(f"!({self.bool(d)})", f"(if {self.bool(d)} then {self.bool(d)} else {self.bool(d)})")
        if draw < 0.55:
            use = self.pick(f"{who}.{k} == {self.any(d)}", f"{who}.{k}", f"({who}.{k} has {l})", self.bool(d))
            return self.pick(f"({who} has {k} && {use})", f"({who} has {k}.{l} && {who}.{k}.{l} == {self.any(d)})", f"({who} has {k} || {use})")
        if draw < 0.65:
            owner, key = self.entity(1), self.string(0)
            return f"({owner}.hasTag({key}) && {owner}.getTag({key}) == {self.any(d)})"
        if draw < 0.75:
            return f"({of(d)} {self.pick('==', '!=')} {of(d)})"
        if draw < 0.8:
            ordered = self.random.choice([self.long, self.time, self.span])
            return f"({ordered(d)} {self.pick('<', '<=', '>', '>=')} {ordered(d)})"
        if draw < 0.88:
            group = self.pick(self.entity(d), self.uid(), f"[{self.uid()}, {self.uid()}]", self.path(d))
            return self.pick(f"({self.entity(d)} in {group})", f"({self.entity(d)} is {self.pick(*TYPES)} in {group})")
        if draw < 0.93:
            return f"{self.set(d)}.{self.pick('contains', 'containsAll', 'containsAny')}({self.pick(self.any(d), self.set(d))})"
        return self.pick(
            f"{self.set(d)}.isEmpty()", f'({self.string(d)} like "a*")', f"{self.net(d)}.isInRange({self.net(d)})",
            f"{self.rate(d)}.lessThan({self.rate(d)})", f"({self.entity(d)} is {self.pick(*TYPES, 'Action', 'Nope')})",
        )

    def scope(self, name: str) -> str:
        forms = [name, name, f"{name} is {self.pick(*TYPES)}", f"{name} == {self.uid()}", f"{name} in {self.uid()}"]
        return self.pick(*forms, f"{name} is {self.pick(*TYPES)} in {self.uid()}")

    def action(self) -> str:
        some = ", ".join(self.random.sample(ACTIONS, self.random.randint(0, 2)))
        return self.pick("action", "action", f"action == {self.pick(*ACTIONS[:3])}", f"action in {self.pick(*ACTIONS)}", f"action in [{some}]")

    def text(self) -> str:
        head = f"{self.pick('permit', 'forbid')}({self.scope('principal')}, {self.action()}, {self.scope('resource')})"
        bodies = range(self.pick(0, 1, 1, 1, 2))
        return head + "".join(f" {self.pick('when', 'unless')} {{ {self.bool(self.random.randint(0, 3))} }}" for _ in bodies) + ";"


def schema_probe(text: str) -> dict:
    try:
        cedarpy.Schema.from_str(text)
        outcome = "ok"
    except ValueError:
        outcome = "error"
    return {"cat": "schema", "schema": text, "outcome": outcome}


def policy_probe(text: str, schema: cedarpy.Schema) -> dict:
    passed = cedarpy.validate_policies(text, schema).validation_passed
    return {"cat": "validate", "policy": text, "outcome": "valid" if passed else "invalid"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--schemas", type=int, default=30)
    parser.add_argument("--policies", type=int, default=30, help="of each schema")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    random_ = random.Random(arguments.seed)
    schemas, policies = Schemas(random_), Policies(random_)
    broken = sorted({schemas.broken() for _ in range(20 * arguments.schemas)})
    lines = [{"schema": "", "probes": [schema_probe(text) for text in SEEDS + broken]}]
    for _ in range(arguments.schemas):
        text = schemas.text()
        try:
            schema = cedarpy.Schema.from_str(text)
        except ValueError:
            lines[0]["probes"].append(schema_probe(text))
            continue
        probes = [policy_probe(policies.text(), schema) for _ in range(arguments.policies)]
        lines.append({"schema": text, "probes": probes})
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (FIXTURES / "validation.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
