import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { artillery, type ArtillerySettings } from "../../../drivers/artillery/index.ts";
import { TouchFailed, type Recorder } from "../../../src/model/op.ts";
import { peerIfThere } from "../../bench/peers.ts";
import { crewIn, embark, linesOf, summaryOf, until } from "../../cli/seatrial.ts";
import { userContext } from "../../contract/driver.ts";
import { describeWith } from "../../needs.ts";

const recorded = fileURLToPath(new URL("recorded.json", import.meta.url));
let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "seatrial-artillery-test-")));
  return () => rmSync(folder, { recursive: true, force: true });
});

/** A program with Artillery's command line that does what the shell says; `$out` is where its report goes. */
function programOf(shell: string): string {
  const file = join(folder, "artillery");
  writeFileSync(file, `#!/bin/sh\necho "$@" > words\necho "$ARTILLERY_DISABLE_TELEMETRY" > telemetry\nout=$4\n${shell}\n`);
  chmodSync(file, 0o755);
  return file;
}

async function aboard(settings: Partial<ArtillerySettings>) {
  const said: string[] = [];
  const tallied: string[] = [];
  const ops: string[] = [];
  const measured = new Map<string, number>();
  const record: Recorder = {
    op: (step, _began, _ended, outcome, failure) => void ops.push(`${step}: ${outcome} (${failure?.cause})`),
    learned: () => undefined,
    tally: (step, _began, outcome, count, failure) => void tallied.push([step, outcome, count, failure?.cause].filter((part) => part !== undefined).join(" ")),
  };
  const user = userContext({ record, say: (line) => void said.push(line) });
  const { artillery: driver } = artillery({ script: "crowd.yml", cwd: folder, ...settings }).drivers;
  const session = await driver.open(user.context);
  const run = async () => session.run((name, ms) => void measured.set(name, ms)).then(() => undefined, (error: unknown) => (error instanceof TouchFailed ? error : Promise.reject(error)));
  return { ...user, ops, said, tallied, measured, run, close: () => driver.close(session) };
}

describe("a run", () => {
  test("its report is counted, quoted and measured", async () => {
    const bin = programOf(`cp '${recorded}' "$out"`);
    const user = await aboard({ bin, base: "http://127.0.0.1:1", environment: "it's local" });
    expect(await user.run()).toBeUndefined();
    await user.close();
    expect([user.tallied, user.ops]).toEqual([["requests ok 23", "requests refused 23 status 404", "requests ok 25", "requests refused 25 status 404"], []]);
    expect(user.measured.get("artillery: p95 of http.response_time")).toBe(25.8);
    expect(user.said).toContain("Artillery's own summary of http.response_time: mean 5.7, p50 1, p95 25.8, p99 77.5, max 107 of 96");
    expect(readFileSync(join(folder, "words"), "utf8")).toMatch(/^run --quiet --output \S+report\.json --target http:\/\/127\.0\.0\.1:1 --environment it's local crowd\.yml\n$/);
    expect(readFileSync(join(folder, "telemetry"), "utf8")).toBe("true\n");
  });

  test.each([
    ["no report", "echo trouble >&2; exit 2", "run: unsure (no results)"],
    ["a broken report", 'echo "{" > "$out"', "run: unsure (broken results)"],
    ["no requests", `echo '{"aggregate":{"counters":{},"lastMetricAt":1},"intermediate":[]}' > "$out"`, "run: unsure (no requests)"],
    ["a check that did not hold", `cp '${recorded}' "$out"; exit 1`, "run: refused (exit code 1)"],
    ["an end by a signal", `cp '${recorded}' "$out"; kill -KILL $$`, "run: unsure (ended by SIGKILL)"],
  ])("%s is never a pass", async (_, shell, wanted) => {
    const user = await aboard({ bin: programOf(shell) });
    expect(await user.run()).toBeInstanceOf(TouchFailed);
    await user.close();
    expect(user.ops).toEqual([wanted]);
  });

  test("the report of the run before is not taken again", async () => {
    const bin = programOf(`[ -f again ] || cp '${recorded}' "$out"; touch again`);
    const user = await aboard({ bin });
    expect(await user.run()).toBeUndefined();
    expect((await user.run())?.failure.cause).toBe("no results");
    await user.close();
  });

  test("a cut ends it and all that it started", async () => {
    const user = await aboard({ bin: programOf("trap '' TERM; sleep 100 & sleep 100; sleep 100") });
    const run = user.run();
    await until("its processes", () => crewIn(folder).length >= 2);
    user.cut();
    expect((await run)?.failure.cause).toBe("cut");
    await user.close();
    expect(crewIn(folder)).toEqual([]);
  });
});

describe("settings", () => {
  test("no Artillery: the error says how to get one", async () => {
    await expect(aboard({ env: { PATH: folder } })).rejects.toMatchObject({ code: "SEA_ARTILLERY_MISSING", hint: expect.stringContaining("npm install --save-dev artillery") });
  });

  test.each(["script", "bin", "environment", "cwd"])("an empty %s", (setting) => {
    expect(() => artillery({ script: "crowd.yml", [setting]: "" })).toThrow(expect.objectContaining({ code: "SEA_COMMAND_SETTING", place: `artillery.${setting}` }));
  });

  test("an unknown one", () => {
    expect(() => artillery({ script: "crowd.yml", overrides: {} } as ArtillerySettings)).toThrow(expect.objectContaining({ place: "artillery.setting" }));
  });
});

const found = await peerIfThere("artillery");

describeWith("Artillery", found !== undefined, "it comes from the npm registry", "the README's example with a real Artillery", () => {
  let server: Server;
  let base: string;
  const asked: Record<string, number> = {};
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked[request.url!] = (asked[request.url!] ?? 0) + 1;
      if (request.url === "/reset") return void request.socket.destroy();
      response.statusCode = request.url === "/gone" ? 404 : 200;
      response.end("[]");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  test("every request is counted, errors are judged, and latencies are not pretended", async () => {
    const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(readFileSync(new URL("../../../drivers/artillery/README.md", import.meta.url), "utf8")) ?? [];
    const words = found!.command.map((word) => `'${word}'`).join(" ");
    const bin = join(folder, "bin");
    writeFileSync(bin, `#!/bin/sh\nexec ${words} "$@"\n`);
    chmodSync(bin, 0o755);
    const trial = example.replace('for: "5m", ', 'for: "1s", ').replace('script: "crowd.yml",', `script: "crowd.yml", bin: "${bin}",`).replace('crowd: { errors: "1%",', 'crowd: { errors: "1%", p95: "500ms",').replace('max: "500ms"', 'max: "30s"');
    writeFileSync(join(folder, "trial.ts"), trial);
    writeFileSync(join(folder, "crowd.yml"), `config: { target: "http://127.0.0.1:9", phases: [{ duration: 2, arrivalRate: 5 }] }
scenarios: [{ flow: [{ get: { url: "/items" } }, { get: { url: "/gone" } }, { get: { url: "/reset" } }] }]
`);
    const ended = await embark(["run", "trial.ts", "--report", "json", "--out", "out"], { cwd: folder, env: { SHOP_URL: base }, withinMs: 100_000 }).ended;
    expect(ended.code, ended.err).toBe(1);
    const lines = linesOf(join(folder, "out/ledger.ndjson"));
    const ids = lines.flatMap((line) => (line.k === "series" && line.type === "op" && line.step === "requests" ? [line.id] : []));
    const sums = [0, 0, 0];
    for (const line of lines) if (line.k === "sec") for (const [id, ...counts] of line.d) if (ids.includes(id)) for (const at of [0, 1, 2]) sums[at]! += counts[at] as number;
    expect(sums).toEqual([asked["/items"], asked["/gone"], asked["/reset"]]);
    const { findings } = summaryOf(join(folder, "out"));
    const grades = Object.fromEntries(findings.map(({ id, grade }) => [id, grade]));
    expect(grades).toMatchObject({ "peak / crowd / errors": "fail", "peak / crowd / p95": "unsure", "peak / crowd / artillery: p95 of http.response_time / max": "pass" });
    expect(lines[0]).toMatchObject({ caveats: [expect.stringContaining("Artillery's own report")] });
  }, 120_000);
});
