// What the page gains where scripts may run: plots that zoom, tables that sort and filter.
// Without it everything is there already; nothing here adds a fact. `plots.js` draws.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);

// Plots

const plots = [];
const whole = [0, data.lengthS];
const plotHeight = 232;

function zoomAll(min, max, from) {
  for (const { u } of plots) {
    if (u !== from && (u.scales.x.min !== min || u.scales.x.max !== max)) u.setScale("x", { min, max });
  }
  for (const button of document.querySelectorAll(".zoom button")) {
    button.setAttribute("aria-pressed", String(Math.abs(button.fromS - min) < 1e-6 && Math.abs(button.toS - max) < 1e-6));
  }
}

function draw(figure) {
  const chart = data.charts.find((one) => one.id === figure.dataset.plot);
  const box = figure.querySelector(".plot-box");
  const middle = chart.lines[0].values.map((_, i) => Math.min(data.lengthS, (i + 0.5) * data.stepS));
  figure.classList.add("live");
  const u = drawPlot(figure, chart, {
    height: plotHeight, bands: () => data.bands,
    // The points stand in the middle of their stretch; all of them is the whole run.
    rangeS: (min, max) => (min === null || (min <= middle[0] && max >= middle.at(-1)) ? whole : [min, max]),
    rangeOfValues: chart.ticks && (() => [chart.ticks[0], chart.ticks.at(-1)]),
    ticks: chart.ticks && (() => chart.ticks),
    onZoom: (u) => zoomAll(u.scales.x.min, u.scales.x.max, u),
  });
  u.setData(plotData(middle, chart.lines.map((line) => line.values), chart.ticks !== undefined));
  plots.push({ u, box });
}

function zoomBar() {
  const bar = document.querySelector(".zoom");
  const button = (text, fromS, toS) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, fromS, toS });
    made.setAttribute("aria-pressed", String(fromS === whole[0] && toS === whole[1]));
    made.addEventListener("click", () => zoomAll(fromS, toS));
    return made;
  };
  bar.append(button("Whole run", ...whole));
  for (const band of data.bands) if (band.kind === "phase" && band.toS > band.fromS) bar.append(button(`${band.number} ${band.name}`, band.fromS, Math.min(band.toS, data.lengthS)));
  const hint = Object.assign(document.createElement("span"), { className: "note", textContent: "or drag across a plot; double-click for the whole run" });
  bar.append(hint);
  bar.hidden = false;
}

const figures = document.querySelectorAll(".plot");
if (figures.length > 0 && typeof uPlot === "function") {
  zoomBar();
  figures.forEach(draw);
  followWindow(plots);
}

// Tables

function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const first = [...body.rows];
  heads.forEach((head, column) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: head.textContent });
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const number = head.classList.contains("number");
      const before = head.getAttribute("aria-sort");
      // Numbers: the greatest first; a third press brings the first order back.
      const next = { null: number ? "descending" : "ascending", [number ? "descending" : "ascending"]: number ? "ascending" : "descending" }[before] ?? null;
      heads.forEach((one) => one.removeAttribute("aria-sort"));
      table.classList.toggle("sorted", next !== null);
      if (next === null) return body.append(...first);
      head.setAttribute("aria-sort", next);
      const sign = next === "ascending" ? 1 : -1;
      const key = (row) => (number ? Number(row.cells[column].dataset.value ?? NaN) : row.cells[column].textContent.trim());
      const order = (a, b) => {
        if (!number) return sign * a.localeCompare(b, "en", { numeric: true });
        if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
        return sign * (a - b);
      };
      body.append(...first.map((row) => [key(row), row]).sort(([a], [b]) => order(a, b)).map(([, row]) => row));
    });
  });
}

function filterable(table) {
  const box = table.closest(".table-box");
  const label = Object.assign(document.createElement("label"), { className: "filter", textContent: "Show only rows with" });
  const input = Object.assign(document.createElement("input"), { type: "search" });
  label.append(input);
  box.before(label);
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase();
    for (const row of table.tBodies[0].rows) {
      const text = `${row.textContent} ${row.querySelector("[data-under]")?.dataset.under ?? ""}`;
      row.hidden = !text.toLowerCase().includes(wanted);
    }
  });
}

for (const table of document.querySelectorAll(".grid-table")) {
  if (table.tBodies[0].rows.length < 2) continue;
  sortable(table);
  if (table.tBodies[0].rows.length >= 8) filterable(table);
}
