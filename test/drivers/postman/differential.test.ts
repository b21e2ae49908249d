import { expect, test } from "vitest";
import { both } from "./compare.ts";
import { cases } from "./collections/cases.ts";

test.each(Object.entries(cases))("load mode does what Newman does: %s", async (_, inputs) => {
  const { newman, load } = await both(inputs);
  // A case that tells nothing is no case.
  expect(newman.requests.length).toBeGreaterThan(0);
  expect(load).toEqual(newman);
}, 30_000);
