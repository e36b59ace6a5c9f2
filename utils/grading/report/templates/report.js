"use strict";
{
  const table = document.getElementById("table");
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const value = (row, column) => row.cells[column].dataset.value;
  heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
    const numbers = column > 0 && column < heads.length - 1;
    const before = head.getAttribute("aria-sort");
    const direction = before ? (before === "ascending" ? "descending" : "ascending") : numbers ? "descending" : "ascending";
    const sign = direction === "ascending" ? 1 : -1;
    heads.forEach((each) => each.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", direction);
    const compare = (a, b) => numbers ? value(a, column) - value(b, column) : value(a, column).localeCompare(value(b, column));
    body.append(...[...body.rows].sort((a, b) => sign * compare(a, b)));
  }));
  const find = document.getElementById("find");
  const shown = document.getElementById("shown");
  find.addEventListener("input", () => {
    const wanted = find.value.trim().toLowerCase();
    const rows = [...body.rows];
    rows.forEach((row) => { row.hidden = !value(row, 0).includes(wanted); });
    shown.textContent = wanted ? `${rows.filter((row) => !row.hidden).length} of ${rows.length} shown` : "";
  });
}
