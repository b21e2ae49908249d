/** Every way in which a connection is lost, against a real server, from the wire to each report. */
import { createServer as createRawServer, type AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { http, stream, type HttpSettings } from "../../../drivers/http/index.ts";
import { csv } from "../../../reports/csv/index.ts";
import { html } from "../../../reports/html/index.ts";
import { json } from "../../../reports/json/index.ts";
import { junit } from "../../../reports/junit/index.ts";
import { markdown } from "../../../reports/markdown/index.ts";
import { finalText } from "../../../reports/terminal/index.ts";
import { judge } from "../../../src/judge/index.ts";
import { journey, scenario, times } from "../../../src/index.ts";
import { ViewBuilder } from "../../../src/ledger/gather.ts";
import type { Line } from "../../../src/ledger/lines.ts";
import type { LedgerView } from "../../../src/ledger/view.ts";
import type { Journey } from "../../../src/model/journey.ts";
import { resolve } from "../../../src/plan/resolve.ts";
import { runLine } from "../../../src/play/facts.ts";
import { play } from "../../../src/play/play.ts";
import { realClock } from "../../../src/units/clock.ts";
import { seeded } from "../../../src/units/random.ts";
import { serveSocks } from "./proxies.ts";
import { certificatesFor, onHead, serve, serveRaw } from "./worlds.ts";

const hear = (answer: string) => serveRaw((socket) => onHead(socket, () => socket.end(answer)));

async function nobody(): Promise<string> {
  const server = createRawServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** By its name: a service, and what of its own a driver has for it. */
const troubles: Readonly<Record<string, () => Promise<{ base: string; more?: Partial<HttpSettings> }>>> = {
  refused: async () => ({ base: await nobody() }),
  dns: async () => ({ base: "http://no-such-host.invalid" }),
  tls: async () => ({ base: (await serve((_, response) => response.end(), certificatesFor("127.0.0.1", "IP:127.0.0.1"))).base }),
  proxy: async () => ({ base: await nobody(), more: { proxy: (await serveSocks()).address } }),
  timeout: async () => ({ base: (await serveRaw((socket) => socket.resume())).base, more: { timeout: "150ms" } }),
  reset: async () => ({ base: (await serveRaw((socket) => onHead(socket, () => socket.resetAndDestroy()))).base }),
  "cut short": async () => ({ base: (await hear("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")).base }),
  protocol: async () => ({ base: (await hear("220 smtp.example ESMTP\r\n")).base }),
  "too large": async () => ({ base: (await hear("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nx")).base, more: { bodyLimitBytes: 10 } }),
  upload: async () => ({ base: (await serveRaw((socket) => socket.resume())).base }),
};

let view: LedgerView;

async function sail(): Promise<LedgerView> {
  const journeys: Record<string, Journey<any>> = {};
  for (const [name, make] of Object.entries(troubles)) {
    const { base, more } = await make();
    const shop = http({ base, ...more } as HttpSettings);
    const broken = () => stream(async function* () { yield "some"; throw new Error("no more"); });
    journeys[`to ${name.replace(" ", "-")}`] = journey({ shop }, async ({ shop }) => void (await (name === "upload" ? shop.post("/", broken()) : shop.get("/"))));
  }
  const { plan, problems } = resolve(scenario({
    name: "troubles", journeys, phases: [{ name: "all at once", load: Object.fromEntries(Object.keys(journeys).map((name) => [name, times(2)])) }], budget: { all: { errors: "1%" } },
  } as never));
  if (!plan) throw problems[0];
  const never = new AbortController().signal;
  const builder = new ViewBuilder();
  const facts = runLine(plan, { id: "run", seed: 1, startedMs: 0, mode: "run", version: "0" });
  await play(plan, { facts, clock: realClock(), random: seeded(1), artifacts: { place: (name) => name, put: async () => undefined }, write: (line) => builder.add(JSON.parse(JSON.stringify(line)) as Line), flush: () => undefined, stop: never, halt: never });
  return builder.view()!;
}

describe("a connection that is lost is an op, with its cause", () => {
  // The servers live as long as this test; the others read what it wrote.
  test("counted as often as it happened, and with an example that says how far it came", async () => {
    view = await sail();
    const seen = Object.fromEntries(view.failures.map(({ journey, cause, count }) => [journey, [cause, count]]));
    expect(seen).toEqual(Object.fromEntries(Object.keys(troubles).map((cause) => [`to ${cause.replace(" ", "-")}`, [cause, 2]])));
    expect(view.examples).toHaveLength(2 * Object.keys(troubles).length);
    for (const { cause, spent } of view.examples) expect(spent, cause).toMatch(/^(blocked|dns|connect|tls|sending|waiting|receiving) /);
    const unsure = Object.keys(troubles).filter((cause) => view.tally({ journey: `to ${cause.replace(" ", "-")}` }).unsure > 0);
    expect(unsure).toEqual(["timeout", "reset", "cut short", "protocol", "upload"]);
  });

  const named = (text: string) => Object.keys(troubles).filter((cause) => !new RegExp(`\\b${cause}\\b`).test(text.replaceAll(/to (cut-short|too-large|\w+)/g, "")));
  const file = (report: typeof json, ending: string) => {
    const { files } = report.render(view, judge(view));
    return Object.entries(files).filter(([name]) => name.endsWith(ending)).map(([, text]) => String(text)).join("\n");
  };

  test("which every report names", () => {
    expect(named(finalText(view, judge(view), { colour: false, columns: 100 }))).toEqual([]);
    expect(named(file(html, "index.html"))).toEqual([]);
    expect(named(file(markdown, ".md"))).toEqual([]);
    expect(named(file(json, ".json"))).toEqual([]);
    expect(named(file(junit, ".xml"))).toEqual([]);
    expect(named(file(csv, "failures.csv"))).toEqual([]);
  });

  test("and HTML shows how far the examples came", () => expect(file(html, "index.html")).toMatch(/Its time: [^<]*waiting 1\d\d/));
});
