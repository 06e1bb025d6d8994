/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_CONNECTION_H
#define MAILTLS_DISSECT_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

/*
 * struct connection is the one thing that leaves the dissector: what was seen
 * of one mail connection.  It has a fixed size and no pointers, so it is
 * copied with `=`, kept, written and compared without further thought.
 *
 * Zero means "not seen" or "not known" in every field; nothing is ever
 * guessed.  Strings end in NUL and hold bytes exactly as the other side sent
 * them: whoever prints one escapes it.  Integers are in host order, addresses
 * in network order.
 *
 * The dissector fills in all but the part marked "meaning", which its caller
 * fills in from the hooks of dissect/maildissect.h.
 */

enum side {
	CLIENT,
	SERVER,
};

enum {
	CONNECTION_NAME_MAX = 256,    /* a host name of 255 bytes and NUL */
	CONNECTION_SUBJECT_MAX = 256, /* a distinguished name, cut if longer */
	CONNECTION_ID_MAX = 384,      /* the fields of an IMAP ID, together */
	CONNECTION_WORD_MAX = 32,     /* a SASL mechanism, an ALPN protocol */
	CONNECTION_VERSIONS_MAX = 12, /* entries of supported_versions kept */
	CONNECTION_ALERTS_MAX = 8,
	CONNECTION_TALK_MAX = 64, /* a signature; the longest seen has 49 */
};

/* By content where that is visible, else by port; 0 is neither. */
enum mail_protocol {
	MAIL_UNKNOWN,
	MAIL_SMTP,
	MAIL_LMTP,
	MAIL_IMAP,
	MAIL_POP3,
	MAIL_SIEVE,
};

/* How TLS began, or that it did not. */
enum encryption {
	ENCRYPTION_UNKNOWN, /* TLS was seen, its beginning was not */
	ENCRYPTION_NONE,    /* no TLS seen */
	ENCRYPTION_IMPLICIT,
	ENCRYPTION_STARTTLS,
};

/* What shows that a connection is mail. */
enum evidence {
	EVIDENCE_PORT,    /* its port: it was taken for mail unasked */
	EVIDENCE_CONTENT, /* what was said in the clear, or ALPN */
	EVIDENCE_NAME,    /* its server's name */
	EVIDENCE_HINT,    /* what somebody else knows of its server */
	EVIDENCE_SERVER,  /* the same server port spoke mail to others */
	EVIDENCE_PROGRAM, /* the same program did, and is spoken to first */
	EVIDENCE_NONE,    /* nothing; it is TLS, which may hold anything */
};

/* What the talk in the clear showed about STARTTLS. */
enum starttls {
	STARTTLS_NOT_SEEN, /* there was no talk in the clear */
	STARTTLS_UNKNOWN,  /* there was, without a list of capabilities */
	STARTTLS_NOT_OFFERED,
	STARTTLS_OFFERED, /* and not used */
	STARTTLS_MASKED,  /* the capability was overwritten on its way */
	STARTTLS_REFUSED,
	STARTTLS_USED,
};

/* How a try to log in on the unencrypted connection ended. */
enum login_result {
	LOGIN_UNANSWERED,
	LOGIN_ACCEPTED,
	LOGIN_REJECTED,
};

/* A client's certificate, up to TLS 1.2. */
enum client_certificate {
	CLIENT_CERTIFICATE_NOT_SEEN,
	CLIENT_CERTIFICATE_NONE,
	CLIENT_CERTIFICATE_REQUESTED, /* and none, or an empty one, came */
	CLIENT_CERTIFICATE_SENT,
};

/* Why something could not be judged: bits of connection.incomplete. */
enum incomplete {
	INCOMPLETE_NO_START = 1 << 0,  /* no SYN seen */
	INCOMPLETE_ONE_SIDED = 1 << 1, /* nothing seen of one side */
	INCOMPLETE_GAP = 1 << 2,       /* bytes missing before the verdict */
	INCOMPLETE_TRUNCATED = 1 << 3, /* packets cut by the capture */
	INCOMPLETE_NOT_TLS = 1 << 4,   /* TLS was due and something else came */
	INCOMPLETE_OVERFLOW = 1 << 5,  /* a limit of the analyzer was reached */
};

/* Who ended the connection: the side of the first FIN or RST. */
enum closed_by {
	CLOSED_BY_NONE,
	CLOSED_BY_CLIENT,
	CLOSED_BY_SERVER,
};

/* ProtocolVersion values.  SSL 2.0 has its own number on the wire. */
enum tls_version {
	TLS_NONE = 0,
	SSL_2_0 = 0x0002,
	SSL_3_0 = 0x0300, /* RFC 6101 */
	TLS_1_0 = 0x0301, /* RFC 2246 */
	TLS_1_1 = 0x0302, /* RFC 4346 */
	TLS_1_2 = 0x0303, /* RFC 5246 */
	TLS_1_3 = 0x0304, /* RFC 9846 */
};

struct endpoint {
	uint8_t ip[16]; /* network order; an IPv4 address is the first four */
	uint8_t mac[6];
	bool has_mac;
	uint16_t port;
	uint64_t bytes; /* TCP payload seen, every byte once */
};

struct alert {
	uint8_t from;  /* enum side */
	uint8_t level; /* 1 warning, 2 fatal */
	uint8_t code;  /* AlertDescription */
};

/* What the first ClientHello said. */
struct offer {
	bool seen;
	bool whole; /* read to the end of its extensions */
	bool sslv2_format;
	bool fallback_scsv; /* RFC 7507 */
	bool ech;           /* RFC 9849: server_name may be a cover name */
	uint16_t legacy_version;
	uint16_t max_version;                       /* 0 unless `whole` */
	uint16_t versions[CONNECTION_VERSIONS_MAX]; /* listed ones, as listed */
	uint8_t version_count;
	char server_name[CONNECTION_NAME_MAX];
	bool alpn;                        /* RFC 7301: protocols were listed */
	enum mail_protocol alpn_protocol; /* the mail protocol among them */
};

/* What the server answered. */
struct answer {
	bool seen;        /* a final ServerHello */
	bool hello_retry; /* RFC 8446 4.1.4, before the final one */
	bool resumed;
	bool established;  /* as records define tls.established */
	uint16_t version;  /* negotiated */
	uint16_t draft;    /* wire value of a draft of 1.3, else 0 */
	uint32_t cipher;   /* suite; an SSL 2.0 kind has 24 bits */
	uint16_t group;    /* 0: not seen */
	uint16_t sentinel; /* RFC 8446 4.1.3: TLS_1_2, TLS_1_1 or 0 */
	char next_protocol[CONNECTION_WORD_MAX];
};

/* A leaf certificate and what is wrong with it at packet time. */
enum certificate_problem {
	CERTIFICATE_EXPIRED = 1 << 0,
	CERTIFICATE_NOT_YET_VALID = 1 << 1,
	CERTIFICATE_SELF_SIGNED = 1 << 2,
	CERTIFICATE_NAME_MISMATCH = 1 << 3,
	CERTIFICATE_UNTRUSTED = 1 << 4,
	CERTIFICATE_WEAK_KEY = 1 << 5,
	CERTIFICATE_WEAK_SIGNATURE = 1 << 6,
};

struct certificate {
	bool seen;
	uint8_t problems; /* bits of enum certificate_problem */
	uint8_t sha256[32];
	int64_t not_before_s, not_after_s;    /* since 1970 */
	char subject[CONNECTION_SUBJECT_MAX]; /* RFC 4514 */
	char issuer[CONNECTION_SUBJECT_MAX];
	char name[CONNECTION_NAME_MAX]; /* first dNSName, else CN */
};

enum failure {
	FAILURE_NONE,
	FAILURE_VERSION_REFUSED_BY_SERVER,
	FAILURE_VERSION_REFUSED_BY_CLIENT,
	FAILURE_CERTIFICATE_REFUSED,
	FAILURE_NO_COMMON_PARAMETERS,
	FAILURE_NOT_TLS,
	FAILURE_CLOSED,
	FAILURE_OTHER,
};

enum verdict {
	VERDICT_NONE,
	VERDICT_PLAINTEXT_LOGIN,
	VERDICT_REFUSED_OLD,
	VERDICT_FAILED,
	VERDICT_OLD_CLIENT,
	VERDICT_FALLBACK,
	VERDICT_OLD_SERVER,
	VERDICT_WEAK_CIPHER,
	VERDICT_MODERN,
	VERDICT_PLAINTEXT,
	VERDICT_UNDETERMINED,
};

enum outcome {
	OUTCOME_UNKNOWN,
	OUTCOME_SUCCESS,
	OUTCOME_FAILURE,
};

/*
 * What somebody says of a connection on a port that mail is not known for.  It
 * is believed where the content does not contradict it.
 */
struct opinion {
	bool mail;  /* mail, of `protocol` if that is not MAIL_UNKNOWN */
	bool other; /* a protocol that is none of mail's */
	enum mail_protocol protocol;
};

struct connection {
	int64_t first_us, last_us; /* first and last packet, since 1970 */
	struct endpoint end[2];    /* by enum side */
	bool ipv6;
	bool judged;        /* the handshake ended, or a login was seen */
	uint8_t incomplete; /* bits of enum incomplete */
	enum closed_by closed_by;
	enum mail_protocol protocol;
	enum evidence evidence;
	enum encryption encryption;

	/* The talk in the clear. */
	enum starttls starttls;
	bool login; /* a login was tried in the clear */
	bool secret_exposed;
	enum login_result login_result;
	bool unexpected_bytes[2]; /* by who sent them before the hello */
	char login_mechanism[CONNECTION_WORD_MAX];
	char ehlo[CONNECTION_NAME_MAX];
	char talk[CONNECTION_TALK_MAX];          /* see dissect/signature.h */
	char greeting_name[CONNECTION_NAME_MAX]; /* host the server claims */
	/* IMAP ID: key NUL value NUL key NUL value NUL ..., `client_id_len`
	 * bytes in all, whole pairs only. */
	char client_id[CONNECTION_ID_MAX];
	uint16_t client_id_len;

	/* TLS. */
	bool tls;               /* a hello of either side was seen */
	bool server_first;      /* on other ports: the server speaks first */
	bool change_cipher[2];  /* ChangeCipherSpec seen, by side */
	bool answered_in_clear; /* text where the ServerHello was due */
	struct offer offer;
	struct answer answer;
	enum client_certificate client_certificate;
	struct alert
	    alerts[CONNECTION_ALERTS_MAX]; /* readable ones, in order */
	uint8_t alert_count;

	/* Meaning: filled in by the caller's hooks.  The dissector itself reads
	 * the opinions, of connections on other ports than mail's. */
	struct opinion by_name; /* by the names of the server, so far */
	struct opinion by_past; /* by other connections to the server */
	struct opinion by_hint; /* somebody else's */
	char service[CONNECTION_WORD_MAX]; /* whose service: "gmail.com" */
	bool has_ja3, has_ja3s;
	uint8_t ja3[16], ja3s[16]; /* MD5 */
	char ja4[37];              /* "" if there is none */
	char ja4_fresh[37];        /* as if it had no session to resume */
	char suites[13];           /* the part of a JA4 that is of the suites */
	struct certificate server_certificate;
	char client_subject[CONNECTION_SUBJECT_MAX];
	enum failure failure;
	enum verdict verdict;
	bool verdict_likely; /* an inference, not a proof */
	enum outcome outcome;
};

#endif
