/* SPDX-License-Identifier: ISC */
/*
 * node check.js NAME=FILE ...: opens each page in headless Chromium, on a phone
 * and on a desktop, light and dark, and prints a line of TAP for each thing
 * that must be so.  CHROMIUM names another browser.
 */
"use strict";
const { chromium } = require("playwright-core");
const axe = require("axe-core");
const { pathToFileURL } = require("url");

const FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update",
	"--disable-sync"];
const WIDTHS = { phone: 360, desktop: 1280 };
let count = 0;

function result(name, problems) {
	count++;
	for (const problem of problems)
		console.log("# " + String(problem).split("\n").join("\n# "));
	console.log(`${problems.length ? "not ok" : "ok"} ${count} - ${name}`);
}

/* What the page does that it should not, noted down while it is open. */
function watch(page, url) {
	const seen = [];

	page.on("console", (m) => {
		if (m.type() === "error" || m.type() === "warning")
			seen.push(`console: ${m.text()}`);
	});
	page.on("pageerror", (e) => seen.push(`error: ${e.message}`));
	page.on("dialog", (d) => { seen.push(`dialog: ${d.message()}`); d.dismiss(); });
	page.on("request", (r) => {
		if (r.url() !== url && r.url() !== "data:,")
			seen.push(`request: ${r.url()}`);
	});
	return seen;
}

async function open(browser, url, options) {
	const context = await browser.newContext(options);
	const page = await context.newPage();
	const seen = watch(page, url);

	await page.goto(url);
	return { context, page, seen };
}

/* A detail that is folded is not looked at, so all is unfolded. */
function unfold(page) {
	return page.evaluate(() => document.querySelectorAll("details")
		.forEach((d) => { d.open = true; }));
}

async function violations(page) {
	const found = await page.evaluate(() => axe.run(document));

	return found.violations.flatMap((v) => v.nodes.map((n) =>
		`${v.id}: ${n.html}\n${n.failureSummary}`));
}

function width(page) {
	return page.evaluate(() => {
		const root = document.documentElement;
		const more = root.scrollWidth - root.clientWidth;

		return more > 0 ? [`${more} pixels too wide`] : [];
	});
}

async function looks(browser, name, url) {
	const { context, page, seen } = await open(browser, url, {});

	await unfold(page);
	await page.evaluate(axe.source);
	for (const [device, pixels] of Object.entries(WIDTHS)) {
		await page.setViewportSize({ width: pixels, height: 800 });
		result(`${name}, ${device}: fits its width`, await width(page));
		for (const colorScheme of ["light", "dark"]) {
			await page.emulateMedia({ colorScheme });
			result(`${name}, ${device}, ${colorScheme}: axe finds nothing`,
				await violations(page));
		}
	}
	result(`${name}: no error, nothing fetched`, seen);
	await context.close();
}

/* Everything but the order of the table is the same without scripts. */
async function does_without_script(browser, name, url) {
	const texts = [];

	for (const javaScriptEnabled of [true, false]) {
		const { context, page } = await open(browser, url, { javaScriptEnabled });

		texts.push(await page.locator("body").innerText());
		await context.close();
	}
	result(`${name}: says the same without scripts`,
		texts[0] === texts[1] ? [] : texts);
}

/* The keys of column `column`, from the top. */
function keys(page, column) {
	return page.locator(`.roster tbody td:nth-child(${column})`)
		.evaluateAll((cells) => cells.map((c) => Number(c.dataset.key)));
}

async function sorts(browser, name, url) {
	const { context, page } = await open(browser, url, {});
	const button = page.locator(".roster thead th:nth-child(4) button");
	const up = (a, b) => a - b;
	const problems = [];

	if (await page.locator(".roster").count() > 0) {
		const want = (await keys(page, 4)).sort(up).join();

		await button.focus();
		await page.keyboard.press("Enter");
		if ((await keys(page, 4)).join() !== want)
			problems.push("not in order");
		await page.keyboard.press("Enter");
		if ((await keys(page, 4)).reverse().join() !== want)
			problems.push("not in reverse order");
		if (await page.locator("[aria-sort=descending]").count() !== 1)
			problems.push("the order is not said");
	}
	result(`${name}: the table sorts by keyboard`, problems);
	await context.close();
}

async function steers(browser, name, url) {
	const { context, page } = await open(browser, url, {});
	const problems = [];

	await page.keyboard.press("Tab");
	if (!(await page.locator(".skip").evaluate((a) =>
		a === document.activeElement && a.getBoundingClientRect().left >= 0)))
		problems.push("the first stop is no link that skips");
	await page.keyboard.press("Enter");
	if (!page.url().endsWith("#main"))
		problems.push("it does not skip");
	result(`${name}: the keyboard can skip to the content`, problems);
	await context.close();
}

/* What no name may bring in, and what the policy must stop if one did. */
async function is_inert(browser, name, url) {
	const { context, page } = await open(browser, url, {});
	const problems = await page.evaluate(() => {
		const found = document.querySelectorAll(
			"main script, b, img, iframe, object, form, [style], base");
		const text = document.body.innerText;
		const bad = Array.from(found, (e) => e.outerHTML);
		const script = document.createElement("script");

		if (/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text))
			bad.push("a control character is in the text");
		document.querySelectorAll("a[href]").forEach((a) => {
			if (!/^(https?:|#)/.test(a.getAttribute("href")))
				bad.push(a.outerHTML);
		});
		document.querySelectorAll("*").forEach((e) => {
			for (const attribute of e.attributes)
				if (attribute.name.startsWith("on"))
					bad.push(e.outerHTML);
		});
		script.textContent = "window.ran = true";
		document.body.append(script);
		document.body.insertAdjacentHTML("beforeend",
			"<img src=x onerror='window.ran = true'>");
		return bad;
	});

	await page.waitForTimeout(0);
	if (await page.evaluate(() => window.ran === true))
		problems.push("a script ran that is not the page's own");
	result(`${name}: names are text, and no other script runs`, problems);
	await context.close();
}

async function main() {
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
		args: process.getuid() === 0 ? [...FLAGS, "--no-sandbox"] : FLAGS,
	});

	for (const argument of process.argv.slice(2)) {
		const at = argument.indexOf("=");
		const name = argument.slice(0, at);
		const url = pathToFileURL(argument.slice(at + 1)).href;

		await looks(browser, name, url);
		await does_without_script(browser, name, url);
		await sorts(browser, name, url);
		await steers(browser, name, url);
		await is_inert(browser, name, url);
	}
	await browser.close();
	console.log(`1..${count}`);
}

main().catch((e) => {
	console.log(`Bail out! ${e.message.split("\n")[0]}`);
	process.exit(1);
});
