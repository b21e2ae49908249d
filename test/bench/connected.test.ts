import { expect, test } from "vitest";
import { measurePart } from "./part.ts";

test("a connected user that thinks is held in some kilobytes", async () => {
  const rows = await measurePart("load/connected.ts", ["1000"], 60);
  // The goal is 12 KB of each of 5,000; a fifth as many carry a larger share of what only grows in steps.
  expect(rows.find(({ name }) => name === "each of them")!.value).toBeLessThan(30);
}, 60_000);
