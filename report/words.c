/* SPDX-License-Identifier: ISC */
/*
 * Words for people.  Day and month names are ours: strftime's follow the
 * locale, and a report is not to be half in one language.
 */
#include "report/words.h"

#include <stdio.h>
#include <time.h>

#include "report/language.h"

enum {
	SECOND_US = 1000000,
};

const char *
words_version(uint16_t version)
{
	static const char *const words[INVENTORY_VERSIONS] = {
		N_("an unknown version"),
		"SSL 2.0",
		"SSL 3.0",
		"TLS 1.0",
		"TLS 1.1",
		"TLS 1.2",
		"TLS 1.3",
	};

	return _(words[inventory_version(version)]);
}

struct words_old
words_old(uint16_t min_version)
{
	static const struct words_old old[INVENTORY_VERSIONS] = {
		[3] = { "SSL", "SSL", N_("when SSL is switched off") },
		[4] = { "TLS 1.0", "TLS 1.0",
		    N_("when TLS 1.0 is switched off") },
		[5] = { N_("TLS 1.0 and 1.1"), N_("TLS 1.0 or 1.1"),
		    N_("when TLS 1.0 and 1.1 are switched off") },
		[6] = { N_("TLS 1.0, 1.1 and 1.2"), N_("TLS 1.0, 1.1 or 1.2"),
		    N_("when TLS 1.0, 1.1 and 1.2 are switched off") },
	};
	struct words_old words = old[inventory_version(min_version)];

	if (words.all == NULL)
		words = old[inventory_version(TLS_1_2)];
	words.all = _(words.all);
	words.any = _(words.any);
	words.when_off = _(words.when_off);
	return words;
}

const char *
words_doing(enum mail_protocol protocol)
{
	static const char *const words[] = {
		[MAIL_UNKNOWN] = N_("talks to %s"),
		[MAIL_SMTP] = N_("sends mail by %s"),
		[MAIL_LMTP] = N_("delivers mail to %s"),
		[MAIL_IMAP] = N_("reads mail (IMAP) at %s"),
		[MAIL_POP3] = N_("fetches mail (POP3) from %s"),
		[MAIL_SIEVE] = N_("sets mail filters at %s"),
	};

	return _(words[protocol <= MAIL_SIEVE ? protocol : MAIL_UNKNOWN]);
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
words_verdict(enum verdict verdict)
{
	static const char *const words[INVENTORY_VERDICTS] = {
		[VERDICT_NONE] = N_("Not seen"),
		[VERDICT_PLAINTEXT_LOGIN] = N_("Password unencrypted"),
		[VERDICT_REFUSED_OLD] = N_("Already refused"),
		[VERDICT_FAILED] = N_("Fails for another reason"),
		[VERDICT_OLD_CLIENT] = N_("Will stop working"),
		[VERDICT_FALLBACK] = N_("Old on the second try"),
		[VERDICT_OLD_SERVER] = N_("Server is the limit"),
		[VERDICT_WEAK_CIPHER] = N_("Weak cipher"),
		[VERDICT_MODERN] = N_("Fine"),
		[VERDICT_PLAINTEXT] = N_("Not encrypted"),
		[VERDICT_UNDETERMINED] = N_("Could not be judged"),
	};

	return _(words[verdict <= VERDICT_UNDETERMINED ? verdict : 0]);
}

const char *
words_incomplete(unsigned bit)
{
	static const char *const words[INVENTORY_REASONS] = {
		N_("the capture began in the middle of the connection"),
		N_("only one side of it was seen"),
		N_("a part of it is missing from the capture"),
		N_("the capture kept only the beginning of each packet"),
		N_("something other than TLS came where TLS was due"),
		N_("a limit of this program was reached"),
	};

	if (bit >= INVENTORY_REASONS || words[bit] == NULL)
		return NULL;
	return _(words[bit]);
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

static const char *const day_names[7] = { N_("Sun"), N_("Mon"), N_("Tue"),
	N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat") };
static const char *const month_names[12] = { N_("Jan"), N_("Feb"), N_("Mar"),
	N_("Apr"), N_("May"), N_("Jun"), N_("Jul"), N_("Aug"), N_("Sep"),
	N_("Oct"), N_("Nov"), N_("Dec") };

const char *
words_time(int64_t time_us, int64_t known_us, char out[WORDS_TIME_MAX])
{
	struct tm tm, known;

	if (!local_time(time_us, &tm))
		return _("at an unknown time");
	if (local_time(known_us, &known) && known.tm_year != tm.tm_year) {
		/* Translators: day of the week, day, month, year, hour,
		 * minute. */
		snprintf(out, WORDS_TIME_MAX, _("%s %d %s %lld %02d:%02d"),
		    _(day_names[tm.tm_wday]), tm.tm_mday,
		    _(month_names[tm.tm_mon]), 1900LL + tm.tm_year, tm.tm_hour,
		    tm.tm_min);
		return out;
	}
	/* Translators: day of the week, day, month, hour, minute. */
	snprintf(out, WORDS_TIME_MAX, _("%s %d %s %02d:%02d"),
	    _(day_names[tm.tm_wday]), tm.tm_mday, _(month_names[tm.tm_mon]),
	    tm.tm_hour, tm.tm_min);
	return out;
}

const char *
words_time_full(int64_t time_us, char out[WORDS_TIME_MAX])
{
	char zone[8] = "";
	struct tm tm;

	if (!local_time(time_us, &tm))
		return _("an unknown time");
	strftime(zone, sizeof(zone), "%z", &tm); /* +0200 */
	/* Translators: day of the week, day, month, year, hour, minute, and
	 * hours and minutes of the time zone. */
	snprintf(out, WORDS_TIME_MAX, _("%s %d %s %lld %02d:%02d (UTC%.3s:%s)"),
	    _(day_names[tm.tm_wday]), tm.tm_mday, _(month_names[tm.tm_mon]),
	    1900LL + tm.tm_year, tm.tm_hour, tm.tm_min, zone, zone + 3);
	return out;
}

const char *
words_day(int64_t time_us, char out[WORDS_TIME_MAX])
{
	struct tm tm;

	if (!local_time(time_us, &tm))
		return "";
	/* Translators: day, month. */
	snprintf(out, WORDS_TIME_MAX, _("%d %s"), tm.tm_mday,
	    _(month_names[tm.tm_mon]));
	return out;
}

const char *
words_weekday(int64_t time_us)
{
	struct tm tm;

	return local_time(time_us, &tm) ? _(day_names[tm.tm_wday]) : "";
}

const char *
words_date(const char *day, char out[WORDS_TIME_MAX])
{
	unsigned year, month, number;

	if (sscanf(day, "%4u-%2u-%2u", &year, &month, &number) != 3 ||
	    month < 1 || month > 12)
		snprintf(out, WORDS_TIME_MAX, "%s", day);
	else
		/* Translators: day, month, year. */
		snprintf(out, WORDS_TIME_MAX, _("%u %s %u"), number,
		    _(month_names[month - 1]), year);
	return out;
}
