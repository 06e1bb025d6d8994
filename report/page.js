/* SPDX-License-Identifier: ISC */
"use strict";
/* Makes the headings of the table buttons that sort it. */
(function () {
	function sorter(table, header, column) {
		var button = document.createElement("button");
		var numeric = header.dataset.sort === "number";
		var compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
		function key(row) {
			var cell = row.cells[column];
			return numeric ? Number(cell.dataset.key) : cell.textContent;
		}
		button.type = "button";
		button.textContent = header.textContent;
		header.textContent = "";
		header.appendChild(button);
		button.addEventListener("click", function () {
			var up = header.getAttribute("aria-sort") !== "ascending";
			var body = table.tBodies[0];
			var rows = Array.from(body.rows);
			rows.sort(function (a, b) {
				var order = numeric ? key(a) - key(b) : compare(key(a), key(b));
				return up ? order : -order;
			});
			Array.from(table.tHead.rows[0].cells).forEach(function (other) {
				other.removeAttribute("aria-sort");
			});
			header.setAttribute("aria-sort", up ? "ascending" : "descending");
			rows.forEach(function (row) { body.appendChild(row); });
		});
	}
	document.querySelectorAll("table.roster").forEach(function (table) {
		Array.from(table.tHead.rows[0].cells).forEach(function (header, column) {
			sorter(table, header, column);
		});
	});
	/* What is folded is printed. */
	window.addEventListener("beforeprint", function () {
		document.querySelectorAll("details").forEach(function (d) { d.open = true; });
	});
	/* A link to what is folded unfolds it. */
	function unfold() {
		var target = location.hash && document.getElementById(location.hash.slice(1));
		if (target && target.tagName === "DETAILS")
			target.open = true;
	}
	window.addEventListener("hashchange", unfold);
	unfold();
}());
