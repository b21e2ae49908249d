import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Book } from "../../src/ledger/book.ts";
import { appendTo } from "../../src/ledger/file.ts";
import { readLedger } from "../../src/ledger/read.ts";
import { seeded } from "../../src/units/random.ts";
import { runLineOf } from "./lines.ts";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "seatrial-ledger-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, seconds = 5): string {
  const path = join(folder, name);
  const sink = appendTo(path);
  sink.write(runLineOf());
  sink.write({ k: "phase", t: 0, phase: 0, at: "begin" });
  const book = new Book((line) => sink.write(line));
  const slot = book.slot("op", 0, "browse", "GET /");
  for (let s = 0; s < seconds; s++) for (let i = 0; i < 20; i++) book.record(slot, s * 1_000, s * 1_000, s * 1_000 + 10 + i, "ok");
  book.note("note", "order", 10, "ørder-✓");
  book.finish();
  sink.write({ k: "end", t: seconds * 1_000, how: "done" });
  sink.close();
  return path;
}

test("what was written is read back whole", async () => {
  const view = await readLedger(written("whole.ndjson"));
  expect(view.damage).toEqual([]);
  expect(view.tally().ok).toBe(100);
  expect(view.notes[0]!.ids[0]![1]).toBe("ørder-✓");
  expect(view.end?.how).toBe("done");
});

test("cut at any byte it is read up to the cut, and the torn line is said", async () => {
  const bytes = readFileSync(written("cut.ndjson"));
  const random = seeded(7);
  const firstLine = bytes.indexOf(10) + 1;
  for (let i = 0; i < 60; i++) {
    const at = random.int(firstLine, bytes.length);
    const path = join(folder, "cut-here.ndjson");
    writeFileSync(path, bytes.subarray(0, at));
    const view = await readLedger(path);
    const whole = bytes[at - 1] === 10 || bytes[at] === 10;
    expect(view.damage.length, `cut at byte ${at}`).toBe(whole ? 0 : 1);
    expect(view.tally().ok).toBeLessThanOrEqual(100);
    if (at < bytes.length - 1) expect(view.end).toBeUndefined();
  }
});

test("lines turned to garbage in the middle are said, the others are read", async () => {
  const lines = readFileSync(written("garbage.ndjson"), "utf8").split("\n");
  const sec = lines.findIndex((line) => line.includes('"k":"sec"'));
  lines[sec] = '{"k":"sec","s":0,"d":[[0,20'.padEnd(lines[sec]!.length, "\u0000");
  const path = join(folder, "garbage-in.ndjson");
  writeFileSync(path, lines.join("\n"));
  const view = await readLedger(path);
  expect(view.damage).toEqual([`line ${sec + 1} of ${path} is unreadable`]);
  expect(view.tally().ok).toBe(80);
});

test("two shards add up, whatever their series numbers", async () => {
  const view = await readLedger(written("a.ndjson"), written("b.ndjson", 3));
  expect(view.tally().ok).toBe(160);
  expect(view.series.length).toBe(1);
});

test.each([
  ["of another scenario", runLineOf({ run: "r2", scenario: "another" }), /run r2 is of another scenario than run test/],
  ["of other phases", runLineOf({ run: "r2", phases: [{ name: "soak", judged: true }] }), /run r2 is of another scenario/],
  ["of the same one", runLineOf({ run: "r2" }), undefined],
] as const)("ledgers of two runs, the second %s", async (_, second, damage) => {
  const path = join(folder, "second.ndjson");
  writeFileSync(path, `${JSON.stringify(second)}\n{"k":"end","t":5000,"how":"done"}\n`);
  const view = await readLedger(written("first.ndjson"), path);
  expect(view.damage).toEqual(damage === undefined ? [] : [expect.stringMatching(damage)]);
});

test.each([
  ["a missing file", () => join(folder, "nowhere.ndjson"), "SEA_LEDGER_READ"],
  ["an empty file", () => (writeFileSync(join(folder, "empty"), ""), join(folder, "empty")), "SEA_LEDGER_FOREIGN"],
  ["another file", () => (writeFileSync(join(folder, "other"), '{"name":"x"}\n'), join(folder, "other")), "SEA_LEDGER_FOREIGN"],
  ["only a torn first line", () => (writeFileSync(join(folder, "torn"), '{"k":"run","v":1'), join(folder, "torn")), "SEA_LEDGER_FOREIGN"],
])("%s is refused with a code", async (_, make, code) => {
  await expect(readLedger(make())).rejects.toMatchObject({ code });
});

describe("a writer killed with SIGKILL", () => {
  test("leaves every line that it was told was written", async () => {
    const path = join(folder, "killed.ndjson");
    const writer = fileURLToPath(new URL("./writer.ts", import.meta.url));
    const child = spawn(process.execPath, ["--no-warnings", writer, path], { stdio: ["ignore", "pipe", "inherit"] });
    let told = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      told = Number(chunk.toString().trimEnd().split("\n").at(-1));
      if (told > 500) child.kill("SIGKILL");
    });
    await once(child, "exit");
    const view = await readLedger(path);
    expect(view.says.length).toBeGreaterThanOrEqual(told);
    expect(told).toBeGreaterThan(500);
  });
});

test("a full disk is a problem with a code", () => {
  const sink = appendTo("/dev/full");
  expect(() => sink.write(runLineOf())).toThrowError(expect.objectContaining({ code: "SEA_LEDGER_WRITE" }));
});
