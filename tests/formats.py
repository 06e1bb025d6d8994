# SPDX-License-Identifier: ISC
"""formats.py SRCDIR FOLDER PROMTOOL: reads what tests/formats.sh wrote."""
import copy
import csv
import email
import email.policy
import glob
import json
import os
import re
import subprocess
import sys

from jsonschema import Draft202012Validator, RefResolver

srcdir, folder, promtool = sys.argv[1:4]
count = 0


def result(name, problems):
    """A line of TAP, with what is wrong before it."""
    global count
    count += 1
    problems = list(problems)
    for problem in problems[:20]:
        print("# " + str(problem).replace("\n", "\n# "))
    print(f"{'not ok' if problems else 'ok'} {count} - {name}")


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def lines(path):
    return [json.loads(line) for line in read(path).splitlines()]


# --- JSON -------------------------------------------------------------------


def closed(schema):
    """The same schema, but with no key that it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: closed(value) for key, value in schema.items()}
    if "properties" in schema and isinstance(schema["properties"], dict):
        schema.setdefault("additionalProperties", False)
    return schema


schemas = {
    name: json.loads(read(f"{srcdir}/docs/{name}.schema.json"))
    for name in ("record", "report")
}
store = {s["$id"]: closed(s) for s in schemas.values()}


def validator(name):
    schema = store[schemas[name]["$id"]]
    return Draft202012Validator(
        schema, resolver=RefResolver(schema["$id"], schema, store=store)
    )


def complaints(name, document, where):
    for error in validator(name).iter_errors(document):
        path = "/".join(map(str, error.absolute_path))
        yield f"{where}: {path}: {error.message[:200]}"


def schema_problems():
    for schema in schemas.values():
        try:
            Draft202012Validator.check_schema(schema)
        except Exception as error:  # whatever is wrong with it
            yield f"{schema['$id']}: {error}"


def record_problems():
    paths = glob.glob(f"{srcdir}/pcaps/*.ndjson") + [f"{folder}/household.ndjson"]
    for path in paths:
        for record in lines(path):
            yield from complaints("record", record, os.path.basename(path))


def report_problems():
    paths = glob.glob(f"{folder}/reports/*.json")
    if len(paths) < 10:
        yield f"{len(paths)} reports only"
    for path in paths + [f"{srcdir}/tests/report.json"]:
        report = json.loads(read(path))
        yield from complaints("report", report, os.path.basename(path))


def changed(document, path, value):
    """`document` with `value`, or nothing for None, at `path`."""
    document = copy.deepcopy(document)
    at = document
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return document


wrong_records = [
    (["@timestamp"], "22 May"),
    (["mailtls", "verdict"], "good"),
    (["mailtls", "verdict"], None),
    (["mailtls", "schema"], 2),
    (["network", "type"], "ipx"),
    (["source", "port"], 65536),
    (["source", "mac"], "00:00:5e:00:53:23"),
    (["tls", "version"], "TLS 1.0"),
    (["tls", "version_protocol"], None),
    (["user"], "anna"),
]
wrong_reports = [
    (["totals"], None),
    (["totals", "by_version", "2.0"], 1),
    (["losses", "gaps"], 0),
    (["changes", 0, "kind"], "better"),
    (["trend"], None),
    (["entries", 0, "worst", "verdict"], "good"),
    (["entries", 0, "device", "id"], ""),
    (["entries", 0, "password"], "x"),
]


def not_refused(name, document, wrong):
    for path, value in wrong:
        if validator(name).is_valid(changed(document, path, value)):
            yield f"{'.'.join(map(str, path))}: {value}"


def test_json():
    result("the schemas are schemas", schema_problems())
    result("every record is as its schema has it", record_problems())
    result("every report is as its schema has it", report_problems())
    record = next(r for r in lines(f"{folder}/household.ndjson") if "tls" in r)
    result("wrong records are refused", not_refused("record", record, wrong_records))
    report = json.loads(read(f"{srcdir}/tests/report.json"))
    result("wrong reports are refused", not_refused("report", report, wrong_reports))


# --- mail -------------------------------------------------------------------


def parse(path):
    with open(path, "rb") as file:
        return email.message_from_binary_file(file, policy=email.policy.default)


def mail_problems(path):
    message = parse(path)
    parts = list(message.iter_parts())
    if message.defects or any(part.defects for part in parts):
        yield f"defects: {message.defects}"
    if [part.get_content_type() for part in parts] != ["text/plain", "text/html"]:
        yield f"parts: {[part.get_content_type() for part in parts]}"
    for name in "Date", "Message-ID", "From", "To", "Subject", "MIME-Version":
        if len(message.get_all(name, [])) != 1 or message[name].defects:
            yield f"{name}: {message.get_all(name)}"
    for line in read(path).splitlines():
        if len(line) > 78 or not line.isascii() or line == ".":
            yield f"line: {line}"
        if line.startswith("From "):
            yield f"line: {line}"


def content_problems():
    message = parse(f"{folder}/household.mail")
    text, html = (part.get_content() for part in message.iter_parts())
    if text.rstrip("\n") != read(f"{folder}/household.text").rstrip("\n"):
        yield "the text is not that of the text report"
    if message["Subject"] not in html:
        yield f"subject: {message['Subject']}"
    for word in "<script", "<svg", "Content-Security-Policy":
        if word in html:
            yield f"{word} is for browsers"


def subject_problems():
    message = parse(f"{srcdir}/tests/report.eml")
    if not re.fullmatch(
        r"Funktioniert meine E-Mail bald nicht mehr\? Ja, auf \d+ Geräten\.", message["Subject"]
    ):
        yield message["Subject"]
    if "Geräten funktioniert" not in next(message.iter_parts()).get_content():
        yield "the text is not German"


def test_mail():
    for path in f"{folder}/household.mail", f"{srcdir}/tests/report.eml":
        result(f"{os.path.basename(path)} is a sound message", mail_problems(path))
    result("a mail says what the text report says", content_problems())
    result("headers and text survive their encoding", subject_problems())


# --- CSV --------------------------------------------------------------------


def table(path):
    return list(csv.reader(read(path).splitlines(), strict=True))


def csv_problems():
    head, *rows = table(f"{folder}/household.csv")
    report = json.loads(read(f"{folder}/household.json"))
    if len(set(head)) != len(head):
        yield f"columns: {head}"
    if len(rows) != len(report["entries"]):
        yield f"{len(rows)} rows for {len(report['entries'])} entries"
    for row, entry in zip(rows, report["entries"]):
        cells = dict(zip(head, row))
        if len(row) != len(head):
            yield f"{len(row)} cells: {row}"
        if int(cells["connections"]) != entry["connections"]:
            yield f"connections: {cells['connections']}"
        if cells["verdict"] != entry["worst"]["verdict"]:
            yield f"verdict: {cells['verdict']}"
        if cells["server_name"] != entry["server"].get("name", ""):
            yield f"server: {cells['server_name']}"
        for kind, counts in ("version", "by_version"), ("verdict", "by_verdict"):
            for key, value in entry[counts].items():
                if int(cells[f"{kind}_{key.replace(' ', '_')}"]) != value:
                    yield f"{kind} {key}: {cells}"


def formula_problems():
    cells = [cell for row in table(f"{srcdir}/tests/report.csv") for cell in row]
    if not any(cell.startswith("'=HYPERLINK") for cell in cells):
        yield "there is no cell to look at"
    for cell in cells:
        if cell[:1] in tuple("=+-@\t\r＝＋－＠"):
            yield cell


def test_csv():
    result("CSV says what JSON says", csv_problems())
    result("no cell is a formula", formula_problems())


# --- Zeek -------------------------------------------------------------------


def zeek_log(path):
    """The records, as zeek-cut finds them, and the directives."""
    directives, records = {}, []
    for line in read(path).splitlines():
        if line.startswith("#separator "):
            directives["separator"] = line.split(" ")[1].encode().decode("unicode_escape")
        elif line.startswith("#"):
            key, *values = line[1:].split(directives["separator"])
            directives[key] = values
        else:
            values = line.split(directives["separator"])
            if len(values) != len(directives["fields"]):
                raise ValueError(line)
            records.append(dict(zip(directives["fields"], values)))
    return directives, records


zeek_columns = (
    "ts uid id.orig_h id.orig_p id.resp_h id.resp_p version cipher curve server_name "
    "resumed last_alert next_protocol established ssl_history"
).split()


def zeek_version(tls):
    return {"tls": "TLSv", "ssl": "SSLv"}[tls["version_protocol"]] + (
        tls["version"].replace(".", "") if tls["version_protocol"] == "tls" else tls["version"][0]
    )


def zeek_problems():
    directives, records = zeek_log(f"{folder}/household.zeek")
    seen = [r for r in lines(f"{folder}/household.ndjson") if "tls" in r]
    if directives["fields"][: len(zeek_columns)] != zeek_columns:
        yield directives["fields"]
    if len(directives["types"]) != len(directives["fields"]) or "close" not in directives:
        yield directives
    if len({r["uid"] for r in records}) != len(records) or len(records) != len(seen):
        yield f"{len(records)} for {len(seen)} records"
    for record, want in zip(records, seen):
        tls = want["tls"]
        expected = {
            "id.orig_h": want["source"]["ip"],
            "id.resp_p": str(want["destination"]["port"]),
            "version": zeek_version(tls) if "version" in tls else "-",
            "cipher": tls.get("cipher", "-"),
            "curve": tls.get("curve", "-"),
            "server_name": tls.get("client", {}).get("server_name", "-"),
            "established": "T" if tls["established"] else "F",
            "ja3": tls.get("client", {}).get("ja3", "-"),
            "verdict": want["mailtls"]["verdict"],
        }
        for key, value in expected.items():
            if record[key] != value:
                yield f"{key}: want {value}, have {record[key]}"


def test_zeek():
    result("Zeek's log says what the records say", zeek_problems())


# --- Prometheus -------------------------------------------------------------


def promtool_problems(path):
    with open(path, "rb") as file:
        done = subprocess.run(
            [promtool, "check", "metrics"], stdin=file, capture_output=True, text=True
        )
    if done.returncode != 0 or done.stderr:
        yield done.stdout + done.stderr


def label_problems(report, text):
    """What is there of addresses, and of names that the user did not give."""
    for entry in report["entries"]:
        device = entry["device"]
        secrets = [device["ip"], device.get("mac"), entry["server"].get("name")]
        if device.get("name_source") != "alias":
            secrets.append(device.get("name"))
        yield from (secret for secret in secrets if secret and secret in text)


def test_metrics():
    for path, report in (
        (f"{folder}/household.prometheus", f"{folder}/household.json"),
        (f"{srcdir}/tests/report.prom", f"{srcdir}/tests/report.json"),
    ):
        name = os.path.basename(path)
        result(f"no address is a label in {name}", label_problems(json.loads(read(report)), read(path)))
        name = f"promtool finds nothing wrong with {name}"
        if promtool:
            result(name, promtool_problems(path))
        else:
            result(f"{name} # SKIP promtool is not installed", [])


test_json()
test_mail()
test_csv()
test_zeek()
test_metrics()
print(f"1..{count}")
