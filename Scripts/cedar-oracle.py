#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: writes the conformance fixtures: random policies and edge probes with the official engine's answers.

usage: $(Scripts/cedar-environment.sh) Scripts/cedar-oracle.py [--cases N] [--seed N]
Writes cases.jsonl and probes.jsonl to Tests/Policy/CedarConformanceTests/Fixtures.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import cedarpy

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "Tests/Policy/CedarConformanceTests/Fixtures"

SCHEMA = """namespace Hof {
  type Place = { floor: Long, wing?: String, key?: { code: Long } };
  entity Colour enum ["red", "green"];
  entity Team in [Team] { rank: Long };
  entity House in [House];
  entity Person in [Team, House] {
    age: Long, name: String, home: House, skills: Set<String>, place: Place,
    boss?: Person, born?: datetime, shift?: duration, net?: ipaddr, rate?: decimal,
  } tags Long;
  entity Room in [House] { open: Bool, colour: Colour, owners: Set<Person>, note?: String } tags String;
  entity Gate;
  type Circumstances = { now: datetime, ip: ipaddr, age: duration, day: Long, quiet: Bool, word: String, worth?: decimal, colour?: Colour };
  action look, touch;
  action enter, leave in [look] appliesTo { principal: [Person], resource: [Room], context: Circumstances };
  action paint in [touch, look] appliesTo { principal: [Person], resource: [Room, Gate], context: Circumstances };
  action "shut it" in [touch] appliesTo { principal: [Person, Team], resource: [Gate], context: { day: Long } };
}
"""

WORDS = ["ost", "West", "küche", "ku\u0308che", "a*b", "", "🚪", 'q"t', "tab\there", "\\", "grün", "e\u0301"]
TIMES = ["2026-03-29T01:59:59Z", "1969-12-31", "2026-10-25T02:30:00.500+0200", "0000-01-01", "9999-12-31T23:59:59.999-2359"]
SPANS = ["0ms", "1d2h3m4s5ms", "-90s", "36h", "9223372036854775807ms", "-9223372036854775808ms", "25m"]
NETS = ["10.1.2.3", "10.0.0.0/8", "127.0.0.1/7", "224.0.0.9", "::1", "ff02::1/16", "2001:db8::/32", "2001:DB8:0:0::7", "0.0.0.0/0"]
RATES = ["0.0", "-0.5", "12.3456", "922337203685477.5807", "-922337203685477.5808", "1.50"]
LONGS = [0, 1, -1, 7, 40, 9223372036854775807, -9223372036854775808]
BAD = {"datetime": ["2026-02-30", "2026-1-1"], "duration": ["1s1m", "1y"], "ip": ["1.2.3", "::g", "1.2.3.4/33"], "decimal": ["1", "1.23456"]}


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\\u001f", "\\u{1f}")


class Expressions:
    """Random expressions of a wanted type; now and then one that is of another type, or fails."""

    def __init__(self, random_: random.Random):
        self.random = random_

    def pick(self, *choices):
        return self.random.choice(choices)()

    def of(self, kind: str, depth: int) -> str:
        if self.random.random() < 0.02:
            kind = self.random.choice(["long", "string", "bool", "person", "set", "record"])
        if depth > 2 and self.random.random() < 0.05:
            return f"(if {self.of('bool', depth - 2)} then {self.of(kind, depth - 1)} else {self.of(kind, depth - 1)})"
        return getattr(self, kind)(depth - 1)

    def literal(self, function: str, good: list[str]) -> str:
        text = self.random.choice(BAD[function] if self.random.random() < 0.03 else good)
        return f"{function}({quoted(text)})"

    # One method for each type.

    def bool(self, d: int) -> str:
        of, random_ = self.of, self.random
        if d <= 0:
            return random_.choice(["true", "false", "context.quiet", "resource.open", "(principal has boss)", "(principal has place.key.code)"])
        attribute = random_.choice(["boss", "born", "shift", "net", "rate", "place.wing", '"name"', "nothing"])
        return self.pick(
            lambda: f"({of('bool', d)} && {of('bool', d)})",
            lambda: f"({of('bool', d)} || {of('bool', d)} || {of('bool', d)})",
            lambda: f"!({of('bool', d)})",
            lambda: f"({of('long', d)} {random_.choice(['<', '<=', '>', '>=', '==', '!='])} {of('long', d)})",
            lambda: f"({of('datetime', d)} {random_.choice(['<', '>=', '=='])} {of('datetime', d)})",
            lambda: f"({of('duration', d)} {random_.choice(['<=', '>', '!='])} {of('duration', d)})",
            lambda: f"({of('string', d)} == {of('string', d)})",
            lambda: f"({of('string', d)} like {self.pattern()})",
            lambda: f"({of('person', d)} has {attribute})",
            lambda: f"(principal has {attribute} && principal has boss && principal.boss has {attribute})",
            lambda: f"({of('person', d)} in {of('group', d)})",
            lambda: f"(resource in [{of('house', d)}, {of('house', d)}])",
            lambda: f"({random_.choice(['principal', 'resource'])} is Hof::{random_.choice(['Person', 'Room', 'Gate'])})",
            lambda: f"(principal is Hof::Person in {of('group', d)})",
            lambda: f"(action in Hof::Action::{random_.choice(['look', 'touch', 'enter']).join([chr(34)] * 2)})",
            lambda: f"{of('set', d)}.{random_.choice(['containsAll', 'containsAny'])}({of('set', d)})",
            lambda: f"{of('set', d)}.contains({of('string', d)})",
            lambda: f"{of('set', d)}.isEmpty()",
            lambda: f"(principal.hasTag({of('string', d)}) && principal.getTag({of('string', d)}) == {of('long', d)})",
            lambda: f"(principal.hasTag(\"t\") && principal.getTag(\"t\") <= {of('long', d)})",
            lambda: f"{of('ip', d)}.{random_.choice(['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast'])}()",
            lambda: f"{of('ip', d)}.isInRange({of('ip', d)})",
            lambda: f"{of('decimal', d)}.{random_.choice(['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'])}({of('decimal', d)})",
            lambda: f"({of('record', d)} == {of('record', d)})",
            lambda: f"(resource has note && resource.note like {self.pattern()})",
        )

    def long(self, d: int) -> str:
        of = self.of
        if d <= 0:
            return self.random.choice([str(self.random.choice(LONGS)), str(self.random.randrange(-50, 50)), "context.day", "principal.age"])
        operator = self.random.choice(["+", "-", "*"])
        part = self.random.choice(["Milliseconds", "Seconds", "Minutes", "Hours", "Days"])
        return self.pick(
            lambda: f"({of('long', d)} {operator} {of('long', d)})",
            lambda: f"-({of('long', d)})",
            lambda: f"{of('duration', d)}.to{part}()",
            lambda: "principal.place.floor",
            lambda: f"{of('record', d)}.floor",
            lambda: self.long(0),
        )

    def string(self, d: int) -> str:
        return self.random.choice([quoted(self.random.choice(WORDS)), "context.word", "principal.name", '"\\u{e9}\\x41\\\'\\0"', '"t"'])

    def pattern(self) -> str:
        return self.random.choice(['"*"', '"a\\**"', '"*k*e"', '"k\\u{fc}che"', '"\\u{2a}t"', '""', '"**t*"', '"West"', '"*\\\\"'])

    def person(self, d: int) -> str:
        return self.random.choice(["principal", "principal", f'Hof::Person::"p{self.random.randrange(5)}"', "principal.boss"])

    def house(self, d: int) -> str:
        return self.random.choice(["principal.home", f'Hof::House::"h{self.random.randrange(4)}"'])

    def group(self, d: int) -> str:
        team = f'Hof::Team::"t{self.random.randrange(4)}"'
        return self.random.choice([team, team, f"[{team}, {self.house(d)}]", self.house(d), "[]"])

    def set(self, d: int) -> str:
        members = ", ".join(self.of("string", d) for _ in range(self.random.randrange(1, 4)))
        return self.random.choice(["principal.skills", f"[{members}]", f"[{members},]", "[]"])

    def record(self, d: int) -> str:
        fields = f'floor: {self.of("long", d)}, "wing": {self.of("string", d)}'
        return self.random.choice(["principal.place", f"{{{fields}}}", f'{{"if": 1, {fields},}}'])

    def datetime(self, d: int) -> str:
        of = self.of
        if d <= 0:
            return self.random.choice(["context.now", self.literal("datetime", TIMES)])
        return self.pick(
            lambda: f"{of('datetime', d)}.toDate()",
            lambda: f"{of('datetime', d)}.offset({of('duration', d)})",
            lambda: self.datetime(0),
        )

    def duration(self, d: int) -> str:
        of = self.of
        if d <= 0:
            return self.random.choice(["context.age", self.literal("duration", SPANS)])
        return self.pick(
            lambda: f"{of('datetime', d)}.toTime()",
            lambda: f"{of('datetime', d)}.durationSince({of('datetime', d)})",
            lambda: self.duration(0),
        )

    def ip(self, d: int) -> str:
        return self.random.choice(["context.ip", self.literal("ip", NETS), self.literal("ip", NETS)])

    def decimal(self, d: int) -> str:
        return self.random.choice(["context.worth", self.literal("decimal", RATES), self.literal("decimal", RATES)])


class Cases:
    def __init__(self, random_: random.Random):
        self.random = random_
        self.expressions = Expressions(random_)

    def policy(self, number: int) -> str:
        r = self.random
        principal = r.choice([*["principal"] * 5, 'principal in Hof::Team::"t1"', "principal is Hof::Person",
                              'principal == Hof::Person::"p1"', 'principal is Hof::Person in Hof::Team::"t0"', 'principal in Hof::House::"h2"'])
        action = r.choice([*["action"] * 5, 'action == Hof::Action::"enter"', 'action in Hof::Action::"look"',
                           'action in [Hof::Action::"touch", Hof::Action::"enter"]', 'action in [Hof::Action::"shut it"]', "action in []"])
        resource = r.choice([*["resource"] * 5, 'resource in Hof::House::"h0"', "resource is Hof::Room", 'resource == Hof::Room::"r1"',
                             'resource is Hof::Room in Hof::House::"h1"'])
        notes = r.choice(["", "@note\n", f'@id("n{number}") @if({quoted(r.choice(WORDS))})\n'])
        conditions = " ".join(
            f"{r.choice(['when', 'when', 'unless'])} {{ {self.expressions.of('bool', r.choice([1, 2, 2, 3, 3, 4]))} }}" for _ in range(r.choice([0, 1, 1, 1, 2]))
        )
        return f"{notes}{r.choice(['permit', 'permit', 'permit', 'forbid'])} ({principal}, {action}, {resource}) {conditions};"

    def entities(self) -> list[dict]:
        r = self.random
        def uid(kind, name):
            return {"type": f"Hof::{kind}", "id": name}
        def call(function, argument):
            return {"__extn": {"fn": function, "arg": argument}}
        result = [
            {"uid": uid("Team", f"t{n}"), "attrs": {"rank": n}, "parents": [uid("Team", f"t{m}") for m in range(n) if r.random() < 0.5]}
            for n in range(4)
        ]
        result += [{"uid": uid("House", f"h{n}"), "attrs": {}, "parents": [uid("House", "h0")] if n == 2 else []} for n in range(3)]
        for n in range(3):
            attrs = {
                "age": r.choice(LONGS), "name": r.choice(WORDS), "home": {"__entity": uid("House", f"h{r.randrange(4)}")},
                "skills": r.sample(WORDS, r.randrange(4)), "place": r.choice([{"floor": 2}, {"floor": 0, "wing": "ost"}, {"floor": 1, "key": {"code": 5}}]),
            }
            for name, value in [("boss", uid("Person", f"p{r.randrange(5)}")), ("born", call("datetime", r.choice(TIMES))), ("shift", r.choice(SPANS)),
                                ("net", call("ip", r.choice(NETS))), ("rate", r.choice(RATES))]:
                if r.random() < 0.4:
                    attrs[name] = value
            parents = [uid("Team", f"t{m}") for m in range(4) if r.random() < 0.3] + [uid("House", f"h{r.randrange(4)}")]
            tags = {word: r.randrange(9) for word in r.sample([*WORDS, "t"], 2)}
            result.append({"uid": uid("Person", f"p{n}"), "attrs": attrs, "parents": parents, "tags": tags})
        for n in range(2):
            attrs = {"open": r.random() < 0.5, "colour": uid("Colour", r.choice(["red", "green"])), "owners": [uid("Person", f"p{r.randrange(5)}")]}
            if r.random() < 0.5:
                attrs["note"] = r.choice(WORDS)
            result.append({"uid": uid("Room", f"r{n}"), "attrs": attrs, "parents": [uid("House", f"h{r.randrange(4)}")]})
        return result

    def request(self) -> dict:
        r = self.random
        action = r.choice(["enter", "leave", "paint", "enter", "shut it"])
        gate = action == "shut it" or (action == "paint" and r.random() < 0.3)
        context: dict = {"day": r.choice([*LONGS, r.randrange(8)])}
        if action != "shut it":
            context |= {
                "now": {"__extn": {"fn": "datetime", "arg": r.choice(TIMES)}}, "ip": r.choice(NETS), "age": {"fn": "duration", "arg": r.choice(SPANS)},
                "quiet": r.random() < 0.5, "word": r.choice(WORDS),
            }
            if r.random() < 0.5:
                context["worth"] = r.choice(RATES)
            if r.random() < 0.5:
                context["colour"] = {"type": "Hof::Colour", "id": "red"}
        principal = {"type": "Hof::Team", "id": f"t{r.randrange(5)}"} if action == "shut it" and r.random() < 0.5 else {"type": "Hof::Person", "id": f"p{r.randrange(4)}"}
        return {
            "principal": principal, "action": {"type": "Hof::Action", "id": action},
            "resource": {"type": "Hof::Gate", "id": "g"} if gate else {"type": "Hof::Room", "id": f"r{r.randrange(3)}"}, "context": context,
        }

    def case(self, number: int) -> dict:
        policies = "\n".join(self.policy(n) for n in range(self.random.randrange(1, 6)))
        entities = self.entities()
        requests = [self.request() for _ in range(5)]
        store = cedarpy.Entities.from_json_str(json.dumps(entities), cedarpy.Schema.from_str(SCHEMA))
        for request in requests:
            asked = {part: f"{request[part]['type']}::{json.dumps(request[part]['id'])}" for part in ("principal", "action", "resource")}
            answer = cedarpy.is_authorized({**asked, "context": request["context"]}, policies, store, SCHEMA)
            if "NoDecision" in str(answer.decision):
                raise ValueError(answer.diagnostics.errors)
            request["decision"] = "allow" if answer.allowed else "deny"
            request["reason"] = sorted(answer.diagnostics.reasons)
            request["errors"] = sorted({text.split("`")[1] for text in answer.diagnostics.errors})
        valid = cedarpy.validate_policies(policies, SCHEMA)
        return {
            "name": f"own-{number}", "policies": policies, "schema": SCHEMA, "entities": entities, "shouldValidate": valid.validation_passed,
            "requests": requests, "est": json.loads(cedarpy.policies_to_json_str(policies)),
        }


def outcome(text: str, request: dict, entities: str) -> str:
    try:
        cedarpy.policies_to_json_str(text)
    except ValueError:
        return "parse_error"
    answer = cedarpy.is_authorized(request, text, entities)
    if answer.diagnostics.errors:
        return "error"
    return "true" if answer.allowed else "false"


def probes(random_: random.Random) -> dict:
    """Single expressions and policies: those of a list kept by hand, and random ones broken in one place."""
    entities = [{"uid": {"type": "U", "id": "a"}, "attrs": {"n": 1, "s": "x", "r": {"f": {"g": 2}}}, "parents": [{"type": "G", "id": "g"}], "tags": {"t": "v"}}]
    request = {"principal": {"type": "U", "id": "a"}, "action": {"type": "Action", "id": "do"}, "resource": {"type": "R", "id": "r"}, "context": {"k": 1}}
    asked = {part: f"{request[part]['type']}::{json.dumps(request[part]['id'])}" for part in ("principal", "action", "resource")}
    asked["context"] = request["context"]
    listed = (FIXTURES / "probes.txt").read_text().splitlines()
    expressions = [line for line in listed if line and not line.startswith(("#", "!"))]
    policies = [line[1:] for line in listed if line.startswith("!")]
    generator = Expressions(random_)
    for _ in range(150):
        text = generator.of("bool", 4).replace("Hof::", "")
        place = random_.randrange(len(text))
        broken = random_.choice([text, text[:place] + text[place + 1:], text[:place] + random_.choice("()[]{}.,\"\\-!=<&:1a ") + text[place:]])
        expressions.append(broken)
    result = []
    for category, texts in (("expression", expressions), ("policy", policies)):
        for text in texts:
            whole = text if category == "policy" else f"permit(principal,action,resource) when {{ {text} }};"
            result.append({"cat": category, "expr" if category == "expression" else "policy": text, "outcome": outcome(whole, asked, json.dumps(entities))})
    return {"entities": entities, "request": request, "probes": result}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=260)
    parser.add_argument("--seed", type=int, default=45)
    arguments = parser.parse_args()
    random_ = random.Random(arguments.seed)
    cases = Cases(random_)
    schema = {"schema": SCHEMA}
    lines = [json.dumps(schema)]
    for number in range(arguments.cases):
        case = cases.case(number)
        # The schema stands once, in the first line.
        del case["schema"]
        lines.append(json.dumps(case, ensure_ascii=False, separators=(",", ":")))
    FIXTURES.mkdir(parents=True, exist_ok=True)
    (FIXTURES / "cases.jsonl").write_text("\n".join(lines) + "\n")
    (FIXTURES / "probes.jsonl").write_text(json.dumps(probes(random_), ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
