/** Ten thousand users on a server that is killed: every one of them an op with a cause, and nothing left of any. */
import { execFileSync, spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { embark, linesOf, makeHome, mistakes, summaryOf, until } from "../../cli/seatrial.ts";

/** A third each: with its connection idle, in the middle of an answer, and before one. */
const kinds = ["kept", "half", "held"] as const;
const wanted = 10_000;
const spare = 200;
/** As high as this process may go. */
const raise = "ulimit -n $(ulimit -Hn)";
const limit = Number(execFileSync("bash", ["-c", `${raise}; ulimit -n`], { encoding: "utf8" }).replace("unlimited", "Infinity"));
const each = Math.floor(Math.min(wanted, limit - spare) / kinds.length);
const crowd = each * kinds.length;

const scenarioText = `import { journey, scenario, times, users } from "seatrial";
import { http } from "seatrial/http";
const site = http({ base: process.env.BASE!, timeout: "25s" });
const kept = journey({ site }, async ({ site }, user) => {
  for (;;) {
    await site.get("/kept");
    await user.think("3s");
  }
});
const half = journey({ site }, async ({ site }) => void (await site.get("/half")));
const held = journey({ site }, async ({ site }) => void (await site.post("/held", { id: 1 })));
const rest = journey({}, async (_, user) => user.think("500ms"));
const all = times(${each}, { users: ${each} });
export default scenario({
  name: "killed", journeys: { kept, half, held, rest },
  phases: [
    { name: "storm", load: { kept: all, half: all, held: all } },
    { name: "calm", for: "3s", load: { rest: users(1) } },
  ],
  budget: { held: { errors: "100%" } },
});
`;

/** A server in a process of its own, and how many requests of each path have come to it. */
async function harbour(): Promise<{ readonly base: string; came(path: string): number; kill(): Promise<void> }> {
  const program = fileURLToPath(new URL("harbour.ts", import.meta.url));
  const child = spawn("bash", ["-c", `${raise}; exec "$0" "$1"`, process.execPath, program], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const kill = () => (child.kill("SIGKILL"), ended);
  onTestFinished(kill);
  let [address, came]: [AddressInfo | undefined, Record<string, number>] = [undefined, {}];
  child.on("message", (said: { address?: AddressInfo; came?: Record<string, number> }) => {
    address ??= said.address;
    came = said.came ?? came;
  });
  await until("the server", () => address !== undefined);
  return { base: `http://127.0.0.1:${address!.port}`, came: (path) => came[path] ?? 0, kill };
}

if (crowd < wanted - kinds.length) console.warn(`ONLY ${crowd} OF ${wanted} USERS: ulimit -Hn is ${limit}`);

test(`a server with ${crowd} users is killed`, { timeout: 120_000 }, async () => {
  const server = await harbour();
  const home = makeHome({ "scenario.ts": scenarioText });
  onTestFinished(() => home.remove());
  const voyage = embark(["run", "scenario.ts", "--out", "run"], { cwd: home.folder, env: { BASE: server.base }, shell: `${raise}; exec` });
  await until("all of them", () => voyage.hasEnded() || kinds.every((kind) => server.came(`/${kind}`) >= each), 60_000);
  await server.kill();
  const { err } = await voyage.ended;
  expect(err).not.toMatch(mistakes);
  const lines = linesOf(home.path("run/ledger.ndjson"));
  expect(lines.at(-1)).toMatchObject({ k: "end", how: "done" });

  // Every user, once, by the cause of its kind. A request of the first kind may have been on its way just then.
  const { failures } = summaryOf(home.path("run"));
  const counts = new Map(failures.map(({ journey, cause, count }) => [`${journey} ${cause}`, count]));
  const refused = counts.get("kept refused") ?? 0;
  expect(Object.fromEntries(counts)).toEqual({
    "held reset": each, "half cut short": each,
    ...(refused > 0 && { "kept refused": refused }), ...(refused < each && { "kept reset": each - refused }),
  });
  const ends = lines.flatMap((line) => (line.k === "sec" ? line.p : [])).filter(([phase]) => phase === 0);
  const sum = (of: (cell: (typeof ends)[number]) => number) => ends.reduce((total, cell) => total + of(cell), 0);
  expect([sum(([, , starts]) => starts), sum(([, , , dropped]) => dropped), sum(([, , , , ended]) => ended), sum(([, , , , , cut]) => cut)]).toEqual([crowd, 0, crowd, 0]);

  // And nothing is left of their connections.
  const descriptors = lines.flatMap((line) => (line.k === "health" && line.descriptors ? [line.descriptors[0]] : []));
  expect(Math.max(...descriptors)).toBeGreaterThan(crowd);
  expect(descriptors.at(-1)).toBeLessThan(spare);
});
