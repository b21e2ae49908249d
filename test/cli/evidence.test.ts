import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { linesOf, makeHome, seatrial, type Home } from "./seatrial.ts";

/** Everything in it that must be in no file of a run. */
const secrets = ["LOGIN-of-mary", "COOKIE-of-mary", "KEY-in-query", "WORD-in-form", "CARD-4111", "TICKET-said", "VALUE-of-run"];

const scenarioText = (load: string) => `import { journey, scenario, times, users } from "seatrial";
import { bearer, form, http } from "seatrial/http";
const shop = http({ base: process.env.SHOP!, auth: bearer("LOGIN-of-mary") });
const order = journey({ shop }, async ({ shop }, user) => {
  await shop.get("/in");
  user.secret("TICKET-said");
  await shop.post("/orders?api_key=KEY-in-query", { item: "rope", lotNumber: "CARD-4111", said: "TICKET-said, VALUE-of-run" }, { name: "/orders" }).catch(() => undefined);
  await shop.post("/login", form({ user: "mary", password: "WORD-in-form" }));
});
export default scenario({
  name: "evidence", journeys: { order }, secrets: { names: ["lot_number"], values: ["VALUE-of-run"] },
  phases: [{ name: "p", ${load} }], budget: { order: { errors: "0%" } },
});
`;

let home: Home;
let server: Server;
let env: Record<string, string>;
beforeAll(async () => {
  home = makeHome({ "package.json": '{ "type": "module" }', "counted.ts": scenarioText("load: { order: times(2) }"), "load.ts": scenarioText('for: "3s", load: { order: users(6) }') });
  server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += String(piece);
    if (request.url === "/in") return void response.writeHead(200, { "set-cookie": "sid=COOKIE-of-mary; Path=/" }).end();
    response.writeHead(request.url === "/login" ? 401 : 503, { "content-type": "text/plain" }).end(`${request.url} ${request.headers.authorization} ${request.headers.cookie}\n${body}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  env = { SHOP: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  home.remove();
});

/** All files of a run, as text. */
const filesOf = (folder: string): Map<string, string> =>
  new Map(readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => [join(entry.parentPath, entry.name).slice(folder.length + 1), readFileSync(join(entry.parentPath, entry.name), "latin1")]));

test("of counted walks every failure has its file, linked from every report, and no secret is in any", async () => {
  const ended = await seatrial(["run", home.path("counted.ts"), "--out", home.path("counted"), "--report", "html,junit,ctrf,json,markdown,csv,terminal"], { env });
  expect(ended.code).toBe(1);
  const files = filesOf(home.path("counted"));
  const evidence = [...files.keys()].filter((name) => name.startsWith("evidence/")).sort();
  expect(evidence).toEqual(["001-POST-orders", "002-POST-login", "003-POST-orders", "004-POST-login"].map((name) => `evidence/${name}.http.txt`));
  for (const path of evidence) {
    expect(files.get("index.html")).toContain(`href="${path}"`);
    expect(files.get("junit.xml")).toContain(`counted/${path}]]`);
    expect(files.get("ctrf-report.json")).toContain(`"path": "${path}"`);
  }
  expect(files.get("summary.txt")).toContain("evidence/");
  expect(files.get(evidence[0]!)).toMatch(/POST http:\S+\/orders\?api_key=\*\*\* HTTP\/1\.1\n[^]*authorization: Bearer \*\*\*\n[^]*cookie: sid=\*\*\*\n[^]*"item":"rope"[^]*HTTP\/1\.1 503/);
  for (const [name, text] of files) for (const secret of secrets) expect(text.includes(secret), `${secret} in ${name}`).toBe(false);
  for (const secret of secrets) expect(ended.out + ended.err).not.toContain(secret);
}, 60_000);

test("under load, in two workers, there is a file for the first few of each cause, and no secret is in any", async () => {
  await seatrial(["run", home.path("load.ts"), "--workers", "2", "--out", home.path("load"), "--report", "html,json"], { env });
  const files = filesOf(home.path("load"));
  const evidence = [...files.keys()].filter((name) => name.startsWith("evidence/"));
  // Three of each cause, in each worker.
  expect(evidence.filter((name) => name.includes("POST-orders"))).toHaveLength(6);
  expect(evidence).toHaveLength(12);
  const named = linesOf(home.path("load", "ledger.ndjson")).flatMap((line) => (line.k === "fail" ? (line.artifacts ?? []) : []));
  expect(named.length).toBeGreaterThanOrEqual(6);
  for (const { path } of named) expect(files.get(path)).toMatch(/^# POST /);
  for (const [name, text] of files) for (const secret of secrets) expect(text.includes(secret), `${secret} in ${name}`).toBe(false);
}, 60_000);
