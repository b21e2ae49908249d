// The parts of the live page, each drawn from what the server told: `state` has the fields of `LiveWhole`.
"use strict";

const show = (id, isShown) => (byId(id).hidden = !isShown);
const listOf = (id) => byId(id).querySelector(".list");
const fill = (id, children) => {
  show(id, children.length > 0);
  listOf(id).replaceChildren(...children);
};

function drawRun({ run }) {
  if (!run) return;
  setText(byId("scenario"), run.scenario);
  setText(byId("facts"), [run.place, `seed ${run.seed}`, `run ${run.run}`].filter(Boolean).join(" · "));
}

function drawNow({ now }) {
  if (!now) return;
  const numbers = {
    rate: sayRate(now.perSecond), p50: sayLatency(now.p50Ms), p95: sayLatency(now.p95Ms), p99: sayLatency(now.p99Ms), errors: sayShare(now.errors),
    users: sayCount(now.users), ops: sayCount(now.ops), dropped: sayCount(now.dropped),
  };
  for (const [id, text] of Object.entries(numbers)) setText(byId(`n-${id}`), text);
  byId("n-errors").classList.toggle("bad", now.errors > 0);
  byId("n-dropped").classList.toggle("bad", now.dropped > 0);
  setText(byId("elapsed"), sayMs(Math.floor(now.tMs / 1000) * 1000));
  show("slow", now.slow);
}

/** Phases as wide as they are planned to be long; those that a storm decides get a fair share. */
function drawPhases({ phases, now, storms, over }) {
  const planned = phases.map(({ forMs }) => forMs).filter((ms) => ms !== null);
  const usual = planned.length > 0 ? planned.reduce((sum, ms) => sum + ms, 0) / planned.length : 1;
  const list = byId("phases");
  while (list.children.length < phases.length) list.append(make("li", {}, make("span", { class: "fill" }), make("b"), make("span", { class: "phase-name" }), make("span", { class: "left" })));
  phases.forEach((phase, index) => {
    const item = list.children[index];
    const [done, number, name, left] = item.children;
    const isNow = phase.beginMs !== null && phase.endMs === null && !over;
    const elapsedMs = phase.beginMs === null ? 0 : (phase.endMs ?? now?.tMs ?? phase.beginMs) - phase.beginMs;
    const share = phase.endMs !== null ? 1 : phase.forMs ? Math.min(1, elapsedMs / phase.forMs) : isNow ? 0.5 : 0;
    item.className = `${isNow ? "current" : phase.endMs !== null ? "done" : "ahead"}${storms.some((storm) => storm.phase === index) ? " stormy" : ""}${phase.forMs === null && isNow ? " open" : ""}`;
    item.style.flexGrow = String(Math.min(6, Math.max(0.6, (phase.forMs ?? usual) / usual)));
    done.style.width = `${share * 100}%`;
    item.title = plain(`${index + 1} ${phase.name}${phase.judged ? "" : " (not judged)"}`);
    if (isNow) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
    setText(number, String(index + 1));
    setText(name, phase.name);
    setText(left, phase.endMs !== null ? sayMs(elapsedMs) : !isNow ? "" : phase.forMs === null ? `${sayMs(elapsedMs)} so far` : `${sayMs(Math.max(0, phase.forMs - elapsedMs))} left`);
  });
}

function drawVerdict({ verdict, over }) {
  const box = byId("verdict");
  const grade = verdict?.grade;
  const { pass = 0, unsure = 0, fail = 0, open = 0 } = verdict?.counts ?? {};
  const parts = [fail > 0 && `${fail} broken`, unsure > 0 && `${unsure} undecided`, pass > 0 && `${pass} holding`, open > 0 && `${open} not decided yet`].filter(Boolean);
  const sentence = over ? verdict.sentence : [parts.length > 0 ? `${parts.join(", ")}.` : "Nothing is judged yet.", verdict?.sentence].filter(Boolean).join(" ");
  box.className = `verdict ${grade ?? ""}`;
  const word = make("p", { class: "word" }, grade ? sign(grade) : "", grade ? ` ${grade.toUpperCase()}` : none, over || !grade ? "" : make("small", {}, " so far"));
  const words = { done: "", aborted: "Stopped early", interrupted: "Interrupted", failed: "The run itself failed" };
  box.replaceChildren(word, make("p", { class: "sentence" }, sentence));
  show("over", over !== undefined);
  if (!over) return;
  const paths = over.paths.map(([what, path]) => make("div", {}, make("dt", {}, what === "html" ? "report" : what), make("dd", {}, make("code", { tabindex: "0" }, path))));
  byId("over").replaceChildren(make("p", {}, make("b", {}, "The run is over."), ` ${[words[over.how], over.reason].filter(Boolean).join(": ")}${over.how === "done" ? "" : "."} Exit code ${over.exitCode}. This page lives on in this tab alone; what stays is written here:`), make("dl", { class: "paths" }, ...paths));
}

function drawFindings({ verdict }) {
  fill("findings", (verdict?.findings ?? []).map(({ id, grade, expected, observed, reason }) =>
    make("article", { class: `finding ${grade}` }, make("h3", {}, badge(grade), ` ${id}`), make("p", {}, `${observed}; asked for ${expected}`), reason ? make("p", { class: "note" }, reason) : "")));
}

const stormWords = {
  aim: "aimed", inject: "striking", injected: "struck", harmed: "noticed", mending: "being mended", mended: "mended", recovered: "whole again", overdue: "overdue",
  relieved: "healed by hand", healing: "healing", healed: "healed", unhealed: "NOT HEALED", error: "went wrong",
};
const settled = ["recovered", "overdue", "relieved", "healing", "healed", "unhealed"];

function drawStorms({ storms, phases, now, over }) {
  const waits = (storm) => !storm.steps.some(({ step }) => settled.includes(step));
  const isWaiting = !over && storms.some(waits);
  show("heal", isWaiting);
  show("heal-note", isWaiting);
  fill("storms", [...storms].reverse().map((storm) => {
    const at = (step) => storm.steps.find((one) => one.step === step)?.t;
    const struck = at("inject");
    const end = at("recovered") ?? at("overdue") ?? at("relieved") ?? at("healing") ?? now?.tMs;
    const took = struck === undefined ? 0 : Math.max(0, (end ?? struck) - struck);
    const look = at("unhealed") !== undefined || at("overdue") !== undefined ? "fail" : at("recovered") !== undefined ? "pass" : "unsure";
    const latest = storm.steps.findLast(({ step }) => step !== "healing" && step !== "healed") ?? storm.steps.at(-1);
    const states = storm.steps.filter(({ step }) => step !== "inject" && step !== "mending" && step !== "healing");
    return make("article", { class: `storm-card${waits(storm) && !over ? " raging" : ""}` },
      make("h3", {}, `${storm.phase + 1} ${phases[storm.phase]?.name ?? ""}`, waits(storm) ? make("span", { class: "badge unsure" }, stormWords[latest.step]) : badge(look, stormWords[latest.step])),
      make("p", {}, `${storm.facts.harm}; ${{ platform: "the platform", end: "its own end" }[storm.facts.recovery] ?? storm.facts.recovery} must mend it within ${sayMs(storm.facts.withinMs)}.`),
      bar(took / Math.max(1, storm.facts.withinMs), look === "fail" ? "over" : "used"),
      make("ol", { class: "states" }, ...states.map(({ step, t, error }) => make("li", {}, make("b", {}, stormWords[step]), ` ${struck === undefined || t <= struck ? sayMoment(t) : `+${sayMs(t - struck)}`}${error ? `: ${error}` : ""}`))),
      storm.targets ? make("p", { class: "note" }, `Aimed at ${storm.targets}.`) : "");
  }));
}

function drawFailures({ failures }) {
  fill("failures", failures.map(({ cause, journey, step, count, lastS, example }) => {
    const told = example && [example.request, example.status && `status ${example.status}`, example.error].filter(Boolean).join(" · ");
    return make("li", {}, make("p", {}, make("b", {}, cause), ` ${sayCount(count)}×, last at ${sayMoment(lastS * 1000)}`),
      make("p", { class: "note" }, `${journey}, ${step || "whole walk"}`, told ? ` · ${told}` : ""), example?.body ? make("pre", { tabindex: "0" }, example.body) : "");
  }));
}

function drawProbes({ probes }) {
  const looks = { ok: "pass", outside: "fail", error: "unsure", none: "unsure" };
  fill("probes", probes.map(({ name, asked, state, text, values, outside, count }) =>
    make("article", { class: "probe" }, make("h3", {}, badge(looks[state], state === "none" ? "not asked yet" : state), ` ${name}`, make("output", {}, text)), curve(values),
      make("p", { class: "note" }, `${asked}; ${outside > 0 ? `${outside} of ` : ""}${count} readings${outside > 0 ? " outside" : ""}`))));
}

const rows = new Map();
const rowName = ({ type, journey, step }) => (type === "all" ? journey : type === "walk" ? "whole walks" : type === "group" || type === "measure" ? `${step} (${type})` : step);

/** Rows keep their place, so that nobody loses sight of one: by journey, kind, and when they were first seen. */
function drawSteps({ steps, run }) {
  if (steps.length === 0) return;
  show("steps", true);
  const body = byId("steps").querySelector("tbody");
  const kinds = ["all", "walk", "group", "op", "measure"];
  let isNew = false;
  for (const step of steps) {
    let row = rows.get(step.id);
    if (!row) {
      isNew = true;
      const cells = [make("th", { scope: "row" }, rowName(step)), ...Array.from({ length: 8 }, () => make("td", { class: "number" }))];
      row = make("tr", step.type === "all" ? {} : { class: "under" }, ...cells);
      row.order = [run.journeys.indexOf(step.journey), kinds.indexOf(step.type), step.id];
      rows.set(step.id, row);
    }
    const texts = [sayCount(step.count), sayRate(step.perSecond), sayShare(step.errors), ...[step.p50Ms, step.p95Ms, step.p99Ms, step.maxMs, step.begunP95Ms].map(sayLatency)];
    texts.forEach((text, i) => setText(row.cells[i + 1], text));
    row.cells[3].classList.toggle("bad", step.errors > 0);
  }
  if (isNew) body.append(...[...rows.values()].sort((a, b) => a.order[0] - b.order[0] || a.order[1] - b.order[1] || a.order[2] - b.order[2]));
}

function drawLog({ says }) {
  fill("log", [...says].reverse().map(({ t, level, text }) => make("li", { class: level }, make("span", { class: "time" }, sayMoment(t)), make("span", {}, level === "info" ? "" : make("b", {}, `${level} `), text))));
}
