#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What mailtls costs, as `make bench` shows it.

Everything is measured in pairs: the program and `floor loop`, one after the
other on the same file, so that a machine that is busy is so for both.  What is
shown is the median of the pairs' ratios of user and system CPU of the whole
process, and never a time that was not measured beside the floor's.
"""
import argparse
import datetime
import functools
import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import check

# name: what mailgen is given: kind, seed, counts by size; and what is wanted:
# the share of the connections that must be right, the ratio, and MiB.
WORKLOADS = {
    "day": ("day", 11, {"tiny": 30, "small": 500, "full": 2000},
            0.999, 0.45, 24),
    "mail": ("mail", 22, {"tiny": 1000, "small": 25000, "full": 200000},
             0.999, 1.0, 40),
    "flood": ("flood", 33, {"tiny": 20000, "small": 1000000, "full": 1200000},
              0.99, 1.5, 40),
    "nasty": ("nasty", 44, {"tiny": 1000, "small": 5000, "full": 20000},
              0.999, 3.0, 40),
}
GROWTH = {
    "tiny": (250, 1000),
    "small": (6250, 25000),
    "full": (6250, 25000, 100000, 200000),
}
PEER_SAMPLE = {"tiny": 250, "small": 1000, "full": 2500}
COST = "tests/cost"  # of the build, where this runs
MAIL_PORTS = "tcp port (25 or 110 or 143 or 465 or 587 or 993 or 995)"
# name: the package of Debian that has it, and what is run on a capture.
PEERS = {
    "tcpdump": ("tcpdump", ("-nr", "FILE", "-w", "OUT", MAIL_PORTS)),
    "ssldump": ("ssldump", ("-n", "-r", "FILE")),
    "ndpiReader": ("libndpi-bin", ("-q", "-i", "FILE")),
    "tshark": ("tshark", (
        "-n", "-r", "FILE", "-Y", "tls.handshake.type", "-T", "fields", "-e",
        "tcp.stream", "-e", "tls.handshake.version", "-e", "tls.handshake.ja3",
        "-o", "tcp.reassemble_out_of_order:TRUE")),
}


class Cost:
    """What one run of a program took, as tests/cost told at the end."""

    def __init__(self, wall, status, told):
        self.told, _, figures = told.rstrip("\n").rpartition("\n")
        _, kib, microseconds = figures.split()
        self.cpu = int(microseconds) / 1e6
        self.peak_mib = int(kib) / 1024
        self.wall = wall
        self.status = status


def run(command, output=os.devnull):
    """Runs it with its standard output in a file; returns its cost."""
    with open(output, "wb") as out:
        start = time.monotonic()
        done = subprocess.run([COST, *command], stdin=subprocess.DEVNULL,
                              stdout=out, stderr=subprocess.PIPE, check=False)
        wall = time.monotonic() - start
    return Cost(wall, done.returncode, done.stderr.decode(errors="replace"))


def must(cost, command):
    if cost.status != 0:
        sys.exit("%s: status %d: %s" % (" ".join(command), cost.status,
                                        cost.told))
    return cost


class Bench:
    def __init__(self, options):
        self.options = options
        self.records = os.path.join(options.dir, "records.ndjson")
        os.makedirs(options.dir, exist_ok=True)

    def workload(self, kind, count, seed):
        """Makes a capture unless it is there, and names it and its truth."""
        base = os.path.join(self.options.dir, "%s-%d" % (kind, count))
        capture, truth = base + ".pcap", base + ".tsv"
        if not os.path.exists(capture):
            say("making %s" % capture)
            command = [self.options.mailgen, kind, str(count), str(seed),
                       capture + "-t", truth]
            must(run(command), command)
            os.rename(capture + "-t", capture)
        return capture, truth

    def floor(self, capture, mode="loop"):
        command = [self.options.floor, mode, capture]
        return must(run(command), command)

    def mailtls(self, capture, *more):
        """All records as NDJSON, into a file."""
        command = [self.options.mailtls, "analyze", "--quiet", "--format",
                   "ndjson", *more, capture]
        return must(run(command, self.records), command)

    def pairs(self, capture, one, pairs=None):
        """Runs `one` and the floor in turn: the median of the ratios, the
        runs, and the floors'."""
        self.floor(capture)  # from now on the file is in memory
        runs, floors = [], []
        for _ in range(pairs or self.options.pairs):
            floors.append(self.floor(capture))
            runs.append(one(capture))
        ratio = statistics.median(
            run.cpu / floor.cpu for run, floor in zip(runs, floors))
        return ratio, runs, floors

    def jobs_known(self):
        command = [self.options.mailtls, "analyze", "--help"]
        must(run(command, self.records), command)
        with open(self.records, encoding="utf-8") as file:
            return "--jobs" in file.read()

    @functools.cached_property
    def one_job(self):
        return ("--jobs", "1") if self.jobs_known() else ()


def say(text):
    print(text, file=sys.stderr, flush=True)


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def median_of(runs, what):
    return statistics.median(getattr(run, what) for run in runs)


def verdict(holds):
    return "yes" if holds else "**no**"


def ratios(bench):
    """CPU, memory and correctness of each workload."""
    rows = []
    for name, (kind, seed, counts, share, most, mib) in WORKLOADS.items():
        if name not in bench.options.only:
            continue
        capture, truth = bench.workload(kind, counts[bench.options.size], seed)
        say("measuring %s" % capture)
        reach, _, _ = bench.pairs(
            capture, lambda file: bench.floor(file, "vhand"), 3)
        ratio, runs, _ = bench.pairs(
            capture, lambda file: bench.mailtls(file, *bench.one_job))
        peak = max(run.peak_mib for run in runs)
        score = check.compare(truth, bench.records)
        known, right, wrong, missed = score.groups["all"]
        right_enough = score.holds(share)
        rows.append([
            name, "%.2f" % reach, "**%.2f**" % ratio, "%.2f" % most,
            "%.0f" % peak, "%d" % mib,
            "%d of %d right, %d wrong, %d missed, %d invented; "
            "offers %d of %d" % (right, known, wrong, missed, score.invented,
                                 score.offers_right, score.offers),
            verdict(ratio <= most and peak <= mib and right_enough)])
    return table(["workload", "`floor vhand`", "mailtls", "at most",
                  "peak MiB", "at most", "connections", "reached"], rows)


def growth(bench):
    """Whether a connection costs the same in a long capture."""
    rows = []
    for count in GROWTH[bench.options.size]:
        capture, _ = bench.workload("mail", count, 22)
        say("measuring %s" % capture)
        ratio, runs, floors = bench.pairs(
            capture, lambda file: bench.mailtls(file, *bench.one_job))
        rows.append([
            "%d" % count, "%.2f" % ratio,
            "%.1f" % (median_of(runs, "cpu") * 1e6 / count),
            "%.1f" % (median_of(floors, "cpu") * 1e6 / count),
            "%.1f" % max(run.peak_mib for run in runs)])
    return table(["connections", "ratio", "CPU µs a connection",
                  "`floor loop`", "peak MiB"], rows)


def jobs(bench):
    """Wall time of two jobs to that of one."""
    if not bench.jobs_known():
        return "Two jobs: not measured, this mailtls has no `--jobs`."
    if (os.cpu_count() or 1) < 2:
        return "Two jobs: not measured, there is one core."
    capture, _ = bench.workload(
        "mail", WORKLOADS["mail"][2][bench.options.size], 22)
    say("measuring two jobs")
    walls, cpus, peak = [], [], 0
    one_file = bench.records + "-1"
    for _ in range(bench.options.pairs):
        one = bench.mailtls(capture, "--jobs", "1")
        os.replace(bench.records, one_file)
        two = bench.mailtls(capture, "--jobs", "2")
        walls.append(two.wall / one.wall)
        cpus.append(two.cpu / one.cpu)
        peak = max(peak, two.peak_mib)
    same = files_equal(one_file, bench.records)
    return ("Two jobs on `mail`: %.2f of the wall time of one (at most 0.6), "
            "%.2f of its CPU, %.0f MiB at most, the same bytes: %s." %
            (statistics.median(walls), statistics.median(cpus), peak,
             verdict(same)))


def files_equal(one, other):
    with open(one, "rb") as a, open(other, "rb") as b:
        while True:
            left, right = a.read(1 << 20), b.read(1 << 20)
            if left != right:
                return False
            if not left:
                return True


def start_up(bench):
    """CPU of a capture of a kilobyte."""
    capture, _ = bench.workload("mail", 1, 22)
    short = os.path.join(bench.options.dir, "short.pcap")
    with open(capture, "rb") as whole, open(short, "wb") as out:
        data = whole.read(1024)
        # up to the end of the last packet that fits
        at = 24
        while True:
            if at + 16 > len(data):
                break
            end = at + 16 + int.from_bytes(data[at + 8:at + 12], sys.byteorder)
            if end > len(data):
                break
            at = end
        out.write(data[:at])
    costs = [bench.mailtls(short) for _ in range(21)]
    floors = [bench.floor(short) for _ in range(21)]
    return ("Start-up: %.1f ms of CPU for a capture of 1 KB (at most 15; "
            "`floor loop` %.1f), %.1f MiB." %
            (median_of(costs, "cpu") * 1e3, median_of(floors, "cpu") * 1e3,
             median_of(costs, "peak_mib")))


def size(bench):
    """Bytes of the stripped binary and of the data beside it."""
    stripped = os.path.join(bench.options.dir, "stripped")
    shutil.copy(bench.options.mailtls, stripped)
    if shutil.which("strip") is None:
        return "Size: not measured, there is no strip."
    subprocess.run(["strip", stripped], check=True)
    binary = os.path.getsize(stripped)
    data = sum(os.path.getsize(path) for path in bench.options.data)
    return ("Size: %.2f MiB, the stripped binary %d bytes and its data %d "
            "(at most 1.5 MiB)." % ((binary + data) / 2**20, binary, data))


def resident(pid):
    """MiB of a process: all, and what it shares with no file."""
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        fields = dict(line.split(":", 1) for line in file)
    return (int(fields["VmRSS"].split()[0]) / 1024,
            int(fields["RssAnon"].split()[0]) / 1024)


def idle(bench):
    """Memory of a build for routers that waits for packets."""
    router = bench.options.router
    if not router:
        return "Idle: not measured, there is no build for routers."
    child = subprocess.Popen(
        [router, "capture", "--interface", "lo", "--format", "ndjson"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE)
    try:
        time.sleep(3)
        if child.poll() is not None:
            return "Idle: not measured: " + child.stderr.read().decode()
        total, private = resident(child.pid)
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
        child.wait()
    return ("Idle, built `--without-ndpi --disable-nls`, on one interface: "
            "%.1f MiB resident (at most 6), %.1f of them not of files." %
            (total, private))


def version_of(program):
    result = subprocess.run([program, "--version"], stdin=subprocess.DEVNULL,
                            capture_output=True, check=False)
    text = (result.stdout or result.stderr).decode(errors="replace")
    found = re.search(r"\d+\.\d+(\.\d+)*", text)
    return found.group(0) if found else "of unknown version"


def peer_row(bench, name, capture, work):
    package, arguments = PEERS[name]
    if shutil.which(name) is None:
        return [name, "not installed (Debian: %s)" % package, "", ""]
    say("measuring %s" % name)
    places = {"FILE": capture, "OUT": os.path.join(work, "out")}
    command = [name] + [places.get(word, word) for word in arguments]

    def one(_):
        return run(command, bench.records)
    ratio, runs, _ = bench.pairs(capture, one, 3)
    if any(cost.status for cost in runs):
        return [name, "failed: status %d" % runs[0].status, "", ""]
    return ["%s %s" % (name, version_of(name)), "%.1f" % ratio,
            "%.0f" % max(cost.peak_mib for cost in runs),
            "`%s`" % " ".join([name, *arguments]).replace("|", "\\|")]


def peers(bench):
    """Other programs beside it, on a sample: some take minutes."""
    count = PEER_SAMPLE[bench.options.size]
    capture, _ = bench.workload("mail", count, 22)
    ratio, runs, _ = bench.pairs(
        capture, lambda file: bench.mailtls(file, *bench.one_job))
    rows = [["mailtls", "%.1f" % ratio,
             "%.0f" % max(run.peak_mib for run in runs),
             "`mailtls analyze --format ndjson`"]]
    with tempfile.TemporaryDirectory(dir=bench.options.dir) as work:
        rows += [peer_row(bench, name, capture, work) for name in PEERS]
    return ("On `mail` of %d connections:\n\n" % count +
            table(["program", "ratio", "peak MiB", "command"], rows))


def machine(bench):
    model = "unknown processor"
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = re.search(r"model name\s*: (.*)", file.read()).group(1)
    except (OSError, AttributeError):
        pass
    return ("%s, %s cores, Linux %s, %s. `make bench BENCH_SIZE=%s`, median of "
            "%d pairs." % (model, os.cpu_count(), platform.release(),
                           datetime.date.today().isoformat(),
                           bench.options.size, bench.options.pairs))


PARTS = {
    "machine": (None, machine),
    "ratios": ("CPU to that of `floor loop`, memory, and what was found",
               ratios),
    "growth": ("Long captures", growth),
    "jobs": ("Several cores", jobs),
    "start": ("Start-up", start_up),
    "size": ("Size", size),
    "idle": ("Idle", idle),
    "peers": ("Other programs", peers),
}


def write_into(path, text):
    """Puts the text between the marks of a file."""
    begin, end = "<!-- bench -->\n", "<!-- end of bench -->\n"
    with open(path, encoding="utf-8") as file:
        old = file.read()
    before, rest = old.split(begin, 1)
    after = rest.split(end, 1)[1]
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + begin + text + end + after)


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mailtls", required=True)
    parser.add_argument("--floor", required=True)
    parser.add_argument("--mailgen", required=True)
    parser.add_argument("--router", help="a build for routers")
    parser.add_argument("--data", nargs="*", default=[],
                        help="files that are installed beside the binary")
    parser.add_argument("--dir", required=True, help="where workloads are kept")
    parser.add_argument("--size", choices=GROWTH, default="small")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--parts", nargs="*", default=list(PARTS),
                        choices=PARTS)
    parser.add_argument("--only", nargs="*", default=list(WORKLOADS),
                        choices=WORKLOADS)
    parser.add_argument("--write", metavar="FILE",
                        help="put the result between the marks of FILE")
    return parser.parse_args()


def main():
    bench = Bench(parse())
    text = ""
    for name in bench.options.parts:
        title, part = PARTS[name]
        section = "\n" + ("## %s\n\n" % title if title else "")
        section += part(bench) + "\n"
        print(section, end="", flush=True)
        text += section
    if bench.options.write:
        write_into(bench.options.write, text + "\n")


if __name__ == "__main__":
    main()
