/* SPDX-License-Identifier: ISC */
#include "report/markup.h"

#include <stdlib.h>
#include <string.h>

#include "report/terminal.h"
#include "tests/kit.h"

typedef void writer(struct markup *m);

static void
writes(writer *write, const char *expected)
{
	static char *text; /* or gcc 12 warns of returning its address */
	static size_t size;
	struct markup m = { .out = open_memstream(&text, &size) };

	assert_non_null(m.out);
	write(&m);
	assert_int_equal(fclose(m.out), 0);
	assert_string_equal(text, expected);
	free(text);
}

static void
say_text(struct markup *m)
{
	markup_say(m, "<a title=\"%s\">%s</a> %u%% %zu\n", "\" onclick='x'",
	    "</script><b>&amp;\x1b[31m\x7f" TERMINAL_NBSP "\xc3\xbc", 7u,
	    (size_t)8);
}

static void
text_can_not_become_markup(void **state)
{
	(void)state;
	writes(say_text,
	    "<a title=\"&quot; onclick=&#39;x&#39;\">"
	    "&lt;/script&gt;&lt;b&gt;&amp;amp;\xef\xbf\xbd[31m\xef\xbf\xbd"
	    "&nbsp;\xc3\xbc</a> 7% 8\n");
}

static void
say_links(struct markup *m)
{
	markup_link(m, "Help: %s.", "https://a.example/?b=\"&c");
	markup_link(m, " %s", "javascript:alert(1)");
	markup_link(m, " <none>", "https://a.example/");
}

static void
only_addresses_of_the_web_become_links(void **state)
{
	(void)state;
	writes(say_links,
	    "Help: <a href=\"https://a.example/?b=&quot;&amp;c\">"
	    "https://a.example/?b=&quot;&amp;c</a>. javascript:alert(1)"
	    " &lt;none&gt;");
}

static void
write_paragraphs(struct markup *m)
{
	struct terminal t = { .markup = m, .utf8 = true };

	terminal_item(&t, 2, '-');
	terminal_say(&t, "one %s ", "<b>");
	terminal_link(&t, "at %s", "https://a.example");
	terminal_end(&t);
	terminal_item(&t, 2, '-');
	terminal_say(&t, "two\xe3\x80\x82 three ");
	terminal_end(&t);
	terminal_blank(&t);
	terminal_colour(&t, "1;31");
	terminal_begin(&t, 0, 2);
	terminal_number(&t, 10000);
	terminal_end(&t);
}

static void
paragraphs_of_a_report_become_markup(void **state)
{
	(void)state;
	writes(write_paragraphs,
	    "<ul>\n"
	    "<li>one &lt;b&gt; at <a href=\"https://a.example\">"
	    "https://a.example</a></li>\n"
	    "<li>two\xe3\x80\x82three</li>\n"
	    "</ul>\n"
	    "<p>10&nbsp;000</p>\n");
}

static void
write_sections(struct markup *m)
{
	markup_section(m, "A & B", false);
	markup_begin(m, true);
	markup_end(m);
	markup_section(m, "C", true);
	markup_begin(m, false);
	markup_end(m);
	markup_section_end(m);
	markup_section_end(m);
}

static void
a_section_ends_with_the_next_one(void **state)
{
	(void)state;
	writes(write_sections,
	    "<section><h2>A &amp; B</h2>\n<ul>\n<li></li>\n</ul>\n</section>\n"
	    "<details class=\"fold\"><summary><h2>C</h2></summary>\n<p></p>\n"
	    "</details>\n");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_can_not_become_markup),
		cmocka_unit_test(only_addresses_of_the_web_become_links),
		cmocka_unit_test(paragraphs_of_a_report_become_markup),
		cmocka_unit_test(a_section_ends_with_the_next_one),
	};

	return cmocka_run_group_tests_name("markup", tests, NULL, NULL);
}
