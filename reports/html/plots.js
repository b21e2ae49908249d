// Plots by uPlot, for the report and the live page: their colours, axes and shades, and the numbers on them.
"use strict";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const looks = {
  p50: { colour: "--blue" }, rate: { colour: "--blue" }, users: { colour: "--blue" },
  p95: { colour: "--orange", dash: [7, 4] }, p99: { colour: "--violet", dash: [2, 4] }, begun: { colour: "--muted", dash: [1.5, 3] },
  refused: { colour: "--red" }, unsure: { colour: "--gold", dash: [7, 4] }, dropped: { colour: "--violet", dash: [2, 4] },
};

// Numbers, in the words of the other reports.

function sayMs(ms) {
  if (ms < 1) return ms === 0 ? "0ms" : `${Number(ms.toPrecision(2))}ms`;
  if (ms < 999.5) return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)}ms`;
  if (ms < 59_950) return `${Number((ms / 1000).toFixed(ms < 10_000 ? 2 : 1))}s`;
  const s = Math.round(ms / 1000);
  const parts = [[86400, "d"], [3600, "h"], [60, "m"], [1, "s"]].reduce(([left, said], [size, unit]) => {
    const n = Math.floor(left / size);
    return [left - n * size, n > 0 ? [...said, `${n}${unit}`] : said];
  }, [s, []])[1];
  return parts.slice(0, 2).join(" ");
}
const sayCount = (n) => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
const say = { ms: sayMs, perSecond: (n) => `${n >= 100 ? sayCount(n) : Number(n.toPrecision(3))}/s`, count: sayCount };

// Plots

const timeSteps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];
const roomOf = (box) => box.clientWidth - 16;

function shade(u, bands) {
  const { ctx, bbox } = u;
  const at = (s) => Math.min(bbox.left + bbox.width, Math.max(bbox.left, u.valToPos(s, "x", true)));
  ctx.save();
  ctx.setLineDash([]);
  for (const band of bands) {
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

// A logarithmic axis has no place for zero.
const plotData = (seconds, lines, logarithmic) => [seconds, ...lines.map((values) => (logarithmic ? values.map((n) => (n > 0 ? n : null)) : values))];

/**
 * Draws into the figure's box, still without data. The legend of the figure says what is under the cursor.
 * `ticks` makes the axis of the values logarithmic; `bands` are read at each drawing.
 */
function drawPlot(figure, chart, { height, bands, rangeS, rangeOfValues, ticks, onZoom }) {
  const box = figure.querySelector(".plot-box");
  const outputs = chart.lines.map((line) => figure.querySelector(`[data-line="${line.look}"] .now`));
  const axis = { stroke: () => colour("--muted"), grid: { stroke: () => colour("--grid"), width: 1 }, ticks: { show: false }, font: "12px sans-serif" };
  const options = {
    width: roomOf(box), height, legend: { show: false }, padding: [22, 32, 0, 0],
    scales: {
      x: { time: false, range: (_, min, max) => rangeS(min, max) },
      y: ticks ? { distr: 3, range: (_, min, max) => rangeOfValues(min, max) } : { range: (_, min, max) => [0, max > 0 ? max * 1.08 : 1] },
    },
    series: [{}, ...chart.lines.map((line) => ({ label: line.label, stroke: () => colour(looks[line.look].colour), width: 1.75, dash: looks[line.look].dash, spanGaps: false, points: { show: (u) => u.data[0].length < 2 } }))],
    axes: [
      { ...axis, size: 30, space: 60, incrs: timeSteps, values: (_, all) => all.map((s) => (s === 0 ? "0" : sayMs(s * 1000))) },
      { ...axis, size: 62, ...(ticks && { splits: (u) => ticks(u), filter: (_, all) => all }), values: (_, all) => all.map((n) => (n === null ? "" : n === 0 ? "0" : say[chart.unit](n))) },
    ],
    cursor: { sync: { key: "seatrial", filters: { pub: (type) => type === "mousemove" || type === "mouseleave" } }, drag: { x: onZoom !== undefined, y: false, dist: 5 }, points: { size: 7 } },
    hooks: {
      drawClear: [(u) => shade(u, bands())],
      setScale: [(u, key) => key === "x" && onZoom?.(u)],
      setCursor: [(u) => outputs.forEach((output, i) => {
        const value = u.cursor.idx == null ? null : u.data[i + 1][u.cursor.idx];
        output.textContent = u.cursor.left < 0 || value == null ? "" : say[chart.unit](value);
      })],
    },
  };
  const u = new uPlot(options, [[], ...chart.lines.map(() => [])], box);
  u.root.setAttribute("aria-hidden", "true");
  return u;
}

/** The plots follow the window's size and its colours. */
function followWindow(plots) {
  const resize = new ResizeObserver(() => plots.forEach(({ u, box }) => {
    const width = roomOf(box);
    if (width > 0 && width !== u.width) u.setSize({ width, height: u.height });
  }));
  plots.forEach(({ box }) => resize.observe(box));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plots.forEach(({ u }) => u.redraw()));
}
