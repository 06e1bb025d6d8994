/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_LIMITS_H
#define MAILTLS_DISSECT_LIMITS_H

/* Every bound of the dissector that is not the length of a field, with its
 * reason.  Times are microseconds of packet time. */
enum {
	/*
	 * A connection without packets for so long is over.  Mail servers must
	 * keep a silent one for 5 minutes (SMTP, RFC 5321 4.5.3.2.7) to 30
	 * (IMAP, RFC 9051 5.4); what comes after is no handshake.
	 */
	LIMIT_IDLE_US = 300 * 1000000,

	/* How long the ends of a connection that is over are remembered, so
	 * that late packets of it start no new one (RFC 9293 3.4.2: 2 MSL). */
	LIMIT_LINGER_US = 60 * 1000000,

	/*
	 * How long bytes are waited for that the other side has acknowledged
	 * or that later ones have overtaken.  Longer than any reordering on
	 * the way to a capture; short enough to report within a second.
	 */
	LIMIT_PATIENCE_US = 900 * 1000,

	/*
	 * A flow's place in the list by last use is right to this much, so
	 * that a packet of a busy flow touches no other flow's memory.  As long
	 * as it is not settled it is more exact, as it may have to be held
	 * against thousands that began since.
	 */
	LIMIT_TOUCH_US = 1000000,
	LIMIT_TOUCH_TALK_US = 10000,

	/*
	 * The same ClientHello random, seen again so soon, is the same
	 * connection on the other side of a NAT.
	 */
	LIMIT_TWIN_US = 60 * 1000000,
	LIMIT_TWINS = 1024, /* randoms remembered */

	/*
	 * Connections on other ports than mail's.  They take up no more than
	 * this part of the table of flows, so that there is always room for
	 * the others.
	 */
	LIMIT_STRANGERS_SHARE = 4,
	/* One that says nothing for so long is not waited for. */
	LIMIT_STRANGER_IDLE_US = 60 * 1000000,
	/* One that has said so much without showing that it is mail is none:
	 * a ClientHello, or the longest of greetings. */
	LIMIT_STRANGER_BYTES = 1 << 15,
	/* Somebody else's opinion is asked for so many pieces of it. */
	LIMIT_STRANGER_PIECES = 8,
	/* How much of one whose server is known to be one of mail, but not of
	 * which protocol, is looked at to find that out. */
	LIMIT_RHYTHM_BYTES = 1 << 18,
	/* Strangers that were seen to be no mail, and are remembered. */
	LIMIT_STRANGERS_KNOWN = 4096,

	/* What is due is looked for no more often than this. */
	LIMIT_TICK_US = 50 * 1000,

	/*
	 * A segment further ahead than this belongs to no handshake, and a
	 * reset further ahead is not the peer's.
	 */
	LIMIT_WINDOW = 1 << 20,

	/* Chunks of 496 bytes that one direction may hold back: a certificate
	 * chain and a post-quantum hello, in segments of any size. */
	LIMIT_EARLY_CHUNKS = 160,

	/* A ClientHello or ServerHello: one with 65,535 bytes of extensions
	 * is possible, the largest that programs send have about 2,000. */
	LIMIT_HELLO = 16384,
	/* A certificate_list; those of public authorities have 3,000 to 8,000
	 * bytes.  What is beyond is cut, the leaf comes first. */
	LIMIT_CERTIFICATES = 32768,
	/* The start of a ServerKeyExchange, where the named group stands,
	 * perhaps after a PSK identity hint. */
	LIMIT_KEY_EXCHANGE = 256,
	/* What of a direction can be said to belong to a handshake: talk, a
	 * hello, certificates. */
	LIMIT_HANDSHAKE = 1 << 16,
	/* An SSL 2.0 record in the clear. */
	LIMIT_SSLV2_RECORD = 8192,

	/*
	 * The shortest protected record that can hold a TLS 1.3 Finished (4
	 * of header, 32 of SHA-256, 1 of type, 8 of tag).  A shorter one is
	 * an alert, or the end of early data.
	 */
	LIMIT_FINISHED_13 = 45,
};

#endif
