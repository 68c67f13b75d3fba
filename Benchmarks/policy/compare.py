#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
# Torhaus: our policy engine beside the official one (cedarpy) on the same files, in one run.
"""compare.py --bench PROGRAM [--sizes 14,100,1000] [--rounds N]: writes sets of policies, times both, prints ratios."""

import argparse
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

import cedarpy

HERE = pathlib.Path(__file__).parent
MUNICIPALITIES = ["rhoenblick", "meiningen", "schmalkalden", "zella", "suhl"]
GROUPS = ["staff", "homeoffice", "county-it", "vendor", "datenschutz"]
SESSION = 'Gw::Action::"session"'


def grants(random_: random.Random, number: int) -> str:
    """The policies of a county: 40 % group and hours, 20 % redirections, 20 % single grants, 20 % guardrails."""
    muni = random_.choice(MUNICIPALITIES)
    pool = f"{muni}-{random_.randrange(8)}"
    head = f'@id("r{number}") @idle_timeout("15m")\n'
    kind = number % 5
    if kind < 2:
        group = f"{muni}-{random_.choice(GROUPS)}-{number % 40}"
        start = random_.randrange(300, 540)
        return head + (
            f'permit (principal in Gw::Group::"{group}", action in {SESSION}, resource in Gw::Municipality::"{muni}")\n'
            f"when {{ principal.active && context.local.workday && context.local.minute >= {start}"
            f" && context.local.minute < {start + 600} }};\n"
        )
    if kind == 2:
        return head + (
            f'permit (principal in Gw::Group::"{muni}-staff-{number % 40}",\n'
            '  action in [Gw::Action::"clipboardIn", Gw::Action::"print"], resource is Gw::DesktopPool)\n'
            'when { resource in principal.home && context.trust == Gw::Trust::"managed" };\n'
        )
    if kind == 3:
        return head + (
            f'permit (principal == Gw::User::"u-{random_.randrange(4000)}", action == Gw::Action::"connect",\n'
            f'  resource == Gw::DesktopPool::"{pool}")\n'
            "when { principal.active && principal has contractEnds && context.now < principal.contractEnds };\n"
        )
    return head + (
        f'forbid (principal, action in {SESSION}, resource == Gw::DesktopPool::"{pool}")\n'
        'when { context.ip.isInRange(ip("198.51.100.0/24")) }\n'
        'unless { context.mfa != Gw::Mfa::"none" && context.mfaAge <= duration("12h") };\n'
    )


def entities(random_: random.Random) -> list[dict]:
    def uid(kind, name):
        return {"type": f"Gw::{kind}", "id": name}

    def entity(kind, name, attrs=None, parents=()):
        return {"uid": uid(kind, name), "attrs": attrs or {}, "parents": [uid(*p) for p in parents]}

    result = [entity("Municipality", "sm", {"name": "Landkreis"})]
    for muni in MUNICIPALITIES:
        result.append(entity("Municipality", muni, {"name": muni}, [("Municipality", "sm")]))
        for place in range(2):
            pool = {"sensitive": place == 0, "zonesOnly": []}
            result.append(entity("DesktopPool", f"{muni}-{place}", pool, [("Municipality", muni)]))
    result.append(entity("Zone", "verwaltungsnetz"))
    result.append(entity("Zone", "internet"))
    for user in range(12):
        muni = MUNICIPALITIES[user % len(MUNICIPALITIES)]
        attrs = {"active": True, "external": user % 4 == 3, "home": {"__entity": uid("Municipality", muni)}}
        groups = [("Group", f"{muni}-{group}-{random_.randrange(40)}") for group in GROUPS[:4] for _ in range(5)]
        result.append(entity("User", f"u-{user}", attrs, [*groups, ("Municipality", muni)]))
    return result


def requests(random_: random.Random, count: int) -> list[dict]:
    result = []
    for _ in range(count):
        muni = random_.choice(MUNICIPALITIES)
        weekday = random_.randrange(1, 8)
        holiday = random_.random() < 0.05
        local = {
            "minute": random_.randrange(1440), "weekday": weekday, "holiday": holiday,
            "workday": weekday < 6 and not holiday,
        }
        def entity(kind, name):
            return {"__entity": {"type": f"Gw::{kind}", "id": name}}
        def call(function, argument):
            return {"__extn": {"fn": function, "arg": argument}}
        result.append({
            "principal": {"type": "Gw::User", "id": f"u-{random_.randrange(12)}"},
            "action": {"type": "Gw::Action", "id": random_.choice(["connect", "connect", "print", "clipboardIn"])},
            "resource": {"type": "Gw::DesktopPool", "id": f"{muni}-{random_.randrange(2)}"},
            "context": {
                "ip": call("ip", f"10.{random_.randrange(256)}.0.{random_.randrange(256)}"),
                "zone": entity("Zone", random_.choice(["verwaltungsnetz", "internet"])),
                "now": call("datetime", f"2026-0{random_.randrange(1, 10)}-15T1{random_.randrange(10)}:00:00Z"),
                "local": local,
                "mfa": entity("Mfa", random_.choice(["none", "totp", "webauthn"])),
                "mfaAge": call("duration", f"{random_.randrange(30)}h"),
                "client": entity("Client", "native"),
                "trust": entity("Trust", random_.choice(["unknown", "managed"])),
            },
        })
    return result


def allocations(bench: str, folder: str, counter: str | None) -> str:
    """How often a decision, with building its context, asks for memory; needs the preloaded counter."""
    if counter is None:
        return "not counted"
    def total(decisions: int) -> int:
        run = subprocess.run([bench, folder, str(decisions)], check=True, capture_output=True, text=True, env={"LD_PRELOAD": counter})
        return int(run.stderr.split()[-1])
    return f"{(total(4_000) - total(0)) / 4_000:.1f}"


def official(folder: pathlib.Path, rounds: int) -> dict:
    """Microseconds inside the official engine, by its own metrics, and around the parser."""
    text = (folder / "policies.cedar").read_text()
    schema = cedarpy.Schema.from_str((folder / "schema.cedarschema").read_text())
    parse = []
    for _ in range(5):
        start = time.perf_counter()
        policies = cedarpy.PolicySet.from_str(text)
        parse.append((time.perf_counter() - start) * 1e6)
    start = time.perf_counter()
    cedarpy.validate_policies(text, (folder / "schema.cedarschema").read_text())
    validate = (time.perf_counter() - start) * 1e6
    store = cedarpy.Entities.from_json_str((folder / "entities.json").read_text(), schema)
    asked = [json.loads(line) for line in (folder / "requests.jsonl").read_text().splitlines()]
    for request in asked:
        for part in ("principal", "action", "resource"):
            request[part] = f'{request[part]["type"]}::{json.dumps(request[part]["id"])}'
    engine, whole, allowed = [], [], 0
    for round_ in range(rounds):
        for request in asked:
            start = time.perf_counter()
            answer = cedarpy.is_authorized(request, policies, store)
            whole.append((time.perf_counter() - start) * 1e6)
            engine.append(answer.metrics["authz_duration_micros"])
            allowed += round_ == 0 and answer.allowed
    return {
        "parse": min(parse), "validate": validate, "decide": statistics.median(engine),
        "least": min(engine), "call": statistics.median(whole), "allowed": int(allowed),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", required=True)
    parser.add_argument("--counter", help="the library made of count.c")
    parser.add_argument("--sizes", default="14,100,1000")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    print("microseconds; decide: one decision, ours with building the context, theirs the engine alone")
    for size in map(int, arguments.sizes.split(",")):
        random_ = random.Random(size)
        with tempfile.TemporaryDirectory(prefix="torhaus-policy-") as name:
            folder = pathlib.Path(name)
            county = (HERE / "county.cedar").read_text()
            generated = [grants(random_, number) for number in range(size)]
            (folder / "policies.cedar").write_text(county if size == 14 else "\n".join(generated))
            (folder / "schema.cedarschema").write_text((HERE / "county.cedarschema").read_text())
            (folder / "entities.json").write_text(json.dumps(entities(random_)))
            lines = [json.dumps(request) for request in requests(random_, 200)]
            (folder / "requests.jsonl").write_text("\n".join(lines))
            run = subprocess.run([arguments.bench, name], check=True, capture_output=True, text=True)
            ours = json.loads(run.stdout)
            counted = allocations(arguments.bench, name, arguments.counter)
            theirs = official(folder, arguments.rounds)
        if ours["allowed"] != theirs["allowed"]:
            sys.exit(f"the engines disagree: {ours['allowed']} and {theirs['allowed']} allowed")
        print(f"\n{size} policies, {ours['requests']:.0f} requests, {ours['allowed']} allowed by both")
        for key in ("parse", "validate", "decide"):
            print(f"  {key:9} ours {ours[key]:10.1f}  theirs {theirs[key]:10.1f}  ratio {theirs[key] / ours[key]:6.1f}")
        print(f"  ours: context {ours['context']:.2f}, index {ours['index']:.0f}, linear {ours['linear']:.1f}, allocations {counted};"
              f" theirs: least {theirs['least']:.0f}, whole call {theirs['call']:.0f}")


if __name__ == "__main__":
    main()
