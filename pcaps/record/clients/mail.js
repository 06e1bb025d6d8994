// SPDX-License-Identifier: ISC
// mail.js LIBRARY MODE HOST PORT [HELD]: what a script under node does.
const fs = require('fs');

const [, , library, mode, host, portText, held] = process.argv;
const modules = process.env.LAB + '/node/node_modules/';
const port = Number(portText);
const implicit = mode === 'implicit';
const starttls = mode === 'starttls';
const tls = { ca: fs.readFileSync(process.env.CA) };
if (held) {
	const version = 'TLSv' + held.replace('.0', '');
	Object.assign(tls, { minVersion: version, maxVersion: version,
		ciphers: 'DEFAULT:@SECLEVEL=0' });
}
const mail = { from: 'anna@example.net', to: 'bob@example.net',
	subject: 'node', text: 'x' };

const clients = {
	async nodemailer() {
		const { createTransport } = require(modules + 'nodemailer');
		const t = createTransport({ host, port, secure: implicit,
			requireTLS: starttls, ignoreTLS: mode === 'plain',
			auth: { user: 'anna', pass: 'test' }, tls });
		await t.sendMail(mail);
		t.close();
	},
	async imapflow() {
		const { ImapFlow } = require(modules + 'imapflow');
		const c = new ImapFlow({ host, port, secure: implicit, tls,
			auth: { user: 'anna', pass: 'test' }, logger: false,
			doSTARTTLS: mode === 'plain' ? false : undefined });
		await c.connect();
		(await c.getMailboxLock('INBOX')).release();
		await c.logout();
	},
	async 'node-imap'() {
		const Imap = require(modules + 'imap');
		const c = new Imap({ user: 'anna', password: 'test', host,
			port, tls: implicit, tlsOptions: tls,
			autotls: starttls ? 'required' : 'never' });
		await new Promise((done, failed) => {
			c.once('ready', () =>
				c.openBox('INBOX', true, () => c.end()));
			c.once('error', failed);
			c.once('end', done);
			c.connect();
		});
	},
	async 'node-pop3'() {
		const Pop3 = require(modules + 'node-pop3');
		const c = new (Pop3.default || Pop3)({ user: 'anna',
			password: 'test', host, port, tls: implicit,
			tlsOptions: tls });
		await c.STAT();
		await c.QUIT();
	},
	async emailjs() {
		const { SMTPClient } =
			await import(modules + 'emailjs/dist/index.js');
		const c = new SMTPClient({ user: 'anna', password: 'test',
			host, port, ssl: implicit ? tls : false,
			tls: starttls ? tls : false });
		await c.sendAsync(mail);
		c.smtp.close();
	},
};

clients[library]().catch((error) => {
	console.error(error);
	process.exit(1);
});
