import type { PhaseFacts } from "../../src/ledger/lines.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import type { Finding, Verdict } from "../../src/model/verdict.ts";
import { latencies, LedgerWriter, runLine } from "./ledger.ts";

/** Everything that a report must neither believe nor break on. */
export const hostile = {
  markup: `<script>alert("x")</script><img src=x onerror=alert(1)>`,
  cdata: "]]> &amp; <!-- -->",
  control: "bell \u0007 escape \u001b[31mred\u001b[0m null \u0000 lone \ud800 nonchar \uffff turn \u202eevil",
  emoji: "⛵️ ⚓ 🛟",
  table: "a | b ` c \\ d\n# heading\r\n| x |",
  long: `${"0123456789".repeat(1_024)}`,
  journey: `buy "it" <b>now</b>`,
} as const;

const storm = (fault: string, harm: string, by: "platform" | "restore" | "rollback", withinMs: number, keeps: { kind: string; losingMs: number }[] = []) =>
  ({ fault, harm, costs: [], by, recovery: by === "restore" ? "restore from the shop's backup" : by, withinMs, keeps });

export const phases: readonly PhaseFacts[] = [
  { name: "warm up", judged: false, forMs: 20_000 },
  { name: "lose a pod", judged: true, storm: storm("pod-loss", "kills 1 pod of shop", "platform", 10_000) },
  { name: "lose a node", judged: true, storm: storm("node-loss", "stops 1 node", "platform", 20_000) },
  { name: "lose the data", judged: true, storm: storm("data-loss", "deletes the data of shop", "restore", 30_000, [{ kind: "order", losingMs: 5_000 }]) },
  { name: "bad canary", judged: true, storm: storm("bad-canary", "ships version failing as 20% of shop", "platform", 15_000) },
  { name: `calm <again> & "after"`, judged: true, forMs: 20_000 },
];
const bounds = [0, 20, 40, 70, 110, 140, 160] as const;

/** A rich game day: four storms, a fail, an unsure, hostile words everywhere. */
export const gameDay = (): LedgerView => gameDayLines().view();

export function gameDayLines(): LedgerWriter {
  const ledger = new LedgerWriter().add(runLine(phases, {
    journeys: ["browse", hostile.journey],
    probes: [{ name: "orders in the table", everyMs: 5_000, atLeast: 1 }, { name: "replicas ready", everyMs: 5_000, atLeast: 2, phase: 2 }],
  }));
  for (let index = 0; index < phases.length; index++) {
    const [from, to] = [bounds[index]!, bounds[index + 1]!];
    ledger.add({ k: "phase", t: from * 1_000, phase: index, at: "begin" });
    for (let s = from; s < to; s++) sail(ledger, index, s, s - from);
    ledger.add({ k: "phase", t: to * 1_000, phase: index, at: "end" });
  }
  ledger
    .fail({ phase: 3, journey: hostile.journey, step: "POST /orders" }, { t: 75_200, user: 7, cause: "status 500", request: "POST /orders", status: 500, body: `${hostile.markup} ${hostile.cdata} ${hostile.control} ${hostile.emoji}` })
    .fail({ phase: 3, journey: hostile.journey, step: "POST /orders" }, { t: 75_900, user: 9, cause: "status 500", request: "POST /orders", status: 500, body: hostile.long })
    .fail({ phase: 4, journey: "browse", step: "GET /items" }, { t: 113_000, user: 3, cause: hostile.markup, request: `GET /items?q=${hostile.table}`, error: "ECONNRESET" })
    .add(
      { k: "storm", t: 25_000, phase: 1, step: "aim", debt: "r-0042/1", targets: [{ what: "pod", name: "shop-2" }], aim: {} },
      { k: "storm", t: 25_020, phase: 1, step: "inject" }, { k: "storm", t: 25_200, phase: 1, step: "harmed" },
      { k: "storm", t: 27_420, phase: 1, step: "recovered" }, { k: "storm", t: 27_500, phase: 1, step: "healed" },
      { k: "storm", t: 44_000, phase: 2, step: "aim", debt: "r-0042/2", targets: [{ what: "node", name: "node-b" }], aim: {} },
      { k: "storm", t: 44_100, phase: 2, step: "inject" }, { k: "storm", t: 44_900, phase: 2, step: "harmed" },
      { k: "storm", t: 64_100, phase: 2, step: "overdue" }, { k: "storm", t: 65_000, phase: 2, step: "healing" }, { k: "storm", t: 66_300, phase: 2, step: "healed" },
      { k: "storm", t: 74_000, phase: 3, step: "aim", debt: "r-0042/3", targets: [{ what: "data", name: "shop" }], aim: {} },
      { k: "storm", t: 74_100, phase: 3, step: "inject" }, { k: "storm", t: 74_300, phase: 3, step: "harmed" },
      { k: "storm", t: 75_000, phase: 3, step: "mending" }, { k: "storm", t: 78_000, phase: 3, step: "mended" },
      { k: "storm", t: 79_100, phase: 3, step: "recovered" }, { k: "storm", t: 79_300, phase: 3, step: "healed" },
      { k: "storm", t: 112_000, phase: 4, step: "aim", debt: "r-0042/4", targets: [{ what: "release", name: "shop" }], aim: {} },
      { k: "storm", t: 112_100, phase: 4, step: "inject" }, { k: "storm", t: 119_000, phase: 4, step: "recovered" }, { k: "storm", t: 119_200, phase: 4, step: "healed" },
      { k: "survival", t: 80_000, phase: 3, kind: "order", noted: 1_204, found: 1_203, lost: [`o-${hostile.markup}`], lostCount: 1, forgiven: 4, recovered: 2, unexpected: [], unexpectedCount: 0, unknown: 1 },
      { k: "notes", kind: "order", what: "note", ids: [[1_000, "o-1"], [2_000, "o-2"]] },
      { k: "sight", t: 25_100, phase: 1, what: "pod", name: "shop-1", turn: "gone", of: "shop" }, { k: "sight", t: 26_000, phase: 1, what: "event", name: hostile.markup, turn: "said", of: "shop-1", text: hostile.control },
      { k: "sight", t: 60_000, phase: 2, what: "node", name: "node-1", turn: "unready" },
      { k: "say", t: 10, level: "info", text: "3 replicas of shop are up" },
      { k: "say", t: 64_200, level: "warning", text: `the platform did not mend it ${hostile.markup}`, code: "SEA_STORM_OVERDUE" },
      { k: "end", t: 160_000, how: "done" },
    );
  return ledger;
}

function sail(ledger: LedgerWriter, phase: number, s: number, into: number): void {
  const struck = phase >= 1 && phase <= 4 && into >= 4 && into < [0, 0, 7, 24, 10, 9][phase + 1]!;
  const rate = phase === 0 ? 10 + into * 2 : 50;
  const typical = struck ? 60 : 12;
  const due = latencies(rate, typical, s);
  const failing = struck ? 1 + (s % 4) : 0;
  ledger.second(s, [
    { phase, journey: "browse", step: "GET /items", due: due.slice(0, rate >> 1), refused: phase === 4 ? failing : 0, ...(phase === 4 && failing > 0 && { cause: hostile.markup }) },
    { phase, journey: "browse", step: "GET /items/:item", due: due.slice(rate >> 1), ...(struck && { began: due.slice(rate >> 1).map((ms) => ms / 3) }) },
    { phase, journey: hostile.journey, step: "POST /orders", due: latencies(rate / 5, typical * 2, s + 1_000), ...(failing > 0 && { refused: failing, cause: "status 500" }) },
    { phase, journey: hostile.journey, step: "checkout", type: "group", due: latencies(rate / 5, typical * 2, s + 2_000) },
    { phase, journey: hostile.journey, step: "", type: "walk", due: latencies(rate / 5, typical * 3, s + 3_000) },
  ], [[phase, "browse", rate, struck && s % 7 === 0 ? 1 : 0, rate, 0, struck ? 18 : 6], [phase, hostile.journey, rate / 5, 0, rate / 5, 0, 2]]);
  ledger.add({ k: "health", s, lagMs: 1.2, lagMaxMs: s === 100 ? 61 : 3.4, cpu: 0.31, heapMb: 62, slow: s === 100 });
  if (s % 5 === 0) ledger.add({ k: "probe", t: s * 1_000, name: "orders in the table", value: 10 + s * 7 });
  if (s % 5 === 0 && phase === 2) ledger.add({ k: "probe", t: s * 1_000, name: "replicas ready", phase: 2, value: struck ? 1 : 3 });
}

export const finding = (id: string, grade: Finding["grade"], more: Partial<Finding> = {}): Finding => ({
  id, grade, about: "budget", phase: undefined, journey: undefined, step: undefined, expected: "p95 ≤ 200ms", observed: "p95 = 41ms", reason: "", evidence: "1 204 samples", ...more,
});

export const gameDayVerdict: Verdict = {
  grade: "fail",
  unhealed: [],
  storms: [{ phase: 1, moments: [
    { name: "requested", t: 25_020, text: "kills 1 pod of shop" }, { name: "first bad answer", t: 25_080, text: hostile.markup }, { name: "noticed", t: 25_100, text: "pod shop-1 of shop gone" },
    { name: "clients back", t: undefined, text: "clients were within budget all the time" },
  ] }],
  findings: [
    finding("lose a pod / browse / p95", "pass", { phase: "lose a pod", journey: "browse" }),
    finding("lose a pod / storm", "pass", { about: "storm", phase: "lose a pod", expected: "whole again within 10s", observed: "whole again after 2.4s", evidence: "storm lines of phase 2" }),
    finding("lose a node / storm", "fail", { about: "storm", phase: "lose a node", expected: "whole again within 20s", observed: "still broken after 20s", reason: "The platform did not bring the node's replicas back in time.", evidence: "storm lines of phase 3" }),
    finding("lose the data / survival / order", "fail", { about: "survival", phase: "lose the data", expected: "0 orders lost outside 5s", observed: "1 of 1 204 lost", reason: `Lost: o-${hostile.markup}`, evidence: "1 204 noted writes" }),
    finding(`lose the data / ${hostile.journey} / errors`, "fail", { phase: "lose the data", journey: hostile.journey, expected: "errors ≤ 1%", observed: `errors = 4.3% ${hostile.control}`, reason: hostile.cdata }),
    finding("bad canary / storm", "unsure", { about: "storm", phase: "bad canary", expected: "whole again within 15s", observed: "whole again after 6.9s", reason: "The harm was never seen, so nothing was tested.", evidence: "storm lines of phase 5" }),
    finding(`calm <again> & "after" / browse / p95 ${hostile.emoji}`, "pass", { phase: `calm <again> & "after"`, journey: "browse" }),
    finding("orders in the table", "pass", { about: "probe", expected: "≥ 1", observed: "least 10", evidence: "32 readings" }),
    finding("generator", "pass", { about: "generator", expected: "kept up", observed: "slow in 1 of 160 seconds", evidence: "160 seconds" }),
  ],
};
