/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_TALK_H
#define MAILTLS_DISSECT_TALK_H

#include "dissect/dialogue.h"

/*
 * Between dissect/dialogue.c, which cuts what is said into words and lines,
 * and the protocols, one file each, which know what they mean.  Private to
 * these.
 */

enum {
	TALK_ALL = UINT16_MAX, /* words wanted: all */
};

/* What the bytes of a side are at present. */
enum dialogue_mode {
	MODE_LINES,
	MODE_TEXT,    /* lines that end with a dot on its own */
	MODE_COUNTED, /* as many octets as announced */
};

/* How near a text is to its end, CR LF . CR LF. */
enum text_at {
	TEXT_INSIDE,
	TEXT_CR,
	TEXT_LINE_START,
	TEXT_DOT,
	TEXT_DOT_CR,
	TEXT_ENDED,
};

/* How much has been seen of {5}, a literal that waits, or {5+} (RFC 7888). */
enum brace {
	BRACE_NONE,
	BRACE_OPEN,
	BRACE_DIGITS,
	BRACE_PLUS,
	BRACE_CLOSED,
	BRACE_CLOSED_PLUS,
	BRACE_IGNORED, /* this line can not end in a literal */
};

/* Commands, as far as it matters which one it was. */
enum command {
	COMMAND_NONE, /* none is pending; or, of a line, none that is known */
	COMMAND_UNTRACKED,
	COMMAND_OTHER,
	COMMAND_EHLO,
	COMMAND_LHLO,
	COMMAND_HELO,
	COMMAND_CAPABILITY,
	COMMAND_STARTTLS,
	COMMAND_AUTH,
	COMMAND_LOGIN,
	COMMAND_PASS,
	COMMAND_APOP,
	COMMAND_ID,
	COMMAND_MAIL,
	COMMAND_RCPT,
	COMMAND_RSET,
	COMMAND_DATA,
	COMMAND_MESSAGE, /* the end of what DATA led to */
	COMMAND_BDAT,
	COMMAND_BDAT_LAST,
	COMMAND_LIST, /* POP3: many lines if it has no argument */
	COMMAND_TEXT, /* POP3: many lines */
};

/* What a line is, most of them the server's. */
enum status {
	STATUS_NONE,
	STATUS_UNTAGGED, /* IMAP * */
	STATUS_CONTINUE, /* IMAP and POP3 + */
	STATUS_TAGGED,
	STATUS_OK,
	STATUS_NO,
	STATUS_OTHER,
	STATUS_END,    /* the dot after a list or a text */
	STATUS_STRING, /* ManageSieve */
};

/* First words that make a protocol possible, but do not prove it. */
enum opening {
	OPENING_NONE,
	OPENING_220,
	OPENING_STAR,
	OPENING_OK,
	OPENING_MAIL,
};

/* Where the way to TLS stands. */
enum upgrade {
	UPGRADE_NONE,
	UPGRADE_ASKED,
	UPGRADE_GRANTED,
};

/* After a gap, replies may be those to commands that were not heard. */
enum uncertain {
	CERTAIN,
	UNCERTAIN_SETTLING, /* a reply came: when all are in, it is over */
	UNCERTAIN,
};

/* How much a command proves about the protocol. */
enum proof {
	PROOF_HINT,    /* something, if the port is known for it */
	PROOF_GREETED, /* something, after a lone +OK */
	PROOF_ALONE,   /* no other protocol has it */
};

struct talk_command {
	const char *name;
	enum command command;
	enum proof proof;
	uint16_t arguments; /* words to keep after it; none that is private */
	bool harmless;      /* nor is anything else that can come with it */
};

/* struct talk is a protocol: what the words and the ends of lines mean. */
struct talk {
	const struct talk_command *commands;
	size_t command_count;
	uint16_t words[2]; /* kept of a line at first, by side */
	bool strings;      /* there are quoted strings and literals */
	void (*word[2])(
	    struct dialogue *d, struct connection *c, struct bytes word);
	void (*line[2])(struct dialogue *d, struct connection *c);
};

extern const struct talk talk_smtp, talk_imap, talk_pop3, talk_sieve;

/* talk_of returns the protocol that `protocol` is, NULL if it is unknown. */
const struct talk *talk_of(enum mail_protocol protocol);

/* talk_detect looks whether a word of `side` shows what the protocol is; if
 * so it decides on it and hands on what the line said before `word`. */
void talk_detect(struct dialogue *d, struct connection *c, enum side side,
    struct bytes word);

/* talk_detect_line does what is left at the end of a line. */
void talk_detect_line(struct dialogue *d, enum side side);

/* talk_agrees tells whether the server's `line` is one that goes on with the
 * protocol: what it refuses it may refuse for not knowing any such thing. */
bool talk_agrees(const struct dialogue_line *line);

/* talk_decide sets the protocol. */
void talk_decide(
    struct dialogue *d, struct connection *c, enum mail_protocol protocol);

/* talk_is tells whether `word` is `name`, which is in upper case, in any
 * case.  talk_starts tells whether it begins with it. */
bool talk_is(struct bytes word, const char *name);
bool talk_starts(struct bytes word, const char *name);

/* talk_code returns the reply code that `word` is, 0 if it is none. */
uint16_t talk_code(struct bytes word);

/* talk_count adds digit `ch` to a count, which stops at its limit; false if
 * it is no digit. */
bool talk_count(uint64_t *count, uint8_t ch);

/* talk_brace returns how much of a literal's announcement there is at the end
 * of `line`, with `ch`; its count is in line->left. */
enum brace talk_brace(struct dialogue_line *line, uint8_t ch);

/*
 * talk_text_next returns how near its end a text is, with `ch`.  The end is CR
 * LF . CR LF and nothing else, lest a part of a message be taken for commands;
 * unless the side that sends it ends its lines with LF alone (`bare`).
 */
enum text_at talk_text_next(enum text_at at, uint8_t ch, bool bare);

/* talk_find returns the row of the command `word`, NULL if there is none. */
const struct talk_command *talk_find(
    const struct talk *talk, struct bytes word);

/* talk_verb makes the client's line one that asks `word`, if that is a command,
 * and keeps as many of its arguments as are wanted. */
void talk_verb(struct dialogue *d, struct connection *c,
    const struct talk *talk, struct bytes word);

/* talk_greeting_name keeps `word` as the server's name, if it can be one. */
void talk_greeting_name(struct connection *c, struct bytes word);

/* talk_offer heightens c->starttls to `what`, unless more is known. */
void talk_offer(struct connection *c, enum starttls what);

/* talk_list_start begins a list of capabilities, talk_capability hears one
 * of it, `name` being the one looked for.  talk_list_end concludes; a list
 * that may not be `whole` does not prove that something is missing. */
void talk_list_start(struct dialogue *d);
void talk_capability(struct dialogue *d, struct bytes word, const char *name);
void talk_list_end(struct dialogue *d, struct connection *c, bool whole);

/* talk_label keeps `word`, or its beginning; talk_labelled tells whether what
 * was kept is that of `word`. */
struct dialogue_label talk_label(struct bytes word);
bool talk_labelled(const struct dialogue_label *label, struct bytes word);

/* talk_ask hears that the client asks for TLS, talk_answer what becomes of
 * it. */
void talk_ask(struct dialogue *d);
void talk_answer(struct dialogue *d, struct connection *c, bool granted);

/* talk_login hears that a login with `mechanism` is tried, talk_logged_in how
 * it ended. */
void talk_login(struct connection *c, struct bytes mechanism);
void talk_logged_in(struct dialogue *d, struct connection *c, bool accepted);

/* talk_push remembers that `command` waits for its reply; talk_first returns
 * the one that is first in line for one, and talk_pop takes it out.
 * COMMAND_UNTRACKED is a command that did not fit, COMMAND_NONE that there is
 * none.  talk_latest returns the one that was asked last. */
void talk_push(struct dialogue *d, enum command command);
enum command talk_first(const struct dialogue *d);
enum command talk_pop(struct dialogue *d);
enum command talk_latest(const struct dialogue *d);

/* talk_text says that what `side` says next is a text, up to a dot, unless it
 * is in the middle of something else. */
void talk_text(struct dialogue *d, enum side side);

#endif
