# SPDX-License-Identifier: GPL-2.0
"""Parse TAP of the test programs and KTAP of KUnit into results.

All but a clear success is a failure: a skipped or expected-to-fail test, a missing or
wrong plan, numbers out of order, a program that fails.

Report writes such results of other checks.
"""

import dataclasses
import re
import time

RESULT = re.compile(r"^(ok|not ok) (\d+)(?: -)? ?(.*)$")
PLAN = re.compile(r"^1\.\.(\d+)")
DIRECTIVE = re.compile(r"(?:^|\s)# *(SKIP|TODO|XFAIL)\b", re.IGNORECASE)
KMSG = re.compile(r"^\[[ 0-9.]+\](?:\[ *[TC]\d+\])? ")


@dataclasses.dataclass
class Result:
    name: str
    passed: bool
    excerpt: list = dataclasses.field(default_factory=list)


def one_program(name, lines, status):
    """Return the results of one program that printed lines and ended with status."""
    results, plan, count, pending = [], None, 0, []
    faults = []
    for line in lines:
        found = RESULT.match(line)
        pending.append(line)
        if PLAN.match(line):
            if plan is not None:
                faults.append("has two plans")
            plan = int(PLAN.match(line)[1])
        elif line.startswith("Bail out!"):
            faults.append(line)
        elif found:
            count += 1
            if int(found[2]) != count:
                faults.append(f"test {count} is numbered {found[2]}")
            passed = found[1] == "ok" and not DIRECTIVE.search(found[3])
            results.append(Result(f"{name}: {found[3] or found[2]}", passed, pending))
            pending = []
    if plan is None:
        faults.append("printed no plan")
    elif plan != count or not count:
        faults.append(f"planned {plan} tests, reported {count}")
    if status != "0" and (faults or all(result.passed for result in results)):
        faults.append(f"ended with {status}")
    if faults:
        results.append(Result(f"{name}: {'; '.join(faults)}", False, lines[-30:]))
    return results


def programs(lines):
    """Split the test host's output into the results of each program."""
    results, name, own = [], None, []
    for line in lines:
        if line.startswith("kvmarm: begin "):
            name, own = line.split()[2], []
        elif line.startswith("kvmarm: end ") and name:
            results += one_program(name, own, line.split()[3])
            name = None
        elif name:
            own.append(line)
    if name:
        results += one_program(name, own, "the machine")
    return results


def kunit(console):
    """Return the KUnit results in a kernel's messages: suites of cases, indented."""
    results, suite, lines, plan, cases = [], "kunit", [], None, 0
    planned, suites = None, 0
    for line in console:
        line = KMSG.sub("", line)
        indent = len(line) - len(line.lstrip(" "))
        text = line.strip()
        found = RESULT.match(text)
        if text.startswith("# Subtest: ") and indent == 4:
            suite, lines, plan, cases = text[11:], [], None, 0
        elif PLAN.match(text) and indent in (0, 4):
            if indent:
                plan = int(PLAN.match(text)[1])
            else:
                planned = int(PLAN.match(text)[1])
        elif found and indent == 4:
            cases += 1
            passed = found[1] == "ok" and not DIRECTIVE.search(found[3])
            results.append(Result(f"kunit {suite}: {found[3]}", passed, lines + [line]))
            lines = []
        elif found and indent == 0 and planned is not None:
            suites += 1
            if plan != cases:
                results.append(Result(f"kunit {suite}: planned {plan}, ran {cases}", False, lines))
        else:
            lines.append(line)
    if planned is None or planned != suites or not results:
        results.append(Result(f"kunit: planned {planned} suites, ran {suites}", False))
    return results


class Report:
    """Runs checks, which return complaints. Writes TAP to a file, and all to the terminal."""

    def __init__(self, label, path, error=()):
        """Make a report to a file. An error is an exception whose lines are complaints, too."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        self.label, self.path, self.error = label, path, error
        self.lines, self.count, self.failed = [], 0, 0

    def check(self, name, function, *arguments):
        print(f"  {self.label:<8}{name}", flush=True)
        start = time.monotonic()
        try:
            found = function(*arguments)
        except self.error as error:
            found = error.lines
        seconds = time.monotonic() - start
        self.count += 1
        self.failed += bool(found)
        for line in found:
            print(f"  | {line}")
        self.lines += [f"# {line}" for line in found]
        self.lines += [f"{'not ok' if found else 'ok'} {self.count} {name}", f"# {seconds:.0f} s"]
        print(f"          {'FAILED' if found else 'ok'}, {seconds:.0f} s", flush=True)
        return not found

    def note(self, text):
        self.lines.append(f"# {text}")
        print(f"          {text}", flush=True)

    def write(self):
        self.path.write_text("\n".join([f"1..{self.count}", *self.lines]) + "\n",
                             encoding="utf-8")
        print(f"\n{self.count - self.failed} passed, {self.failed} failed")
        return 1 if self.failed else 0
