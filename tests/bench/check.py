#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""check.py TRUTH.tsv RECORDS.ndjson [SHARE]

How many of the generated handshakes were reported, and with the right version
and offer.  Exit status 0: nothing wrong, nothing invented, and at least SHARE
(default 0.999) of them reported.
"""
import collections
import csv
import ipaddress
import json
import sys

VERSIONS = {
    "0300": ("ssl", "3.0"),
    "0301": ("tls", "1.0"),
    "0302": ("tls", "1.1"),
    "0303": ("tls", "1.2"),
    "0304": ("tls", "1.3"),
}
NOTHING_NEGOTIATED = ("plain", "alert", "part")


def key(client, client_port, server, server_port):
    return (ipaddress.ip_address(client), int(client_port),
            ipaddress.ip_address(server), int(server_port))


def read_records(path):
    """What was reported: by addresses, the version and the offer."""
    records = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            source, destination = record["source"], record["destination"]
            tls = record.get("tls", {})
            offer = record["mailtls"].get("client_hello", {})
            records[key(source["ip"], source["port"], destination["ip"],
                        destination["port"])] = (
                (tls.get("version_protocol"), tls.get("version")),
                offer.get("max_version"))
    return records


def groups_of(row, version):
    yield "all"
    yield "STARTTLS" if "starttls" in row["kind"] else "implicit"
    yield "negotiated %s %s" % version
    if row["nasty"] != "-":
        yield "nasty " + row["nasty"]


class Score:
    """Counts of a comparison; groups: known, right, wrong, missed."""

    def __init__(self):
        self.groups = collections.defaultdict(lambda: [0, 0, 0, 0])
        self.invented = 0
        self.offers = 0
        self.offers_right = 0

    def add(self, row, record):
        if row["negotiated"] in NOTHING_NEGOTIATED:
            self.invented += bool(record) and record[0][1] is not None
            return
        version = VERSIONS[row["negotiated"]]
        missed = not record or record[0][1] is None
        right = not missed and record[0] == version
        for name in groups_of(row, version):
            group = self.groups[name]
            group[0] += 1
            group[1] += right
            group[2] += not right and not missed
            group[3] += missed
        protocol, number = VERSIONS[row["client_max"]]
        offer = number if protocol == "tls" else "ssl " + number
        self.offers += 1
        self.offers_right += bool(record) and record[1] == offer

    def holds(self, share):
        known, right, wrong, _ = self.groups["all"]
        return wrong == 0 and self.invented == 0 and right >= share * known


def compare(truth, records):
    score = Score()
    records = read_records(records)
    with open(truth, encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            score.add(row, records.get(key(row["cli"], row["cport"],
                                           row["srv"], row["sport"])))
    return score


def main():
    score = compare(sys.argv[1], sys.argv[2])
    share = float(sys.argv[3]) if len(sys.argv) > 3 else 0.999
    print("%-28s %8s %8s %8s %8s" % ("group", "known", "right", "wrong",
                                     "missed"))
    for name in sorted(score.groups):
        print("%-28s %8d %8d %8d %8d" % (name, *score.groups[name]))
    known, right, wrong, missed = score.groups["all"]
    print("%d of %d negotiated versions right, %d wrong, %d missed; "
          "%d invented; %d of %d offers right" %
          (right, known, wrong, missed, score.invented, score.offers_right,
           score.offers))
    sys.exit(0 if score.holds(share) else 1)


if __name__ == "__main__":
    main()
