# SPDX-License-Identifier: ISC
"""relay.py FULL BARE POOR: answers at the addresses BARE and POOR for the
mail server at FULL and edits what it says before TLS.  BARE greets without
capabilities; POOR leaves out the ones that not every server has.  So a client
that goes by the greeting is seen with other ones too."""
import asyncio
import re
import sys

PORTS = (25, 110, 143, 465, 587, 993, 995, 4190)
GREETINGS = {
    25: b'220 mail.example.org ESMTP ready\r\n',
    587: b'220 mail.example.org ESMTP ready\r\n',
    143: b'* OK IMAP4 server ready\r\n',
    110: b'+OK POP3 server ready\r\n',
}
RARE = re.compile(rb' (ID|SASL-IR|LITERAL\+|LOGIN-REFERRALS|ENABLE|IDLE)'
                  rb'(?=[] \r])')
RARE_LINE = re.compile(
    rb'(?m)^(250-(PIPELINING|DSN|ENHANCEDSTATUSCODES)|'
    rb'PIPELINING|RESP-CODES|AUTH-RESP-CODE)\r\n')
SWITCH = re.compile(rb'(?i)STARTTLS\r?\n|^STLS\r?\n')


class Edit:
    """How one connection's server bytes are changed, until TLS begins."""

    def __init__(self, port, poor):
        self.greeting = None if poor else GREETINGS.get(port)
        self.poor = poor
        self.on = port in GREETINGS

    def client(self, data):
        if SWITCH.search(data):
            self.on = False
        return data

    def server(self, data):
        if not self.on:
            return data
        if self.greeting:
            _, _, rest = data.partition(b'\n')     # answers may follow it
            data, self.greeting = self.greeting + rest, None
        if self.poor:
            data = RARE_LINE.sub(b'', RARE.sub(b'', data))
        return data


async def copy(reader, writer, edit):
    try:
        while data := await reader.read(65536):
            writer.write(edit(data))
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def serve(full, port, poor):
    async def accept(reader, writer):
        edit = Edit(port, poor)
        there = await asyncio.open_connection(full, port)
        await asyncio.gather(copy(reader, there[1], edit.client),
                             copy(there[0], writer, edit.server),
                             return_exceptions=True)
    return accept


async def main(full, bare, poor):
    for port in PORTS:
        for address in (bare, poor):
            accept = await serve(full, port, address == poor)
            await asyncio.start_server(accept, address, port)
    await asyncio.Event().wait()


if __name__ == '__main__':
    asyncio.run(main(*sys.argv[1:]))
