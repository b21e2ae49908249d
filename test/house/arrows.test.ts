import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { borrowedTime, cycles, heavyDoors, readmes, unusedExports, vagueNames, wrongArrows } from "./checks.ts";
import { readSources, readTree } from "./tree.ts";

/** Who may use the machine's own time and chance, and why. */
const timeless: Readonly<Record<string, string>> = {
  "src/units/clock.ts": "the clock",
  "src/units/alarm.ts": "the clock's waits",
  "src/units/random.ts": "the seed that nobody chose",
  "src/units/self.ts": "watches the event loop and the CPU of this very process",
  "src/sim/clock.ts": "virtual time: lets real turns of the event loop pass, and watches that it moves",
  "drivers/local/supervisor/": "a process of its own",
  "drivers/local/balancer/": "a process of its own",
  "drivers/local/node/": "a process of its own",
  "drivers/local/programs.ts": "ends the supervisor's processes, in real time",
  "drivers/local/client.ts": "a hung supervisor must not hang its runner, whatever the run's clock says",
  "scenarios/shop/": "a service of its own",
  "scenarios/radio/": "a service of its own",
};

const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");
const tree = readTree(root, ["src", "drivers", "reports", "scenarios"]);
const sources = readSources(tree);
const users = new Map([...sources, ...readSources(readTree(root, ["test"]))]);
const doors = [...sources.keys()].filter((file) => /^(src|reports|drivers\/[\w-]+)\/index\.ts$/.test(file));

describe("the house", () => {
  test("imports go one way", () => expect(wrongArrows(sources)).toEqual([]));
  test("no file needs one that needs it", () => expect(cycles(sources)).toEqual([]));
  test("a door loads no package before it is used", () => expect(heavyDoors(sources, doors)).toEqual([]));
  test("time and chance are borrowed", () => expect(borrowedTime(sources, timeless)).toEqual([]));
  test("what is exported is imported", () => expect(unusedExports(sources, users, doors, ["scenarios/", "src/cli/main.ts"])).toEqual([]));
  test("names say what a file holds", () => expect(vagueNames(tree)).toEqual([]));
  test("every room has a README that fits one screen", () => expect(readmes(tree, 60)).toEqual([]));
});
