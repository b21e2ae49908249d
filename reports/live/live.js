// The live page: listens to the run, keeps what it was told, has the parts drawn, and sends what a person asks for.
"use strict";

let state;
let heardMs = performance.now();

// Plots

/** Where each plot's lines stand in a point of the history. */
const columns = { rate: [0], errors: [1, 2, 3], latency: [4, 5, 6], users: [7] };
const shortestS = 30;
const plots = [];
let bands = [];

const marks = (least, most) => {
  const all = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.ceil(Math.log10(most)); power++) for (const one of [1, 2, 5]) all.push(Number((one * 10 ** power).toPrecision(3)));
  return all;
};
/** From a round number below the least to one above the most. */
function latencyRange(least, most) {
  if (!(least > 0)) return [1, 10];
  const all = marks(least, most);
  const [low, high] = [all.findLast((n) => n <= least), all.find((n) => n >= most && n > least * 1.5) ?? all.at(-1)];
  return [low, Math.max(high, low * 2)];
}
function latencyTicks({ scales: { y } }) {
  const all = marks(y.min, y.max).filter((n) => n >= y.min * 0.999 && n <= y.max * 1.001);
  return all.length <= 7 ? all : all.filter((n) => /^1|\.0*1$/.test(String(n)));
}

function openPlots() {
  for (const figure of document.querySelectorAll(".plot")) {
    const { plot, unit } = figure.dataset;
    const lines = [...figure.querySelectorAll("[data-line]")].map((item) => ({ look: item.dataset.line, label: item.querySelector("span").textContent }));
    const box = figure.querySelector(".plot-box");
    const logarithmic = plot === "latency";
    const u = drawPlot(figure, { unit, lines }, {
      height: innerHeight > 950 && innerWidth > 1400 ? 235 : 180, bands: () => bands,
      rangeS: () => [0, Math.max(shortestS, state ? state.history.points.length * state.history.stepS : 0)],
      ...(logarithmic && { rangeOfValues: latencyRange, ticks: latencyTicks }),
    });
    plots.push({ u, box, figure, plot, unit, logarithmic });
  }
  followWindow(plots);
}

function bandsOf({ phases, storms, now }) {
  const nowS = (now?.tMs ?? 0) / 1000;
  const sailed = phases.flatMap(({ name, beginMs, endMs }, index) => (beginMs === null ? [] : [{ kind: "phase", number: index + 1, name, fromS: beginMs / 1000, toS: endMs === null ? nowS : endMs / 1000 }]));
  const struck = storms.flatMap(({ phase, steps }) => {
    const at = (...names) => steps.find(({ step }) => names.includes(step))?.t;
    const from = at("inject");
    return from === undefined ? [] : [{ kind: "storm", number: phase + 1, name: "", fromS: from / 1000, toS: Math.max(from, at("recovered", "healed") ?? nowS * 1000) / 1000 }];
  });
  return [...sailed, ...struck];
}

function drawPlots() {
  bands = bandsOf(state);
  const { points, stepS } = state.history;
  const middle = points.map((_, i) => (i + 0.5) * stepS);
  for (const { u, figure, plot, unit, logarithmic } of plots) {
    u.setData(plotData(middle, columns[plot].map((column) => points.map((point) => point[column])), logarithmic));
    if (u.cursor.left >= 0) continue;
    // Nobody points at anything: the legend says the latest.
    const latest = points.findLast((point) => point[columns[plot][0]] !== null);
    figure.querySelectorAll(".now").forEach((output, i) => setText(output, latest ? known(latest[columns[plot][i]], say[unit]) : ""));
  }
}

// Buttons

let answered = 0;
async function ask(request) {
  let text;
  try {
    const response = await fetch("act", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(request) });
    text = response.ok || response.status === 409 ? (await response.json()).text : `refused (${response.status})`;
  } catch {
    text = "the run does not answer";
  }
  const turn = ++answered;
  setText(byId("answer"), text);
  setTimeout(() => turn === answered && setText(byId("answer"), ""), 6000);
}

/** A button that is asked twice: what it does can't be taken back. */
function careful(id, request) {
  const button = byId(id);
  const label = button.textContent;
  let sure;
  const rest = () => {
    clearTimeout(sure);
    sure = undefined;
    button.textContent = label;
    button.classList.remove("sure");
  };
  button.addEventListener("click", () => {
    if (sure === undefined) {
      button.textContent = button.dataset.sure;
      button.classList.add("sure");
      sure = setTimeout(rest, 4000);
      return;
    }
    rest();
    void ask(request);
    if (id === "stop") byId("halt").hidden = false;
  });
}

const crews = new Map();
function crewOf(journey) {
  let crew = crews.get(journey);
  if (crew) return crew;
  const [name, count] = [make("h3", {}, journey), make("output")];
  const button = (delta) => {
    const made = make("button", { type: "button", "aria-label": `${delta > 0 ? "add" : "take away"} ${Math.abs(delta)} users of ${journey}` }, delta > 0 ? `+${delta}` : `−${-delta}`);
    made.addEventListener("click", () => void ask({ act: "users", journey, delta }));
    return made;
  };
  crew = { element: make("div", { class: "crew" }, name, count, make("span", { class: "buttons" }, ...[-10, -1, 1, 10].map(button))), count, journey };
  crews.set(journey, crew);
  return crew;
}

/** Rows stay while their pace lasts: a button must not go away under a finger. */
function drawClosed({ now, over }) {
  const closed = over ? [] : (now?.closed ?? []);
  show("closed", closed.length > 0);
  const list = listOf("closed");
  const wanted = closed.map(({ journey, users, planned, wanted }) => {
    const crew = crewOf(journey);
    setText(crew.count, `${sayCount(users)}${users === wanted ? "" : ` of ${sayCount(wanted)}`}${wanted === planned ? "" : ` (${sayCount(planned)} planned)`}`);
    return crew.element;
  });
  if (wanted.length !== list.children.length || wanted.some((element, i) => list.children[i] !== element)) list.replaceChildren(...wanted);
}

const keys = { w: 1, W: 10, s: -1, S: -10 };
byId("closed").addEventListener("keydown", ({ key, target, ctrlKey, metaKey, altKey }) => {
  if (ctrlKey || metaKey || altKey || !Object.hasOwn(keys, key)) return;
  const crew = [...crews.values()].find(({ element }) => element.contains(target));
  if (crew) void ask({ act: "users", journey: crew.journey, delta: keys[key] });
});

// News

/** Which parts look at which fields. */
const parts = [
  [["run"], drawRun], [["now"], drawNow], [["phases", "now", "storms", "over"], drawPhases], [["verdict", "over"], drawVerdict], [["verdict"], drawFindings],
  [["storms", "now", "over"], drawStorms], [["now", "over"], drawClosed], [["failures"], drawFailures], [["probes"], drawProbes], [["says"], drawLog], [["history", "phases", "storms", "over"], drawPlots],
];

function draw(changed) {
  for (const [fields, part] of parts) if (fields.some((field) => changed.has(field))) part(state);
  const { run, now, verdict, over } = state;
  document.title = plain(`${over ? verdict.grade.toUpperCase() : now ? sayMs(Math.floor(now.tMs / 1000) * 1000) : "Seatrial"}: ${run?.scenario ?? "waiting"}`);
  if (over) for (const button of document.querySelectorAll(".buttons button")) button.disabled = true;
}

function link(text, look) {
  setText(byId("link"), text);
  byId("link").className = `chip ${look}`;
}

function heard() {
  heardMs = performance.now();
  if (state.over) link("the run is over", "over");
  else link(state.now ? "live" : "getting ready", "live");
}

const news = new EventSource("news");
news.addEventListener("whole", ({ data }) => {
  state = JSON.parse(data);
  heard();
  drawSteps(state);
  draw(new Set(parts.flatMap(([fields]) => fields)));
});
news.addEventListener("news", ({ data }) => {
  const { history, steps, ...rest } = JSON.parse(data);
  Object.assign(state, rest);
  if (history) state.history = { stepS: history.stepS, points: [...state.history.points.slice(0, history.from), ...history.points] };
  heard();
  if (steps) drawSteps({ ...state, steps });
  draw(new Set([...Object.keys(rest), ...(history ? ["history"] : [])]));
});
news.addEventListener("farewell", () => {
  news.close();
  if (!state.over) link("the run has ended", "over");
});
news.addEventListener("error", () => state?.over || link("no connection; trying again", "lost"));
setInterval(() => {
  const silentMs = performance.now() - heardMs;
  if (news.readyState === EventSource.OPEN && state?.now && !state.over && silentMs > 4000) link(`no news for ${sayMs(Math.round(silentMs / 1000) * 1000)}`, "lost");
}, 1000);

openPlots();
careful("stop", { act: "stop" });
careful("halt", { act: "halt" });
careful("heal", { act: "heal" });
