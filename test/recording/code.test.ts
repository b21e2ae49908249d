import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { call, comment, key, lines, list, object, quote, template, type Code } from "../../src/recording/write/code.ts";

const value = (code: string): unknown => new Function("x", `return ${code}`)("(x)");
const pieces = ["`", "${", "$", "{", "}", "\\", '"', "'", "\n", "\u2028", "\0", "*/", "a"];
const wild = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 2 })), { maxLength: 6 }).map((parts) => parts.join(""));

describe("what was printed is what was meant", () => {
  test("a string", () => fc.assert(fc.property(wild, (text) => void expect(value(quote(text))).toBe(text))));

  test("a template, whatever stands beside its expressions", () => {
    fc.assert(fc.property(fc.array(fc.oneof(wild, fc.constant({ code: "x" })), { maxLength: 5 }), (parts) => {
      expect(value(template(parts))).toBe(parts.map((part) => (typeof part === "string" ? part : "(x)")).join(""));
    }), { numRuns: 1_000 });
  });

  test("the name of a property", () => {
    fc.assert(fc.property(fc.oneof(wild, fc.constantFrom("__proto__", "constructor", "a-b")), (name) => {
      const made = value(`({ ${key(name)}: 1 })`) as object;
      expect([Object.getPrototypeOf(made), Object.entries(made)]).toEqual([Object.prototype, [[name, 1]]]);
    }));
  });

  test("a comment stays on its line, and open", () => {
    fc.assert(fc.property(wild, (text) => void expect(value(`(/* ${comment(text)} */ // ${comment(text)}\n 1)`)).toBe(1)));
  });
});

test("what is too long for its line is broken, the last argument first", () => {
  const long: Code = object(Array.from({ length: 12 }, (_, n) => `name${n}: ${n}`));
  expect(lines([["await ", call("shop.post", ['"/x"', long]), ";"]], "  ")).toBe(
    `  await shop.post("/x", {\n${Array.from({ length: 12 }, (_, n) => `    name${n}: ${n},\n`).join("")}  });\n`,
  );
  expect(lines([["f(", list([]), ", ", object([]), ")"]])).toBe("f([], {})\n");
  const text = lines([{ head: "const a = journey(() => {", body: [["await ", call("a", [long, long])]], tail: "});" }]);
  expect(text.split("\n").every((line) => line.length <= 120)).toBe(true);
});
