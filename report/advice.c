/* SPDX-License-Identifier: ISC */
/*
 * Rows are in the order of preference: what names a program before what names
 * a device, and that before what fits all.  What is claimed of a product has
 * its source beside it; where there is none, the text claims nothing of it.
 */
#include "report/advice.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "report/language.h"

/* What happened, as far as advice differs: bits. */
enum situation {
	OLD = 1 << 0,         /* the client offers nothing better */
	SERVER_OLD = 1 << 1,  /* it does, and got less */
	IN_CLEAR = 1 << 2,    /* a login without encryption */
	AUTHORITY = 1 << 3,   /* the client does not know the CA */
	EXPIRED = 1 << 4,     /* or its clock is wrong */
	CERTIFICATE = 1 << 5, /* something else with the server's */
	CLIENT_CERT = 1 << 6, /* the server refused the client's */
	MODE = 1 << 7,        /* SSL/TLS against STARTTLS */
	CIPHER = 1 << 8,      /* none in common */
	REFUSES = 1 << 9,     /* the client refused an old server */
	WEAK = 1 << 10,       /* a cipher of the past */
	BROKEN = 1 << 11,     /* ended without a reason */
	CARELESS = 1 << 12,   /* a certificate that does not verify will do */
};

enum who {
	PROGRAM, /* its name begins so */
	LIBRARY, /* so does that */
	VENDOR,  /* so does the vendor's, by MAC */
	CLASS,   /* so does the DHCP vendor class */
	ANYONE,
};

static const struct row {
	unsigned when;
	enum who who;
	const char *names; /* between bars */
	const char *text;
} rows[] = {
	/*
	 * Programs for Windows.
	 */

	/* blog.variomedia.de 2024-12-16: TLS 1.2 from Windows 8 on. */
	{ OLD, PROGRAM, "becky",
	    N_("In the properties of the mailbox, undo the choice of one SSL "
	       "or TLS version, so that it is the default again. If the offer "
	       "stays the same, the TLS of Windows may be the limit, which has "
	       "1.2 from Windows 8 on.") },
	/* help.maruo.co.jp/turukame, account details. */
	{ OLD, PROGRAM, "hidemaru|turukame",
	    N_("In the details of the account's mail server, take away the "
	       "tick at the choice of an SSL/TLS version, or choose TLS "
	       "1.2.") },
	{ OLD, PROGRAM, "shuriken",
	    N_("See the maker's support page for an update that adds TLS "
	       "1.2, or go over to another mail program.") },
	/* pc-sheep.com on OCN: out of support. */
	{ OLD, PROGRAM, "outlook express|windows mail|windows live mail",
	    N_("This program gets no updates any more. Go over to one that "
	       "does, such as Thunderbird, and to a newer Windows if this one "
	       "is older than Windows 8.") },
	/* Microsoft, Outlook Support Team Blog Japan 2014-08-25: it uses
	 * schannel.dll, so that Windows decides, and 1.2 by default from
	 * Windows 8 on; TLS registry settings (dn786418). */
	{ OLD, PROGRAM, "outlook|microsoft outlook",
	    N_("Outlook uses the TLS of Windows, which offers 1.2 by default "
	       "from Windows 8 on: move to a newer Windows. On Windows 7, TLS "
	       "1.2 can be switched on in the registry, under "
	       "SCHANNEL\\Protocols\\TLS 1.2\\Client.") },
	/* azuread.github.io/MSIdentityTools, Set-MsIdWindowsTlsSettings. */
	{ OLD, PROGRAM, "powershell|send-mailmessage|.net",
	    N_("Let .NET use the TLS versions of Windows: set "
	       "SchUseStrongCrypto and SystemDefaultTlsVersions to 1 in the "
	       "registry, under Microsoft\\.NETFramework\\v4.0.30319, or "
	       "install a newer .NET.") },
	/* help.avast.com, Mail Shield: it stands in such connections. */
	{ OLD | SERVER_OLD, PROGRAM,
	    "avast|avg|kaspersky|eset|avira|mcafee|antivirus",
	    N_("This is the virus scanner, which stands between mail program "
	       "and server. Update it, or have it leave mail alone, and look "
	       "again.") },
	/*
	 * Programs of all systems.
	 */

	/* privacy-handbuch.de: 78 has 1.2 and 1.3; thunderbird-mail.de
	 * lexicon: security.tls.version. */
	{ OLD, PROGRAM, "thunderbird",
	    N_("Update Thunderbird: from version 78 on it offers TLS 1.2 and "
	       "1.3. If it is newer than that, open Settings, General, Config "
	       "Editor, and reset security.tls.version.min and "
	       "security.tls.version.max.") },
	/* mail.de, notice of September 2023. */
	{ OLD, PROGRAM, "apple mail|ios mail|macos mail",
	    N_("Update macOS or iOS: the Mail of OS X 10.11 and older is too "
	       "old. Where that can not be, another program on the same "
	       "device, such as Thunderbird, may bring its own TLS.") },
	/* k9mail.app/documentation/security/ssl.html: TLS is the device's;
	 * publicobject.com 2020-02-09: 1.2 from Android 5 on. */
	{ OLD, PROGRAM, "k-9|k9|fairemail|android",
	    N_("Update the app, and Android: apps use the TLS of the system, "
	       "which has 1.2 by default from Android 5 on. What can not be "
	       "updated can still read mail in its web browser, or has to be "
	       "replaced.") },
	/* fetchmail(1) */
	{ OLD, PROGRAM, "fetchmail",
	    N_("In .fetchmailrc, write sslproto 'TLS1.2+' instead of an older "
	       "one, and update fetchmail if it is older than 6.4.") },
	/* msmtp(1) */
	{ OLD, PROGRAM, "msmtp",
	    N_("Take tls_priorities out of .msmtprc, so that the TLS library "
	       "chooses, and update that library.") },
	/* getmail6 configuration.txt */
	{ OLD, PROGRAM, "getmail",
	    N_("Take ssl_version out of the retriever in the getmailrc file, "
	       "or set it to tlsv1_2.") },
	/* offlineimap.conf, the example */
	{ OLD, PROGRAM, "offlineimap",
	    N_("In .offlineimaprc, take ssl_version and tls_level out of the "
	       "remote repository, or set ssl_version to tls1_2.") },
	/* mbsync(1) of 1.4 */
	{ OLD, PROGRAM, "mbsync|isync",
	    N_("In .mbsyncrc, let SSLVersions name TLSv1.2 and TLSv1.3 "
	       "only.") },
	/* muttrc(5) */
	{ OLD, PROGRAM, "mutt|neomutt",
	    N_("In the muttrc file, leave ssl_use_tlsv1_2 and ssl_use_tlsv1_3 "
	       "at yes, take ssl_use_tlsv1 and ssl_use_tlsv1_1 out, and "
	       "update the TLS library.") },
	/* postconf(5) */
	{ OLD, PROGRAM, "postfix",
	    N_("In main.cf, set smtp_tls_protocols and "
	       "smtp_tls_mandatory_protocols to >=TLSv1.2 (before Postfix "
	       "3.6: !SSLv2,!SSLv3,!TLSv1,!TLSv1.1), and update OpenSSL.") },
	{ OLD, PROGRAM, "exim|opensmtpd|sendmail",
	    N_("Update the mail server together with its TLS library, and "
	       "take a fixed TLS version out of its settings for sending.") },
	/* Recordings of PHP 8.2 with c-client 2007f on Debian 12. */
	{ OLD, PROGRAM, "php|c-client",
	    N_("If the mailbox is named with /tls, name it with /ssl and port "
	       "993 or 995: with /tls, c-client offers TLS 1.0 alone. Else "
	       "update PHP and its OpenSSL.") },
	/* docs.python.org, ssl: create_default_context(). */
	{ OLD, PROGRAM, "python|imaplib|smtplib|poplib",
	    N_("Give the connection a context from "
	       "ssl.create_default_context(), not one with a fixed version "
	       "such as PROTOCOL_TLSv1, and update Python.") },
	/* docs.oracle.com, JSSE; playframework.com, Configuring Protocols. */
	{ OLD, PROGRAM, "java|javamail|jakarta",
	    N_("Update Java: version 8 offers TLS 1.2 by default. Until then, "
	       "start the program with "
	       "-Djdk.tls.client.protocols=TLSv1.2, and with JavaMail also "
	       "-Dmail.smtp.ssl.protocols=TLSv1.2.") },
	/*
	 * TLS libraries, where that is all that is known.
	 */
	{ OLD, LIBRARY, "schannel",
	    N_("The program uses the TLS of Windows, which offers 1.2 by "
	       "default from Windows 8 on: move to a newer Windows. On Windows "
	       "7, TLS 1.2 can be switched on in the registry, under "
	       "SCHANNEL\\Protocols\\TLS 1.2\\Client.") },
	{ OLD, LIBRARY, "jsse|java",
	    N_("It is a Java program: update Java, of which version 8 offers "
	       "TLS 1.2 by default, or start it with "
	       "-Djdk.tls.client.protocols=TLSv1.2.") },
	/*
	 * Devices.
	 */

	/* manuals.konicaminolta.eu, C3321i. */
	{ OLD, VENDOR, "konica",
	    N_("In its web page, as administrator, look under Security, PKI "
	       "Settings, Enable SSL Version for a maximum of TLS 1.2 or "
	       "more; older models need a firmware update.") },
	/* rental-server.net, Xerox WorkCentre. */
	{ OLD, VENDOR, "xerox",
	    N_("Update its firmware: WorkCentre firmware from before 2017 "
	       "often has TLS 1.0 alone.") },
	/* HP, Secure by Default white paper. */
	{ OLD, VENDOR, "hewlett|hp inc",
	    N_("Update its firmware, then open its address in a web browser: "
	       "the embedded web server of newer models lets one choose the "
	       "TLS versions. What has no update needs a relay in the home, "
	       "or is to be replaced.") },
	{ OLD, VENDOR, "brother",
	    N_("Look for a firmware update at the Brother Solutions Center "
	       "(solutions.brother.com), then for a TLS version in the "
	       "printer's web page. What has no update needs a relay in the "
	       "home, or is to be replaced.") },
	/* download4.epson.biz, mail server settings. */
	{ OLD, VENDOR, "seiko epson|epson",
	    N_("Update its firmware from its control panel or from Epson's "
	       "support page. Secure Connection under Email Server in its web "
	       "page says how encryption begins, not which version it has.") },
	{ OLD, VENDOR, "canon|kyocera|ricoh|sharp|lexmark|oki|toshiba tec",
	    N_("Look for a firmware update at the maker's support page, or "
	       "ask the service: with large machines, only the service can "
	       "install it. What has no update needs a relay in the home, or "
	       "is to be replaced.") },
	/* kb.synology.com: TLS profile levels are for what DSM serves. */
	{ OLD, VENDOR, "synology",
	    N_("Update DSM, then set up its mail notification anew. The TLS "
	       "profile under Security is for what the NAS itself offers, not "
	       "for the mail that it sends.") },
	{ OLD, VENDOR, "qnap|western digital|netgear|buffalo|zyxel|asustor",
	    N_("Update the device's firmware, then set up its mail "
	       "notification anew.") },
	/* Amcrest, manual: the menu names the two ways to begin. */
	{ OLD, VENDOR,
	    "hangzhou hikvision|hikvision|zhejiang dahua|dahua|amcrest|reolink|"
	    "axis|foscam|instar|mobotix|d-link|tp-link",
	    N_("Update the camera's firmware. SSL and TLS in its mail "
	       "settings are often the two ways to begin encryption, not "
	       "versions. What has no update needs a relay in the home, or is "
	       "to be replaced.") },
	{ OLD, CLASS, "hewlett-packard|hp |printer",
	    N_("It seems to be a printer: look for a firmware update in its "
	       "web page or at the maker's support page. What has no update "
	       "needs a relay in the home, or is to be replaced.") },
	/* blogs.technet.microsoft.com/outlooksupportjp, as above. */
	{ OLD, CLASS, "msft",
	    N_("It is a Windows computer: update the mail program. Many use "
	       "the TLS of Windows, which offers 1.2 by default from Windows 8 "
	       "on; on Windows 7 it can be switched on in the registry, under "
	       "SCHANNEL\\Protocols\\TLS 1.2\\Client.") },
	/* publicobject.com 2020-02-09 */
	{ OLD, CLASS, "android",
	    N_("It seems to be an Android device: update the mail app, and "
	       "Android, which has TLS 1.2 by default from version 5 on. What "
	       "can not be updated can still read mail in its web browser, or "
	       "has to be replaced.") },
	{ OLD, ANYONE, NULL,
	    N_("Update the program, or the firmware of the device, and undo "
	       "the choice of a fixed SSL or TLS version in its settings. "
	       "Else: another program there; the provider's web page; a relay "
	       "in the home with modern TLS, such as Postfix, msmtp or stunnel "
	       "on a NAS or router, which then holds the password; or a newer "
	       "device.") },
	/*
	 * The server, or something on the way.
	 */
	{ SERVER_OLD, ANYONE, NULL,
	    N_("The device needs no change. If a virus scanner there looks at "
	       "mail, update it, or have it leave mail alone, and look again; "
	       "else it is for whoever runs the server to update it.") },
	{ REFUSES, ANYONE, NULL,
	    N_("The device is new enough, the server is not: it is for whoever "
	       "runs the server to update it.") },
	/*
	 * Not the version.
	 */

	/* Canon, imageRUNNER service manual, chapter 22. */
	{ IN_CLEAR, VENDOR, "canon",
	    N_("In its settings for e-mail, under authentication and "
	       "encryption, switch on Allow SSL for SMTP. Then change the "
	       "password of the mailbox.") },
	{ IN_CLEAR, ANYONE, NULL,
	    N_("In the settings of the account, choose SSL/TLS (port 993 for "
	       "IMAP, 995 for POP3, 465 for sending) or STARTTLS (143, 110, "
	       "587), and not \"if available\". Then change the password of "
	       "the mailbox.") },
	/* news.lavx.hu, old QTS. */
	{ AUTHORITY, VENDOR, "qnap",
	    N_("The version is not the trouble: an old QTS lacks the root "
	       "certificates of today. Update it, then set up its mail "
	       "notification anew.") },
	{ AUTHORITY, ANYONE, NULL,
	    N_("The version is not the trouble: the device lacks the root "
	       "certificate of the authority. Update its system or firmware, "
	       "or import the root certificate, and see that its clock is "
	       "right.") },
	{ EXPIRED, ANYONE, NULL,
	    N_("The version is not the trouble: set the date and time of the "
	       "device right. If they are, the server's certificate has "
	       "expired, and whoever runs the server has to renew it.") },
	{ CERTIFICATE, ANYONE, NULL,
	    N_("The version is not the trouble: compare the server name in "
	       "the settings with the one that the provider gives. If they "
	       "are the same, the server's certificate has to be put right by "
	       "whoever runs the server, or a virus scanner has put its own "
	       "in place.") },
	{ CLIENT_CERT, ANYONE, NULL,
	    N_("The version is not the trouble: the server wants a "
	       "certificate from the device. Mail providers seldom do; ask "
	       "whoever runs the server for one.") },
	{ MODE, ANYONE, NULL,
	    N_("The version is not the trouble: choose SSL/TLS with port 993, "
	       "995 or 465, and STARTTLS with port 143, 110 or 587.") },
	/* borncity.com, February 2025: firmware without ECDHE. */
	{ CIPHER | WEAK, VENDOR, "ricoh|kyocera|sharp",
	    N_("The version is not the trouble, the cipher is: older firmware "
	       "lacks the key exchange (ECDHE) that large providers ask for. "
	       "Look for a firmware update, or ask the service.") },
	{ CIPHER, ANYONE, NULL,
	    N_("The version is not the trouble, the cipher is: update the "
	       "program or the firmware of the device.") },
	{ WEAK, ANYONE, NULL,
	    N_("This works, and will for a while. Update the program or the "
	       "firmware of the device when there is occasion.") },
	{ BROKEN, ANYONE, NULL,
	    N_("Compare server, port and encryption in the settings with what "
	       "the provider's help page says. If they are right, try without "
	       "a virus scanner in between.") },
	{ CARELESS, ANYONE, NULL,
	    N_("Look for a setting such as \"verify the certificate\" and "
	       "switch it on, or anyone on the way could pretend to be the "
	       "server.") },
};

enum {
	ROWS = sizeof(rows) / sizeof(rows[0]),
	CLIENT_TROUBLE = CERTIFICATE_EXPIRED | CERTIFICATE_NOT_YET_VALID |
			 CERTIFICATE_SELF_SIGNED | CERTIFICATE_NAME_MISMATCH |
			 CERTIFICATE_UNTRUSTED,
};

/*
 * What happened.
 */

/* By the alert that refused a certificate, RFC 8446 6.2. */
static unsigned
of_certificate(const struct connection *c)
{
	unsigned situation = CERTIFICATE;

	for (size_t i = 0; i < c->alert_count; i++) {
		const struct alert *alert = &c->alerts[i];

		if (alert->from == SERVER && alert->code >= 41)
			return CLIENT_CERT;
		if (alert->code == 48)
			situation = AUTHORITY;
		if (alert->code == 45)
			situation = EXPIRED;
	}
	return situation;
}

static unsigned
of_failure(const struct connection *c)
{
	static const unsigned situations[] = {
		[FAILURE_VERSION_REFUSED_BY_SERVER] = BROKEN,
		[FAILURE_VERSION_REFUSED_BY_CLIENT] = REFUSES,
		[FAILURE_NO_COMMON_PARAMETERS] = CIPHER,
		[FAILURE_NOT_TLS] = MODE,
		[FAILURE_CLOSED] = BROKEN,
		[FAILURE_OTHER] = BROKEN,
	};

	if (c->failure == FAILURE_CERTIFICATE_REFUSED)
		return of_certificate(c);
	return c->failure <= FAILURE_OTHER ? situations[c->failure] : 0;
}

static unsigned
situation_of(const struct connection *c)
{
	static const unsigned situations[] = {
		[VERDICT_PLAINTEXT_LOGIN] = IN_CLEAR,
		[VERDICT_REFUSED_OLD] = OLD,
		[VERDICT_OLD_CLIENT] = OLD,
		[VERDICT_FALLBACK] = SERVER_OLD,
		[VERDICT_OLD_SERVER] = SERVER_OLD,
		[VERDICT_WEAK_CIPHER] = WEAK,
		[VERDICT_UNDETERMINED] = 0,
	};

	if (c->verdict == VERDICT_FAILED)
		return of_failure(c);
	return c->verdict <= VERDICT_UNDETERMINED ? situations[c->verdict] : 0;
}

static bool
is_careless(const struct connection *c)
{
	return c->answer.established && c->server_certificate.seen &&
	       (c->server_certificate.problems & CLIENT_TROUBLE) != 0;
}

/*
 * Whose advice it is.
 */

/* Does `name` begin with one of `names`, which stand between bars? */
static bool
begins(const char *name, const char *names)
{
	if (name == NULL)
		return false;
	for (const char *at = names; *at != '\0';) {
		size_t len = strcspn(at, "|");

		if (strncasecmp(name, at, len) == 0)
			return true;
		at += len;
		at += *at == '|';
	}
	return false;
}

static bool
fits_device(const struct row *row, const struct advice_about *about)
{
	const char *const named[] = {
		[LIBRARY] = about->library,
		[VENDOR] = about->vendor,
		[CLASS] = about->vendor_class,
	};

	return row->who == ANYONE ||
	       (row->who != PROGRAM && begins(named[row->who], row->names));
}

static const struct row *
find(unsigned when, const char *program, const struct advice_about *about)
{
	for (size_t i = 0; i < ROWS; i++) {
		const struct row *row = &rows[i];

		if ((row->when & when) == 0)
			continue;
		if (program == NULL && fits_device(row, about))
			return row;
		if (program != NULL && row->who == PROGRAM &&
		    begins(program, row->names))
			return row;
	}
	return NULL;
}

static bool
has(const struct advice *out, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (out[i].text == text)
			return true;
	}
	return false;
}

/* What there is for the candidates, each text once. */
static size_t
find_programs(unsigned when, const struct advice_about *about,
    struct advice out[ADVICE_MAX])
{
	size_t candidates = about->certain && about->program_count > 1
				? 1
				: about->program_count;
	size_t count = 0;

	for (size_t i = 0; i < candidates && count < ADVICE_MAX - 1; i++) {
		const char *program = about->programs[i];
		const struct row *row = find(when, program, about);

		if (row == NULL || has(out, count, _(row->text)))
			continue;
		out[count].if_program = about->certain ? NULL : program;
		out[count++].text = _(row->text);
	}
	return count;
}

size_t
advice_find(const struct advice_about *about, struct advice out[ADVICE_MAX])
{
	const struct connection *c = about->connection;
	unsigned when = situation_of(c);
	size_t count = find_programs(when, about, out);
	bool settled = count > 0 && out[0].if_program == NULL;
	const struct row *row = settled ? NULL : find(when, NULL, about);

	if (row != NULL)
		out[count++] = (struct advice){ NULL, _(row->text) };
	if (count < ADVICE_MAX && is_careless(c)) {
		row = find(CARELESS, NULL, about);
		out[count++] = (struct advice){ NULL, _(row->text) };
	}
	return count;
}

const char *
advice_each(size_t i)
{
	return i < ROWS ? rows[i].text : NULL;
}
