# SPDX-License-Identifier: ISC
"""Recordings and what mailtls says of them."""
import json
import subprocess


def labels(folder):
    """What was run; of two runs into one file, the later one."""
    with open(folder + '/labels.jsonl', encoding='utf-8') as f:
        rows = {row['file']: row for row in map(json.loads, f)}
    return [rows[name] for name in sorted(rows)]


def records(mailtls, path):
    """The records that `mailtls` prints for one capture."""
    done = subprocess.run([mailtls, 'analyze', '--format', 'ndjson', path],
                          capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def dig(record, dotted):
    """The value of a dotted key, whichever way the record nests it."""
    if dotted in record:
        return record[dotted]
    first, _, rest = dotted.partition('.')
    inside = record.get(first)
    while rest and isinstance(inside, dict):
        if rest in inside:
            return inside[rest]
        first, _, rest = rest.partition('.')
        inside = inside.get(first)
    return None


def facts(record):
    """What the table and the evaluation need of a record."""
    client_id = dig(record, 'mailtls.client_id') or {}
    return {
        'protocol': dig(record, 'network.protocol'),
        'encryption': dig(record, 'mailtls.encryption'),
        'date': dig(record, '@timestamp')[:10],
        'offer': dig(record, 'mailtls.client_hello') is not None,
        'ja4': dig(record, 'tls.client.ja4'),
        'ja3': dig(record, 'tls.client.ja3'),
        'talk': dig(record, 'mailtls.talk'),
        'id': client_id.get('name'),
        'named': dig(record, 'mailtls.program') or {},
    }


def connections(mailtls, folder, label):
    """The connections of a recording that its label speaks of: programs may
    open others, to send or to look for news."""
    server, _, port = label['server'].rpartition(':')
    for record in records(mailtls, f'{folder}/{label["file"]}'):
        if (dig(record, 'destination.ip') == server and
                dig(record, 'destination.port') == int(port) and
                dig(record, 'source.ip') == label['client']):
            yield facts(record)
