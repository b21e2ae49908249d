import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { errorsPage } from "./errors-page.ts";
import { catalogue, type CatalogueRow } from "../../src/units/catalogue.ts";
import { problem, sayError, SeatrialError } from "../../src/units/errors.ts";

const rows = Object.entries<CatalogueRow>(catalogue);

describe("the catalogue", () => {
  test.each(rows)("%s is well formed", (code, { message, hint }) => {
    expect(code).toMatch(/^SEA(_[A-Z0-9]+)+$/);
    for (const text of [message, hint]) {
      expect(text.trim()).toBe(text);
      expect(text).not.toBe("");
      // One sentence without a full stop, in braces only what can be filled.
      expect(text).not.toMatch(/\.$|\n|\{(?!\w+\}|[ …])/);
    }
  });

  test("no two rows say the same", () => {
    const messages = rows.map(([, { message }]) => message).filter((message) => message !== "{what}");
    expect(messages.filter((message, index) => messages.indexOf(message) !== index)).toEqual([]);
  });

  test("ERRORS.md is made from it", () => {
    const page = readFileSync(new URL("../../src/units/ERRORS.md", import.meta.url), "utf8");
    expect(page === errorsPage(), "src/units/ERRORS.md is out of date: run `npm run errors`").toBe(true);
  });
});

describe("problems", () => {
  test("fill the gaps, keep the place and the cause", () => {
    const cause = new Error("deeper");
    const error = problem("SEA_UNIT_RATE", { text: "80" }, "phases[0]", cause);
    expect(error).toBeInstanceOf(SeatrialError);
    expect(error).toMatchObject({ name: "SeatrialError", code: "SEA_UNIT_RATE", message: "'80' is not a rate", place: "phases[0]", cause });
  });

  test("fill the hint too, and leave a gap that nothing fills", () => {
    expect(problem("SEA_LOAD_PACKAGE", { package: "newman" }).hint).toBe("npm install --save-dev newman");
    expect(problem("SEA_LOAD_PACKAGE").hint).toBe("npm install --save-dev {package}");
  });

  test.each([
    [problem("SEA_UNIT_RATE", { text: "80" }, "load.buy"), /^SEA_UNIT_RATE at load\.buy: '80' is not a rate \(write .*\)$/],
    [problem("SEA_UNIT_RATE", { text: "80" }), /^SEA_UNIT_RATE: '80'/],
    [new TypeError("boom"), /^TypeError: boom$/],
    ["words", /^words$/],
    [undefined, /^undefined$/],
    [Object.create(null), /^a value that can't be shown$/],
    [Object.assign(new Error("x"), { name: Symbol("odd") }), /^a value that can't be shown$/],
  ])("error %# is said on one line", (error, line) => expect(sayError(error)).toMatch(line));
});
