// What the page gains where scripts may run: plots that zoom, tables that sort and filter.
// Without it everything is there already; nothing here adds a fact.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const looks = {
  p50: { colour: "--blue" }, rate: { colour: "--blue" }, users: { colour: "--blue" },
  p95: { colour: "--orange", dash: [7, 4] }, p99: { colour: "--violet", dash: [2, 4] }, begun: { colour: "--muted", dash: [1.5, 3] },
  refused: { colour: "--red" }, unsure: { colour: "--gold", dash: [7, 4] }, dropped: { colour: "--violet", dash: [2, 4] },
};

const tidy = (n) => String(Number(n.toPrecision(3)));
function sayMs(ms) {
  if (ms < 1000) return `${tidy(ms)}ms`;
  if (ms < 60_000) return `${tidy(ms / 1000)}s`;
  const s = Math.round(ms / 1000);
  const parts = [[86400, "d"], [3600, "h"], [60, "m"], [1, "s"]].reduce(([left, said], [size, unit]) => {
    const n = Math.floor(left / size);
    return [left - n * size, n > 0 ? [...said, `${n}${unit}`] : said];
  }, [s, []])[1];
  return parts.slice(0, 2).join(" ");
}
const say = { ms: sayMs, perSecond: (n) => `${tidy(n)}/s`, count: (n) => String(Math.round(n)) };

// Plots

const plots = [];
const whole = [0, data.lengthS];
const plotHeight = 232;
const timeSteps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];
const roomOf = (box) => box.clientWidth - 16;

function shade(u) {
  const { ctx, bbox } = u;
  const at = (s) => Math.min(bbox.left + bbox.width, Math.max(bbox.left, u.valToPos(s, "x", true)));
  ctx.save();
  ctx.setLineDash([]);
  for (const band of data.bands) {
    const [from, to] = [at(band.fromS), at(band.toS)];
    if (u.scales.x.max <= band.fromS || u.scales.x.min >= band.toS) continue;
    if (band.kind === "phase") {
      if (band.number % 2 === 0) {
        ctx.fillStyle = colour("--band");
        ctx.fillRect(from, bbox.top, to - from, bbox.height);
      }
      ctx.fillStyle = colour("--muted");
      ctx.font = `${12 * devicePixelRatio}px sans-serif`;
      ctx.textBaseline = "top";
      ctx.textAlign = "left";
      ctx.fillText(String(band.number), from + 5 * devicePixelRatio, bbox.top - 16 * devicePixelRatio);
    } else {
      const wide = Math.max(to - from, 2 * devicePixelRatio);
      ctx.fillStyle = colour("--storm");
      ctx.fillRect(from, bbox.top, wide, bbox.height);
      ctx.save();
      ctx.beginPath();
      ctx.rect(from, bbox.top, wide, bbox.height);
      ctx.clip();
      ctx.strokeStyle = colour("--hatch");
      ctx.lineWidth = 1.5 * devicePixelRatio;
      ctx.beginPath();
      for (let x = from - bbox.height; x < from + wide; x += 8 * devicePixelRatio) {
        ctx.moveTo(x, bbox.top + bbox.height);
        ctx.lineTo(x + bbox.height, bbox.top);
      }
      ctx.stroke();
      ctx.restore();
    }
  }
  ctx.restore();
}

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
  const outputs = chart.lines.map((line) => figure.querySelector(`[data-line="${line.look}"] .now`));
  const middle = chart.lines[0].values.map((_, i) => Math.min(data.lengthS, (i + 0.5) * data.stepS));
  const axis = { stroke: () => colour("--muted"), grid: { stroke: () => colour("--grid"), width: 1 }, ticks: { show: false }, font: "12px sans-serif" };
  const options = {
    width: roomOf(box), height: plotHeight, legend: { show: false }, padding: [22, 32, 0, 0],
    scales: {
      // The points stand in the middle of their stretch; all of them is the whole run.
      x: { time: false, range: (_, min, max) => (min === null || (min <= middle[0] && max >= middle.at(-1)) ? whole : [min, max]) },
      y: chart.ticks ? { distr: 3, range: [chart.ticks[0], chart.ticks.at(-1)] } : { range: (_, min, max) => [0, max > 0 ? max * 1.08 : 1] },
    },
    series: [{}, ...chart.lines.map((line) => ({ label: line.label, stroke: () => colour(looks[line.look].colour), width: 1.75, dash: looks[line.look].dash, spanGaps: false, points: { show: chart.lines[0].values.length < 2 } }))],
    axes: [
      { ...axis, size: 30, space: 60, incrs: timeSteps, values: (_, ticks) => ticks.map((s) => (s === 0 ? "0" : sayMs(s * 1000))) },
      { ...axis, size: 62, ...(chart.ticks && { splits: () => chart.ticks, filter: (_, ticks) => ticks }), values: (_, ticks) => ticks.map((n) => (n === null ? "" : n === 0 ? "0" : say[chart.unit](n))) },
    ],
    cursor: { sync: { key: "seatrial", filters: { pub: (type) => type === "mousemove" || type === "mouseleave" } }, drag: { x: true, y: false, dist: 5 }, points: { size: 7 } },
    hooks: {
      drawClear: [shade],
      setScale: [(u, key) => key === "x" && zoomAll(u.scales.x.min, u.scales.x.max, u)],
      setCursor: [(u) => outputs.forEach((output, i) => {
        const value = u.cursor.idx == null ? null : u.data[i + 1][u.cursor.idx];
        output.textContent = u.cursor.left < 0 || value == null ? "" : say[chart.unit](value);
      })],
    },
  };
  // A logarithmic axis has no place for zero.
  const values = chart.lines.map((line) => (chart.ticks ? line.values.map((n) => (n > 0 ? n : null)) : line.values));
  figure.classList.add("live");
  const u = new uPlot(options, [middle, ...values], box);
  u.root.setAttribute("aria-hidden", "true");
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
  const resize = new ResizeObserver(() => plots.forEach(({ u, box }) => {
    const width = roomOf(box);
    if (width > 0 && width !== u.width) u.setSize({ width, height: plotHeight });
  }));
  plots.forEach(({ box }) => resize.observe(box));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plots.forEach(({ u }) => u.redraw()));
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
