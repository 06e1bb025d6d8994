/* SPDX-License-Identifier: ISC */
/*
 * What is claimed of a product has its source beside it; where there is none,
 * the text claims nothing of it.
 */
#include "report/remedy.h"

#include "report/language.h"

const struct remedy remedies[] = {
	/*
	 * Programs for Windows.
	 */

	/* blog.variomedia.de 2024-12-16: TLS 1.2 from Windows 8 on. */
	{ REMEDY_OLD, REMEDY_PROGRAM, "becky",
	    N_("In the properties of the mailbox, undo the choice of one SSL "
	       "or TLS version, so that it is the default again. If the offer "
	       "stays the same, the TLS of Windows may be the limit, which has "
	       "1.2 from Windows 8 on.") },
	/* help.maruo.co.jp/turukame, account details. */
	{ REMEDY_OLD, REMEDY_PROGRAM, "hidemaru|turukame",
	    N_("In the details of the account's mail server, take away the "
	       "tick at the choice of an SSL/TLS version, or choose TLS "
	       "1.2.") },
	{ REMEDY_OLD, REMEDY_PROGRAM, "shuriken",
	    N_("See the maker's support page for an update that adds TLS "
	       "1.2, or go over to another mail program.") },
	/* pc-sheep.com on OCN: out of support. */
	{ REMEDY_OLD, REMEDY_PROGRAM,
	    "outlook express|windows mail|windows live mail",
	    N_("This program gets no updates any more. Go over to one that "
	       "does, such as Thunderbird, and to a newer Windows if this one "
	       "is older than Windows 8.") },
	/* Microsoft, Outlook Support Team Blog Japan 2014-08-25: it uses
	 * schannel.dll, so that Windows decides, and 1.2 by default from
	 * Windows 8 on; TLS registry settings (dn786418). */
	{ REMEDY_OLD, REMEDY_PROGRAM, "outlook|microsoft outlook",
	    N_("Outlook uses the TLS of Windows, which offers 1.2 by default "
	       "from Windows 8 on: move to a newer Windows. On Windows 7, TLS "
	       "1.2 can be switched on in the registry, under "
	       "SCHANNEL\\Protocols\\TLS 1.2\\Client.") },
	/* azuread.github.io/MSIdentityTools, Set-MsIdWindowsTlsSettings. */
	{ REMEDY_OLD, REMEDY_PROGRAM, "powershell|send-mailmessage|.net",
	    N_("Let .NET use the TLS versions of Windows: set "
	       "SchUseStrongCrypto and SystemDefaultTlsVersions to 1 in the "
	       "registry, under Microsoft\\.NETFramework\\v4.0.30319, or "
	       "install a newer .NET.") },
	/* help.avast.com, Mail Shield: it stands in such connections. */
	{ REMEDY_OLD | REMEDY_SERVER_OLD, REMEDY_PROGRAM,
	    "avast|avg|kaspersky|eset|avira|mcafee|antivirus",
	    N_("This is the virus scanner, which stands between mail program "
	       "and server. Update it, or have it leave mail alone, and look "
	       "again.") },
	/*
	 * Programs of all systems.
	 */

	/* privacy-handbuch.de: 78 has 1.2 and 1.3; thunderbird-mail.de
	 * lexicon: security.tls.version. */
	{ REMEDY_OLD, REMEDY_PROGRAM, "thunderbird",
	    N_("Update Thunderbird: from version 78 on it offers TLS 1.2 and "
	       "1.3. If it is newer than that, open Settings, General, Config "
	       "Editor, and reset security.tls.version.min and "
	       "security.tls.version.max.") },
	/* mail.de, notice of September 2023. */
	{ REMEDY_OLD, REMEDY_PROGRAM, "apple mail|ios mail|macos mail",
	    N_("Update macOS or iOS: the Mail of OS X 10.11 and older is too "
	       "old. Where that can not be, another program on the same "
	       "device, such as Thunderbird, may bring its own TLS.") },
	/* k9mail.app/documentation/security/ssl.html: TLS is the device's;
	 * publicobject.com 2020-02-09: 1.2 from Android 5 on. */
	{ REMEDY_OLD, REMEDY_PROGRAM, "k-9|k9|fairemail|android",
	    N_("Update the app, and Android: apps use the TLS of the system, "
	       "which has 1.2 by default from Android 5 on. What can not be "
	       "updated can still read mail in its web browser, or has to be "
	       "replaced.") },
	/* fetchmail(1) */
	{ REMEDY_OLD, REMEDY_PROGRAM, "fetchmail",
	    N_("In .fetchmailrc, write sslproto 'TLS1.2+' instead of an older "
	       "one, and update fetchmail if it is older than 6.4.") },
	/* msmtp(1) */
	{ REMEDY_OLD, REMEDY_PROGRAM, "msmtp",
	    N_("Take tls_priorities out of .msmtprc, so that the TLS library "
	       "chooses, and update that library.") },
	/* getmail6 configuration.txt */
	{ REMEDY_OLD, REMEDY_PROGRAM, "getmail",
	    N_("Take ssl_version out of the retriever in the getmailrc file, "
	       "or set it to tlsv1_2.") },
	/* offlineimap.conf, the example */
	{ REMEDY_OLD, REMEDY_PROGRAM, "offlineimap",
	    N_("In .offlineimaprc, take ssl_version and tls_level out of the "
	       "remote repository, or set ssl_version to tls1_2.") },
	/* mbsync(1) of 1.4 */
	{ REMEDY_OLD, REMEDY_PROGRAM, "mbsync|isync",
	    N_("In .mbsyncrc, let SSLVersions name TLSv1.2 and TLSv1.3 "
	       "only.") },
	/* muttrc(5) */
	{ REMEDY_OLD, REMEDY_PROGRAM, "mutt|neomutt",
	    N_("In the muttrc file, leave ssl_use_tlsv1_2 and ssl_use_tlsv1_3 "
	       "at yes, take ssl_use_tlsv1 and ssl_use_tlsv1_1 out, and "
	       "update the TLS library.") },
	/* postconf(5) */
	{ REMEDY_OLD, REMEDY_PROGRAM, "postfix",
	    N_("In main.cf, set smtp_tls_protocols and "
	       "smtp_tls_mandatory_protocols to >=TLSv1.2 (before Postfix "
	       "3.6: !SSLv2,!SSLv3,!TLSv1,!TLSv1.1), and update OpenSSL.") },
	{ REMEDY_OLD, REMEDY_PROGRAM, "exim|opensmtpd|sendmail",
	    N_("Update the mail server together with its TLS library, and "
	       "take a fixed TLS version out of its settings for sending.") },
	/* Recordings of PHP 8.2 with c-client 2007f on Debian 12. */
	{ REMEDY_OLD, REMEDY_PROGRAM, "php imap|php-imap|c-client",
	    N_("If the mailbox is named with /tls, name it with /ssl and port "
	       "993 or 995: with /tls, c-client offers TLS 1.0 alone. Else "
	       "update PHP and its OpenSSL.") },
	/* docs.python.org, ssl: create_default_context(). */
	{ REMEDY_OLD, REMEDY_PROGRAM, "python|imaplib|smtplib|poplib",
	    N_("Give the connection a context from "
	       "ssl.create_default_context(), not one with a fixed version "
	       "such as PROTOCOL_TLSv1, and update Python.") },
	/* docs.oracle.com, JSSE; playframework.com, Configuring Protocols. */
	{ REMEDY_OLD, REMEDY_PROGRAM, "java|javamail|jakarta",
	    N_("Update Java: version 8 offers TLS 1.2 by default. Until then, "
	       "start the program with "
	       "-Djdk.tls.client.protocols=TLSv1.2, and with JavaMail also "
	       "-Dmail.smtp.ssl.protocols=TLSv1.2.") },
	/* curl(1) */
	{ REMEDY_OLD, REMEDY_PROGRAM, "curl",
	    N_("Take --tls-max out of the command or of .curlrc, and update "
	       "curl and its TLS library.") },
	/* github.com/php/php-src, pull 469: crypto_method. */
	{ REMEDY_OLD, REMEDY_PROGRAM, "phpmailer",
	    N_("Update PHP and its OpenSSL, and take crypto_method out of the "
	       "ssl options in SMTPOptions if it names an old version.") },
	/* nodejs.org, tls.createSecureContext() */
	{ REMEDY_OLD, REMEDY_PROGRAM,
	    "nodemailer|imapflow|node-imap|node-pop3|emailjs",
	    N_("Take maxVersion and secureProtocol out of the tls options, "
	       "and --tls-max out of the call of node, and update node.") },
	/* metacpan.org, IO::Socket::SSL */
	{ REMEDY_OLD, REMEDY_PROGRAM, "perl",
	    N_("Take SSL_version out of the options that the script gives, "
	       "and update IO::Socket::SSL and OpenSSL.") },
	/* docs.ruby-lang.org, OpenSSL::SSL::SSLContext */
	{ REMEDY_OLD, REMEDY_PROGRAM, "ruby",
	    N_("Take ssl_version and max_version out of the SSL context that "
	       "the script makes, and update Ruby and OpenSSL.") },
	/* openssl-s_client(1), gnutls-cli(1), swaks(1) */
	{ REMEDY_OLD, REMEDY_PROGRAM, "openssl s_client|gnutls-cli|swaks",
	    N_("This is a program for tests: take the choice of a version out "
	       "of its call (-tls1, -tls1_1; --priority; --tls-protocol).") },
	/*
	 * Devices.
	 */

	/* What it runs says more than who built it. */

	/* blogs.technet.microsoft.com/outlooksupportjp, as above. */
	{ REMEDY_OLD, REMEDY_CLASS, "msft",
	    N_("It is a Windows computer: update the mail program. Many use "
	       "the TLS of Windows, which offers 1.2 by default from Windows 8 "
	       "on; on Windows 7 it can be switched on in the registry, under "
	       "SCHANNEL\\Protocols\\TLS 1.2\\Client.") },
	/* publicobject.com 2020-02-09 */
	{ REMEDY_OLD, REMEDY_CLASS, "android",
	    N_("It seems to be an Android device: update the mail app, and "
	       "Android, which has TLS 1.2 by default from version 5 on. What "
	       "can not be updated can still read mail in its web browser, or "
	       "has to be replaced.") },
	/* manuals.konicaminolta.eu, C3321i. */
	{ REMEDY_OLD, REMEDY_VENDOR, "konica",
	    N_("In its web page, as administrator, look under Security, PKI "
	       "Settings, Enable SSL Version for a maximum of TLS 1.2 or "
	       "more; older models need a firmware update.") },
	/* rental-server.net, Xerox WorkCentre. */
	{ REMEDY_OLD, REMEDY_VENDOR, "xerox",
	    N_("Update its firmware: WorkCentre firmware from before 2017 "
	       "often has TLS 1.0 alone.") },
	/* HP, Secure by Default white paper. */
	{ REMEDY_OLD, REMEDY_VENDOR, "hewlett|hp inc",
	    N_("Update its firmware, then open its address in a web browser: "
	       "the embedded web server of newer models lets one choose the "
	       "TLS versions. What has no update needs a relay in the home, "
	       "or is to be replaced.") },
	{ REMEDY_OLD, REMEDY_VENDOR, "brother",
	    N_("Look for a firmware update at the Brother Solutions Center "
	       "(solutions.brother.com), then for a TLS version in the "
	       "printer's web page. What has no update needs a relay in the "
	       "home, or is to be replaced.") },
	/* download4.epson.biz, mail server settings. */
	{ REMEDY_OLD, REMEDY_VENDOR, "seiko epson|epson",
	    N_("Update its firmware from its control panel or from Epson's "
	       "support page. Secure Connection under Email Server in its web "
	       "page says how encryption begins, not which version it has.") },
	{ REMEDY_OLD, REMEDY_VENDOR,
	    "canon|kyocera|ricoh|sharp|lexmark|oki|toshiba tec",
	    N_("Look for a firmware update at the maker's support page, or "
	       "ask the service: with large machines, only the service can "
	       "install it. What has no update needs a relay in the home, or "
	       "is to be replaced.") },
	/* kb.synology.com: TLS profile levels are for what DSM serves. */
	{ REMEDY_OLD, REMEDY_VENDOR, "synology",
	    N_("Update DSM, then set up its mail notification anew. The TLS "
	       "profile under Security is for what the NAS itself offers, not "
	       "for the mail that it sends.") },
	{ REMEDY_OLD, REMEDY_VENDOR,
	    "qnap|western digital|netgear|buffalo|zyxel|asustor",
	    N_("Update the device's firmware, then set up its mail "
	       "notification anew.") },
	/* Amcrest, manual: the menu names the two ways to begin. */
	{ REMEDY_OLD, REMEDY_VENDOR,
	    "hangzhou hikvision|hikvision|zhejiang dahua|dahua|amcrest|reolink|"
	    "axis|foscam|instar|mobotix|d-link|tp-link",
	    N_("Update the camera's firmware. SSL and TLS in its mail "
	       "settings are often the two ways to begin encryption, not "
	       "versions. What has no update needs a relay in the home, or is "
	       "to be replaced.") },
	{ REMEDY_OLD, REMEDY_CLASS, "hewlett-packard|hp |printer",
	    N_("It seems to be a printer: look for a firmware update in its "
	       "web page or at the maker's support page. What has no update "
	       "needs a relay in the home, or is to be replaced.") },
	/*
	 * TLS libraries, where that is all that is known.
	 */
	{ REMEDY_OLD, REMEDY_LIBRARY, "schannel",
	    N_("The program uses the TLS of Windows, which offers 1.2 by "
	       "default from Windows 8 on: move to a newer Windows. On Windows "
	       "7, TLS 1.2 can be switched on in the registry, under "
	       "SCHANNEL\\Protocols\\TLS 1.2\\Client.") },
	{ REMEDY_OLD, REMEDY_LIBRARY, "jsse|java",
	    N_("It is a Java program: update Java, of which version 8 offers "
	       "TLS 1.2 by default, or start it with "
	       "-Djdk.tls.client.protocols=TLSv1.2.") },
	/*
	 * Nobody in particular.
	 */
	{ REMEDY_OLD, REMEDY_ANYONE, NULL,
	    N_("Update the program, or the firmware of the device, and undo "
	       "the choice of a fixed SSL or TLS version in its settings. "
	       "Else: another program there; the provider's web page; a relay "
	       "in the home with modern TLS, such as Postfix, msmtp or stunnel "
	       "on a NAS or router, which then holds the password; or a newer "
	       "device.") },
	/*
	 * The server, or something on the way.
	 */
	{ REMEDY_SERVER_OLD, REMEDY_ANYONE, NULL,
	    N_("The device needs no change. If a virus scanner there looks at "
	       "mail, update it, or have it leave mail alone, and look again; "
	       "else it is for whoever runs the server to update it.") },
	{ REMEDY_REFUSES, REMEDY_ANYONE, NULL,
	    N_("The device is new enough, the server is not: it is for whoever "
	       "runs the server to update it.") },
	/*
	 * Not the version.
	 */

	/* Canon, imageRUNNER service manual, chapter 22. */
	{ REMEDY_IN_CLEAR, REMEDY_VENDOR, "canon",
	    N_("In its settings for e-mail, under authentication and "
	       "encryption, switch on Allow SSL for SMTP. Then change the "
	       "password of the mailbox.") },
	{ REMEDY_IN_CLEAR, REMEDY_ANYONE, NULL,
	    N_("In the settings of the account, choose SSL/TLS (port 993 for "
	       "IMAP, 995 for POP3, 465 for sending) or STARTTLS (143, 110, "
	       "587), and not \"if available\". Then change the password of "
	       "the mailbox.") },
	/* news.lavx.hu, old QTS. */
	{ REMEDY_AUTHORITY, REMEDY_VENDOR, "qnap",
	    N_("The version is not the trouble: an old QTS lacks the root "
	       "certificates of today. Update it, then set up its mail "
	       "notification anew.") },
	{ REMEDY_AUTHORITY, REMEDY_ANYONE, NULL,
	    N_("The version is not the trouble: the device lacks the root "
	       "certificate of the authority. Update its system or firmware, "
	       "or import the root certificate, and see that its clock is "
	       "right.") },
	{ REMEDY_EXPIRED, REMEDY_ANYONE, NULL,
	    N_("The version is not the trouble: set the date and time of the "
	       "device right. If they are, the server's certificate has "
	       "expired, and whoever runs the server has to renew it.") },
	{ REMEDY_CERTIFICATE, REMEDY_ANYONE, NULL,
	    N_("The version is not the trouble: compare the server name in "
	       "the settings with the one that the provider gives. If they "
	       "are the same, the server's certificate has to be put right by "
	       "whoever runs the server, or a virus scanner has put its own "
	       "in place.") },
	{ REMEDY_CLIENT_CERT, REMEDY_ANYONE, NULL,
	    N_("The version is not the trouble: the server wants a "
	       "certificate from the device. Mail providers seldom do; ask "
	       "whoever runs the server for one.") },
	{ REMEDY_MODE, REMEDY_ANYONE, NULL,
	    N_("The version is not the trouble: choose SSL/TLS with port 993, "
	       "995 or 465, and STARTTLS with port 143, 110 or 587.") },
	/* borncity.com, February 2025: firmware without ECDHE. */
	{ REMEDY_CIPHER | REMEDY_WEAK, REMEDY_VENDOR, "ricoh|kyocera|sharp",
	    N_("The version is not the trouble, the cipher is: older firmware "
	       "lacks the key exchange (ECDHE) that large providers ask for. "
	       "Look for a firmware update, or ask the service.") },
	{ REMEDY_CIPHER, REMEDY_ANYONE, NULL,
	    N_("The version is not the trouble, the cipher is: update the "
	       "program or the firmware of the device.") },
	{ REMEDY_WEAK, REMEDY_ANYONE, NULL,
	    N_("This works, and will for a while. Update the program or the "
	       "firmware of the device when there is occasion.") },
	{ REMEDY_BROKEN, REMEDY_ANYONE, NULL,
	    N_("Compare server, port and encryption in the settings with what "
	       "the provider's help page says. If they are right, try without "
	       "a virus scanner in between.") },
	{ REMEDY_CARELESS, REMEDY_ANYONE, NULL,
	    N_("Look for a setting such as \"verify the certificate\" and "
	       "switch it on, or anyone on the way could pretend to be the "
	       "server.") },
};

const size_t remedies_count = sizeof(remedies) / sizeof(remedies[0]);
