/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_DIALOGUE_H
#define MAILTLS_DISSECT_DIALOGUE_H

#include "dissect/bytes.h"
#include "dissect/connection.h"

/*
 * The talk in the clear before TLS, or instead of it: SMTP (RFC 5321, 3207,
 * 2920, 3030, 4954), LMTP (RFC 2033), IMAP (RFC 9051, 3501, 2971, 7888), POP3
 * (RFC 1939, 2449, 2595, 5034) and ManageSieve (RFC 5804).
 *
 * Only one word a side is ever held, and only where its kind is of interest:
 * arguments that can be a user's name, a secret, an address or a message are
 * not stored at all.
 */

enum {
	DIALOGUE_WORD_MAX = 255,   /* kept of one word: a host name */
	DIALOGUE_LABEL_MAX = 32,   /* kept of an IMAP tag, a field of ID */
	DIALOGUE_PENDING_MAX = 32, /* commands that wait for their reply */
};

/* The line that one side is in the middle of. */
struct dialogue_line {
	/* Octets still to come of a chunk or a literal; within a line, the
	 * count as far as it has been said. */
	uint64_t left;
	uint16_t at;     /* bytes of the line so far; stops at its limit */
	uint16_t words;  /* words that have ended, up to `wanted` */
	uint16_t wanted; /* so many words are kept, one by one */
	uint16_t code;   /* SMTP reply code */
	uint8_t mode;    /* enum dialogue_mode */
	uint8_t text_at; /* enum text_at: how near the end of the text */
	uint8_t brace;   /* enum brace: how much of a literal's {count} */
	uint8_t command; /* enum command: what the client asks here */
	uint8_t status;  /* enum status: what the server answers here */
	uint8_t opening; /* enum opening: a first word that may mean mail */
	bool cr;         /* the last byte was CR */
	bool bare;       /* the last line did not end in CR LF, but in LF */
	bool continued;  /* SMTP: 250-, a reply has more lines */
	bool list;       /* IMAP: the words are capabilities */
	bool in_word;    /* a word that is counted has begun */
	bool string;     /* that word is a quoted string or a literal */
	bool quoted;     /* its closing quote has not come */
	bool escaped;    /* after a backslash */
	bool cut;        /* the word was longer than is kept */
	bool waiting;    /* the literal waits for the server's consent */
	bool proxy;      /* so far, a PROXY line */
	bool harmless;   /* what the client asks here shows nobody */
	bool lost;       /* a part is missing: wait for the next line */
	uint8_t word_len;
	char word[DIALOGUE_WORD_MAX];
};

/* An IMAP tag, or the name of a field of an IMAP ID. */
struct dialogue_label {
	uint8_t len; /* as sent, even where that is more than is kept */
	char text[DIALOGUE_LABEL_MAX];
};

/*
 * struct dialogue is what is remembered of the talk of one connection.
 * Zeroed, it is ready; the caller may then set `hint` and `late`, and nothing
 * else.
 */
struct dialogue {
	enum mail_protocol hint;     /* by the port; content outranks it */
	enum mail_protocol protocol; /* by content */
	struct dialogue_line line[2];
	bool spoke[2];
	bool answered;   /* the server spoke as one of `protocol` does */
	bool commanded;  /* the client gave a command of `protocol` */
	bool foreign;    /* a line was heard that begins no mail */
	uint8_t strange; /* the client's lines before `protocol` was known */
	bool tls[2];
	bool noted[2];           /* lines came where TLS was due */
	bool noted_not_tls;      /* INCOMPLETE_NOT_TLS is ours */
	bool gapped;             /* a part of the talk is missing */
	bool late;               /* its start was not heard */
	bool signed_off;         /* nothing more goes into the signature */
	uint8_t signed_commands; /* that are in it */
	bool private; /* a line may have shown a user, a secret or mail */
	bool over;
	uint8_t upgrade;      /* enum upgrade */
	bool asked;           /* for TLS, at any time */
	uint8_t uncertain;    /* enum uncertain: whose reply is this? */
	bool greeted;         /* the server's greeting is behind us */
	bool ok_greeting;     /* it was a lone +OK */
	bool exchange;        /* the client's lines are SASL responses */
	bool listing;         /* POP3: in the reply to CAPA */
	bool offered, masked; /* in the present list of capabilities */
	uint8_t login;        /* IMAP: enum command that is unanswered */
	uint8_t last;         /* enum command: the client's last */
	uint16_t reply_lines; /* SMTP: of the present reply, before this */
	uint16_t recipients;  /* LMTP: accepted, for the present message */
	uint16_t untracked;   /* commands without room in `pending` */
	uint8_t pending_count, pending_head;
	uint8_t pending[DIALOGUE_PENDING_MAX]; /* ring of enum command */
	struct dialogue_label tag;             /* IMAP: of the client's line */
	struct dialogue_label upgrade_tag, login_tag;
	struct dialogue_label id_field; /* IMAP ID: waits for its value */
};

/*
 * dialogue_feed hears what `side` says next and writes what it learns to
 * `*c`: protocol, starttls, login*, secret_exposed, ehlo, greeting_name,
 * client_id, and INCOMPLETE_NOT_TLS where the talk goes on after TLS was
 * agreed on.  It reads from `data` until that is used up, or until it stands
 * at the start of a line, or behind a gap, in front of a byte that
 * sniff_starts_line() refuses; that byte is left in `data`.  The contents of
 * DATA, BDAT and literals never stop it.  How the talk is cut into calls does
 * not matter.
 */
void dialogue_feed(struct dialogue *d, struct connection *c, enum side side,
    struct bytes *data);

/* dialogue_feed_odd is dialogue_feed, but takes the first byte of `data`
 * whatever it is: the caller has looked, and it does not start TLS. */
void dialogue_feed_odd(struct dialogue *d, struct connection *c, enum side side,
    struct bytes *data);

/*
 * dialogue_gap hears that `len` bytes of `side` are missing here, 0 if it is
 * not known how many.  If they lie within counted octets (BDAT, a literal)
 * nothing is lost; else it looks for the start of the next line, and for a
 * while can not tell which reply belongs to which command.
 */
void dialogue_gap(struct dialogue *d, enum side side, size_t len);

/*
 * dialogue_tls hears that TLS starts on `side`.  When the talk led to it, by
 * a STARTTLS asked for or granted, or by one that must have been in a part
 * not heard, it sets `c->starttls` to STARTTLS_USED, and unexpected_bytes
 * where lines came after the switch.
 */
void dialogue_tls(struct dialogue *d, struct connection *c, enum side side);

/* dialogue_spoke tells whether `side` has said anything, apart from a PROXY
 * line and from the rest of a line whose start is missing. */
bool dialogue_spoke(const struct dialogue *d, enum side side);

/*
 * dialogue_is_harmless tells whether nothing that was said so far, by either
 * side, shows a user, a secret, an address or mail: it was greetings, what the
 * two can do, and what leads to TLS.
 */
bool dialogue_is_harmless(const struct dialogue *d);

/*
 * dialogue_is_mail tells whether the protocol is proven on a port that nothing
 * is known of: there is no trying out of commands on servers of other kinds.
 * dialogue_is_foreign tells whether no mail protocol begins like this.
 */
bool dialogue_is_mail(const struct dialogue *d);
bool dialogue_is_foreign(const struct dialogue *d);

/* dialogue_is_over tells whether nothing that is of interest can follow: a
 * login was accepted. */
bool dialogue_is_over(const struct dialogue *d);

#endif
