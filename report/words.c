/* SPDX-License-Identifier: ISC */
/*
 * Words for people.  Day and month names are ours: strftime's follow the
 * locale, and a report is not to be half in one language.
 */
#include "report/words.h"

#include <stdio.h>
#include <time.h>

enum {
	SECOND_US = 1000000,
};

const char *
words_version(uint16_t version)
{
	static const char *const words[INVENTORY_VERSIONS] = {
		"an unknown version",
		"SSL 2.0",
		"SSL 3.0",
		"TLS 1.0",
		"TLS 1.1",
		"TLS 1.2",
		"TLS 1.3",
	};

	return words[inventory_version(version)];
}

struct words_old
words_old(uint16_t min_version)
{
	static const struct words_old old[INVENTORY_VERSIONS] = {
		[3] = { "SSL", "SSL", "SSL is" },
		[4] = { "TLS 1.0", "TLS 1.0", "TLS 1.0 is" },
		[5] = { "TLS 1.0 and 1.1", "TLS 1.0 or 1.1",
		    "TLS 1.0 and 1.1 are" },
		[6] = { "TLS 1.0, 1.1 and 1.2", "TLS 1.0, 1.1 or 1.2",
		    "TLS 1.0, 1.1 and 1.2 are" },
	};
	struct words_old words = old[inventory_version(min_version)];

	return words.all != NULL ? words : old[inventory_version(TLS_1_2)];
}

const char *
words_doing(enum mail_protocol protocol)
{
	static const char *const words[] = {
		[MAIL_UNKNOWN] = "talks to",
		[MAIL_SMTP] = "sends mail by",
		[MAIL_LMTP] = "delivers mail to",
		[MAIL_IMAP] = "reads mail (IMAP) at",
		[MAIL_POP3] = "fetches mail (POP3) from",
		[MAIL_SIEVE] = "sets mail filters at",
	};

	return words[protocol <= MAIL_SIEVE ? protocol : MAIL_UNKNOWN];
}

const char *
words_encryption(enum encryption encryption)
{
	static const char *const words[] = {
		[ENCRYPTION_UNKNOWN] = "",
		[ENCRYPTION_NONE] = "",
		[ENCRYPTION_IMPLICIT] = "SSL/TLS",
		[ENCRYPTION_STARTTLS] = "STARTTLS",
	};

	return words[encryption <= ENCRYPTION_STARTTLS ? encryption : 0];
}

const char *
words_incomplete(unsigned bit)
{
	static const char *const words[INVENTORY_REASONS] = {
		"the capture began in the middle of the connection",
		"only one side of it was seen",
		"a part of it is missing from the capture",
		"the capture kept only the beginning of each packet",
		"something other than TLS came where TLS was due",
		"a limit of this program was reached",
	};

	return bit < INVENTORY_REASONS ? words[bit] : NULL;
}

/*
 * Addresses and times.
 */

const char *
words_mac(const uint8_t mac[6], char out[WORDS_MAC_MAX])
{
	snprintf(out, WORDS_MAC_MAX, "%02X-%02X-%02X-%02X-%02X-%02X", mac[0],
	    mac[1], mac[2], mac[3], mac[4], mac[5]);
	return out;
}

static bool
local_time(int64_t time_us, struct tm *out)
{
	time_t seconds =
	    (time_t)(time_us / SECOND_US - (time_us % SECOND_US < 0));

	return localtime_r(&seconds, out) != NULL;
}

static const char day_names[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri",
	"Sat" };
static const char month_names[12][4] = { "Jan", "Feb", "Mar", "Apr", "May",
	"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

const char *
words_time(int64_t time_us, char out[WORDS_TIME_MAX])
{
	struct tm tm;

	if (!local_time(time_us, &tm))
		return "at an unknown time";
	snprintf(out, WORDS_TIME_MAX, "%s %d %s %02d:%02d",
	    day_names[tm.tm_wday], tm.tm_mday, month_names[tm.tm_mon],
	    tm.tm_hour, tm.tm_min);
	return out;
}

const char *
words_time_full(int64_t time_us, char out[WORDS_TIME_MAX])
{
	char zone[8] = "";
	struct tm tm;

	if (!local_time(time_us, &tm))
		return "an unknown time";
	strftime(zone, sizeof(zone), "%z", &tm); /* +0200 */
	snprintf(out, WORDS_TIME_MAX, "%s %d %s %lld %02d:%02d (UTC%.3s:%s)",
	    day_names[tm.tm_wday], tm.tm_mday, month_names[tm.tm_mon],
	    1900LL + tm.tm_year, tm.tm_hour, tm.tm_min, zone, zone + 3);
	return out;
}
