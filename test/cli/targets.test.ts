/** Targets that behave badly: the run ends in time, says why, and keeps its ledger whole. */
import { createServer as createHttp } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Line } from "../../src/ledger/lines.ts";
import { clock, linesOf, makeHome, mistakes, seatrial, summaryOf, until, type Home } from "./seatrial.ts";

interface Nasty {
  readonly serve: (socket: Socket) => void;
  readonly causes: readonly string[];
  readonly outcome: "refused" | "unsure";
}

const onRequest = (act: (socket: Socket) => void) => (socket: Socket) => void socket.on("data", () => act(socket));
const head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n";
const again = (socket: Socket, text: string) => {
  const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(text)), 20);
};

const nasty: Readonly<Record<string, Nasty>> = {
  silent: { serve: () => {}, causes: ["timeout"], outcome: "unsure" },
  resets: { serve: onRequest((socket) => socket.resetAndDestroy()), causes: ["reset"], outcome: "unsure" },
  closes: { serve: onRequest((socket) => socket.end()), causes: ["reset"], outcome: "unsure" },
  garbage: { serve: onRequest((socket) => socket.end("SSH-2.0-boat\r\n\r\n")), causes: ["protocol"], outcome: "unsure" },
  half: { serve: onRequest((socket) => socket.end(`${head}content-length: 1000\r\n\r\nshort`)), causes: ["cut short"], outcome: "unsure" },
  endless: { serve: onRequest((socket) => { socket.write(`${head}transfer-encoding: chunked\r\n\r\n`); again(socket, "2\r\nhi\r\n"); }), causes: ["timeout"], outcome: "unsure" },
  drip: { serve: onRequest((socket) => { socket.write("HTTP/1.1 200 OK\r\n"); again(socket, "x"); }), causes: ["timeout"], outcome: "unsure" },
  flood: { serve: onRequest((socket) => socket.write(`${head}content-length: 9000\r\n\r\n${"x".repeat(9_000)}`)), causes: ["too large"], outcome: "refused" },
};

const scenarioText = `import { arrivals, journey, scenario } from "seatrial";
import { http } from "seatrial/http";
const { TARGETS, FOR = "2s", TIMEOUT = "300ms", GRACE = "2s" } = process.env;
const bases: Record<string, string> = JSON.parse(TARGETS!);
const journeys = Object.fromEntries(Object.entries(bases).map(([name, base]) => {
  const target = http({ base, timeout: TIMEOUT as "1s", bodyLimitBytes: 4_000 });
  return [name, journey({ target }, async ({ target }) => void (await target.get("/")))];
}));
const load = Object.fromEntries(Object.keys(bases).map((name) => [name, arrivals("10/s")]));
export default scenario({
  name: "nasty targets", journeys, grace: GRACE as "1s",
  phases: [
    ...(process.env.WARM ? [{ name: "warm up", for: process.env.WARM as "1s", judged: false, load }] : []),
    { name: "all", for: FOR as "1s", load },
  ],
  budget: Object.fromEntries(Object.keys(bases).map((name) => [name, { errors: "5%" as const }])),
});
`;

let home: Home;
const sockets = new Map<Server, Set<Socket>>();

async function listen(server: Server, port = 0): Promise<string> {
  if (!sockets.has(server)) {
    sockets.set(server, new Set());
    server.on("connection", (socket) => void sockets.get(server)!.add(socket.on("error", () => {})));
  }
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const stop = (server: Server) => {
  server.close();
  sockets.get(server)!.forEach((socket) => socket.destroy());
};

beforeAll(() => void (home = makeHome({ "scenario.ts": scenarioText })));
afterAll(() => {
  [...sockets.keys()].forEach(stop);
  home.remove();
});

const sail = (out: string, targets: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) =>
  seatrial(["run", "scenario.ts", "--out", out, "--report", "json,html"], { cwd: home.folder, env: { TARGETS: JSON.stringify(targets), ...env } });

/** Every start of a walk has its end in the ledger, and the ledger its own. */
function assertWhole(lines: readonly Line[]): void {
  expect(lines[0]!.k).toBe("run");
  expect(lines.at(-1)).toMatchObject({ k: "end", how: "done" });
  const rows = lines.flatMap((line) => (line.k === "sec" ? line.p : []));
  const sum = (at: 2 | 4 | 5) => rows.reduce((total, row) => total + row[at], 0);
  expect(sum(2)).toBeGreaterThan(0);
  expect(sum(4) + sum(5)).toBe(sum(2));
}

test("every way of answering badly has its cause and its outcome", async () => {
  const gone = createServer();
  const targets = { closed: await listen(gone) } as Record<string, string>;
  gone.close();
  for (const [name, { serve }] of Object.entries(nasty)) targets[name] = await listen(createServer(serve));
  const beganMs = clock.now();
  const ended = await sail("nasty", targets);
  expect(clock.now() - beganMs).toBeLessThan(9_000);
  expect(ended).toMatchObject({ code: 1, out: expect.stringContaining("FAIL") });
  expect(ended.err).not.toMatch(mistakes);
  const summary = summaryOf(home.path("nasty"));
  const wanted = { ...nasty, closed: { causes: ["refused"], outcome: "refused" } as const };
  for (const [name, { causes, outcome }] of Object.entries(wanted)) {
    expect(summary.failures.filter((one) => one.journey === name).map((one) => one.cause), name).toEqual(causes);
    const row = summary.rows.find((one) => one.journey === name && one.type === "op")!;
    expect(row, name).toMatchObject({ count: 20, ok: 0, [outcome]: 20 });
    expect(summary.findings, name).toContainEqual(expect.objectContaining({ journey: name, grade: "fail" }));
    for (const cause of causes) expect(ended.out).toContain(cause);
  }
  assertWhole(linesOf(home.path("nasty/ledger.ndjson")));
});

test("a target that never answers can't hold the run beyond its grace, whatever the time-out", async () => {
  const beganMs = clock.now();
  const ended = await sail("held", { silent: await listen(createServer(() => {})) }, { TIMEOUT: "1h", GRACE: "500ms", FOR: "1s" });
  expect(clock.now() - beganMs).toBeLessThan(8_000);
  expect(ended.code).toBe(2);
  expect(ended.out).toMatch(/cut/);
  assertWhole(linesOf(home.path("held/ledger.ndjson")));
});

test("a target that dies in the middle fails the budget, and one that starts late may do so in the warm-up", async () => {
  let answered = 0;
  const mortal = createHttp((_, response) => {
    response.end("ok");
    if (++answered === 12) setImmediate(() => stop(mortal));
  });
  const late = createHttp((_, response) => void response.end("ok"));
  const at = await listen(late);
  await new Promise((resolve) => late.close(resolve));
  const dying = sail("dies", { mortal: await listen(mortal) });
  const starting = sail("starts", { late: at }, { WARM: "1500ms", FOR: "1s" });
  await until("the first requests to nobody", () => linesOf(home.path("starts/ledger.ndjson")).some((line) => line.k === "fail"));
  await listen(late, Number(new URL(at).port));
  const died = await dying;
  expect(died.code).toBe(1);
  expect(died.err).not.toMatch(mistakes);
  const summary = summaryOf(home.path("dies"));
  expect(summary.failures.map((one) => one.cause)).toContain("refused");
  expect(summary.total).toMatchObject({ ok: expect.any(Number), count: 20 });
  expect(summary.total.ok).toBeGreaterThanOrEqual(11);
  const started = await starting;
  expect(started.code).toBe(0);
  expect(summaryOf(home.path("starts")).phases.map((phase) => phase.total.refused > 0)).toEqual([true, false]);
  for (const name of ["dies", "starts"]) assertWhole(linesOf(home.path(name, "ledger.ndjson")));
});
