# SPDX-License-Identifier: ISC
"""record.py [--only TEXT]... [--batch A|B] [--list]: runs every program in
each of its modes and records it, one capture a run, into OUT/A and OUT/B,
and writes what was run to OUT/labels.jsonl."""
import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import threading
import time

import desktop
import mta
import scripts
import terminal
from lab import CA, DEVICES, LAB, OUT, ROUTER, SERVERS, sh
from program import PACKAGES_OF_LIBRARIES, PROGRAMS, Run, package_version

AT_ONCE = int(os.environ.get('AT_ONCE', '4'))
LABELS = OUT + '/labels.jsonl'
MODULES = (terminal, scripts, mta, desktop)     # each registers programs

# Which of a batch's devices, which server, and what is special.  Each batch
# has two runs at default settings, a third where there is a talk in the
# clear, and one by address.
DEFAULT_RUNS = {
    'A': [(0, 'full', 'default'), (1, 'bare', 'default')],
    'B': [(1, 'full', 'default'), (2, 'bare', 'default')],
}
THIRD_SERVER_DEVICE = {'A': 2, 'B': 3}
ADDRESS_DEVICE = {'A': 3, 'B': 0}
HELD_DEVICE = {'A': 1, 'B': 3}

lock = threading.Lock()
program_locks = {}      # some programs keep state outside their HOME
at_once = threading.Semaphore(AT_ONCE)


def program_lock(program):
    with lock:
        return program_locks.setdefault(program.name, threading.Lock())


def plan_mode(program, protocol, mode, batch):
    """One program's runs in one mode: (device, server, scenario, held)."""
    runs = [(d, s, what, '') for d, s, what in DEFAULT_RUNS[batch]]
    if program.desktop:     # they are slow
        if (protocol, mode) == ('imap', 'starttls'):
            runs += [(0, 'full', 'held ' + held, held)
                     for held in program.held]
        return runs
    if mode != 'implicit':
        runs.append((THIRD_SERVER_DEVICE[batch], 'poor', 'default', ''))
    if mode != 'plain':
        if program.addressable:
            runs.append((ADDRESS_DEVICE[batch], 'full', 'by address', ''))
        for held in program.held:
            runs.append((HELD_DEVICE[batch], 'full', 'held ' + held, held))
    return runs


def plan(batch):
    """Every run of a batch."""
    for turn, program in enumerate(PROGRAMS):
        devices = [d for d in DEVICES
                   if (d.batch, d.desktop) == (batch, program.desktop)]
        for protocol, modes in program.talks.items():
            for mode in modes:
                planned = plan_mode(program, protocol, mode, batch)
                for number, (d, s, scenario, held) in enumerate(planned):
                    server = SERVERS[s]
                    host = server.host(protocol)
                    if scenario == 'by address':
                        host = server.ip
                    yield Run(program, protocol, mode, held,
                              devices[(d + turn) % len(devices)], server,
                              host, scenario, number)


def start_recording(device, path):
    recorder = subprocess.Popen(
        ['ip', 'netns', 'exec', ROUTER, 'tcpdump', '-i', 'v-' + device.name,
         '-U', '--immediate-mode', '-Z', 'root', '-w', path, 'tcp'],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    while line := recorder.stderr.readline():
        if b'listening on' in line:
            break
    threading.Thread(target=recorder.stderr.read, daemon=True).start()
    return recorder


def stop_recording(recorder):
    time.sleep(0.3)     # the last packets are on their way
    recorder.send_signal(signal.SIGINT)
    recorder.wait(10)


def environment(run):
    keep = {k: v for k, v in os.environ.items() if k in ('PATH', 'TMPDIR')}
    return dict(keep, HOME=run.home, LC_ALL='C.UTF-8', TERM='xterm', CA=CA,
                USER='anna', LOGNAME='anna', EMAIL='anna@example.net',
                LAB=LAB, **run.env)


def start_program(run, command, log):
    """Runs `command` on the device, which has its own host name."""
    return subprocess.Popen(
        ['ip', 'netns', 'exec', run.device.netns, 'unshare', '-u', 'bash',
         '-c', f'hostname {run.device.host}\n{command}'],
        env=environment(run), cwd=run.home, stdin=subprocess.DEVNULL,
        stdout=log, stderr=log, start_new_session=True)


def end_program(run):
    """Ends whatever the run has left on its device."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        pids = sh('ip', 'netns', 'pids', run.device.netns).split()
        for pid in pids:
            try:
                os.kill(int(pid), number)
            except ProcessLookupError:
                pass
        if pids:
            time.sleep(0.4)


def record(run, batch):
    """Records one run; returns its label and exit status."""
    folder = f'{OUT}/{batch}'
    shutil.rmtree(run.home, ignore_errors=True)
    for path in (run.home, folder, OUT + '/output'):
        os.makedirs(path, exist_ok=True)
    command = run.program.command(run)
    path = f'{folder}/{run.name}.pcap'
    recorder = start_recording(run.device, path)
    with open(f'{OUT}/output/{batch}-{run.name}.txt', 'wb') as log:
        started = start_program(run, command, log)
        try:
            if run.program.desktop:
                desktop.operate(run, started, path)
                status = 'ended'
            else:
                status = started.wait(run.program.seconds)
        except subprocess.TimeoutExpired:
            status = 'timeout'
        end_program(run)
        started.wait()
    stop_recording(recorder)
    return label(run, batch), status


def label(run, batch):
    library = run.program.library
    return {
        'file': f'{batch}/{run.name}.pcap',
        'client': run.device.ip,
        'server': f'{run.server.ip}:{run.port}',
        'program': run.program.name,
        'program_version': run.program.full_version(),
        'tls_library': library,
        'tls_library_version':
            package_version(PACKAGES_OF_LIBRARIES.get(library, '')),
        'device': run.device.host,
        'protocol': run.protocol,
        'mode': run.mode,
        'scenario': run.scenario,
        'batch': batch,
    }


def work(device, runs):
    """Records the runs on one device, one after the other."""
    for batch, run in runs:
        with program_lock(run.program), at_once:
            began = time.monotonic()
            try:
                row, status = record(run, batch)
            except OSError as error:
                print('failed:', run.name, error, flush=True)
                continue
            with lock, open(LABELS, 'a', encoding='utf-8') as f:
                f.write(json.dumps(row) + '\n')
            size = os.path.getsize(f'{OUT}/{row["file"]}')
            print(f'{batch} {run.name:64} status {status} {size} bytes '
                  f'{time.monotonic() - began:.1f} s', flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--only', action='append', default=[])
    parser.add_argument('--batch', action='append', default=[])
    parser.add_argument('--list', action='store_true')
    return parser.parse_args()


def main():
    args = arguments()
    runs = [(batch, run) for batch in args.batch or 'AB'
            for run in plan(batch)
            if not args.only or any(t in run.name for t in args.only)]
    print(len(runs), 'recordings of',
          len({run.program.name for _, run in runs}), 'programs', flush=True)
    if args.list:
        for batch, run in runs:
            print(batch, run.name)
        return
    random.Random(1).shuffle(runs)
    by_device = {}
    for batch, run in runs:
        by_device.setdefault(run.device, []).append((batch, run))
    workers = [threading.Thread(target=work, args=item)
               for item in by_device.items()]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == '__main__':
    main()
