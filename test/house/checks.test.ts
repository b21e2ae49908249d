import { expect, test } from "vitest";
import { borrowedTime, cycles, heavyDoors, readmes, unusedExports, vagueNames, wrongArrows } from "./checks.ts";
import { readSources } from "./tree.ts";

/** The checks fed with small trees: what is wrong must be found, what is right let be. */
const tree = (files: Record<string, string>) => new Map(Object.entries(files));
const sources = (files: Record<string, string>) => readSources(tree(files));
const empty = { "src/units/a.ts": "", "src/model/a.ts": "", "src/play/a.ts": "", "src/judge/a.ts": "", "drivers/http/index.ts": "", "drivers/web/index.ts": "", "drivers/messages/a.ts": "", "drivers/websocket/index.ts": "", "reports/index.ts": "", "src/index.ts": "", "src/faults/a.ts": "" };

test.each([
  ["src/units/x.ts", 'import { a } from "../model/a.ts";'],
  ["src/units/x.ts", 'import type { A } from "../model/a.ts";'],
  ["src/model/x.ts", 'export { a } from "../play/a.ts";'],
  ["src/model/x.ts", 'export * from "../play/a.ts";'],
  ["src/model/x.ts", 'export type A = import("../play/a.ts").A;'],
  ["src/play/x.ts", 'const a = await import("../../drivers/http/index.ts");'],
  ["src/play/x.ts", 'import { a } from "../judge/a.ts";'],
  ["src/judge/x.ts", 'import { a } from "seatrial/reports";'],
  ["src/faults/x.ts", 'import { a } from "../play/a.ts";'],
  ["src/cli/x.ts", 'import { http } from "../../drivers/http/index.ts";'],
  ["drivers/http/x.ts", 'import { a } from "../web/index.ts";'],
  ["drivers/http/x.ts", 'import { a } from "../messages/a.ts";'],
  ["drivers/messages/x.ts", 'import { a } from "../websocket/index.ts";'],
  ["drivers/sse/x.ts", 'import { a } from "../websocket/index.ts";'],
  ["drivers/http/x.ts", 'import { a } from "../../src/play/a.ts";'],
  ["drivers/http/x.ts", 'import { a } from "seatrial";'],
  ["reports/x.ts", 'import { a } from "../src/judge/a.ts";'],
  ["scenarios/x.ts", 'import { a } from "../src/model/a.ts";'],
  ["src/model/x.ts", 'import { a } from "../units/gone.ts";'],
  ["src/shed/x.ts", ""],
])("an arrow the wrong way: %s with %s", (file, text) => {
  const found = wrongArrows(sources({ ...empty, [file]: text }));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(new RegExp(`^${file}`));
});

test("arrows the right way", () => {
  const right = {
    ...empty,
    "src/model/x.ts": 'import { a } from "../units/a.ts"; import { b } from "./a.ts"; import "node:fs"; import x from "package";\n// import "../play/a.ts"\nconst text = \'import "../play/a.ts"\';',
    "src/cli/x.ts": 'import { r } from "../../reports/index.ts"; import type { H } from "../../drivers/http/index.ts"; const h = await import("../../drivers/http/index.ts");',
    "scenarios/x.ts": 'import { scenario } from "seatrial"; import { http } from "seatrial/http";',
    "drivers/messages/x.ts": 'import { a } from "../http/index.ts";',
    "drivers/websocket/x.ts": 'import { a } from "../http/index.ts"; import { b } from "../messages/a.ts";',
    "drivers/http/x.ts": 'import type { M } from "../../src/model/a.ts";',
  };
  expect(wrongArrows(sources(right))).toEqual([]);
});

test("rings of imports", () => {
  const ring = { "src/units/a.ts": 'import { b } from "./b.ts";', "src/units/b.ts": 'export { c } from "./c.ts";', "src/units/c.ts": 'import { a } from "./a.ts";' };
  expect(cycles(sources(ring))).toEqual(["src/units/a.ts -> src/units/b.ts -> src/units/c.ts -> src/units/a.ts"]);
  expect(cycles(sources({ ...ring, "src/units/c.ts": 'import type { a } from "./a.ts";' }))).toEqual([]);
  expect(cycles(sources({ ...ring, "src/units/c.ts": 'import { type a } from "./a.ts";' }))).toEqual([]);
  expect(cycles(sources({ ...ring, "src/units/c.ts": 'const a = () => import("./a.ts");' }))).toEqual([]);
});

test("doors that load a package", () => {
  const door = (text: string) => heavyDoors(sources({ "drivers/web/index.ts": 'import { a } from "./a.ts";', "drivers/web/a.ts": text }), ["drivers/web/index.ts"]);
  expect(door('import { chromium } from "playwright-core";')).toEqual([expect.stringMatching(/^drivers\/web\/index\.ts -> drivers\/web\/a\.ts:1: .*playwright-core/)]);
  expect(door('import type { Browser } from "playwright-core"; import "node:fs"; const p = () => import("playwright-core");')).toEqual([]);
});

test.each([
  "Date.now();", "const d = new Date();", "performance.now();", "setTimeout(f, 1);", "globalThis.setInterval(f);", "const later = setImmediate;",
  "Math.random();", "AbortSignal.timeout(5);", "process.hrtime.bigint();", 'import { setTimeout as sleep } from "node:timers/promises";', "const o = { setTimeout };",
  'import { randomUUID } from "node:crypto"; crypto.randomUUID();',
])("time or chance of the machine: %s", (text) => {
  const found = borrowedTime(sources({ "src/play/x.ts": `\n${text}` }), {});
  expect(found.length).toBeGreaterThan(0);
  expect(found[0]).toMatch(/^src\/play\/x\.ts:2: uses /);
});

test("what only looks like time", () => {
  const text = 'new Date(0).toISOString(); Date.UTC(2020); Math.max(1); socket.setTimeout(5); type T = typeof setTimeout; let d: Date; const o = { performance: 1 }; o.performance; const valueOf = { x() {} }; valueOf.x(); // Date.now()\n"Date.now()";';
  expect(borrowedTime(sources({ "src/play/x.ts": text }), {})).toEqual([]);
});

test("the list of who may use time holds what it must, and no more", () => {
  const files = sources({ "src/sim/x.ts": "setTimeout(f, 1);", "src/units/clock.ts": "" });
  expect(borrowedTime(files, { "src/sim/": "virtual time" })).toEqual([]);
  expect(borrowedTime(files, { "src/sim/": "virtual time", "src/units/clock.ts": "the clock" })).toEqual([expect.stringMatching(/^src\/units\/clock\.ts: .*take it off/)]);
});

test("exports that nobody imports", () => {
  const files = sources({
    "src/index.ts": 'export { a } from "./units/a.ts"; export const door = 1;',
    "src/units/a.ts": "export const a = 1; export function b() {} export const d = 1;",
    "src/units/t.ts": "export interface Options { x: number } export interface Lonely { y: number } export function f(options: Options) {}",
    "src/units/ns.ts": "export const p = 1;",
    "scenarios/s.ts": "export default 1;",
  });
  const users = new Map([...files, ...sources({ "test/x.ts": 'import { d } from "../src/units/a.ts"; import { f } from "../src/units/t.ts"; import * as ns from "../src/units/ns.ts";' })]);
  expect(unusedExports(files, users, ["src/index.ts"], ["scenarios/"])).toEqual([
    "src/units/a.ts:1: exports b, which nobody imports",
    "src/units/t.ts:1: exports Lonely, which nobody imports",
  ]);
});

test("vague names and missing READMEs", () => {
  expect(vagueNames(tree({ "src/units/utils.ts": "", "src/helpers/x.ts": "", "src/units/utility.ts": "", "src/units/random.ts": "" }))).toHaveLength(2);
  const rooms = { "src/units/a.ts": "", "src/units/README.md": "one\ntwo\n", "src/model/a.ts": "", "drivers/http/index.ts": "", "drivers/http/README.md": "x\n".repeat(9), "scenarios/shop/a.ts": "", "scenarios/README.md": "", "src/index.ts": "" };
  expect(readmes(tree(rooms), 8)).toEqual([
    expect.stringMatching(/^drivers\/http\/README\.md: has 9 lines/),
    "scenarios/shop: has no README.md",
    "src/model: has no README.md",
  ]);
});
