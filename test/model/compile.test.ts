import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = "test/fixtures/compile";

/** `//! /pattern/` at the end of a line: the error that the compiler must give there. */
const expected = readFileSync(`${root}${folder}/bad.ts`, "utf8")
  .split("\n")
  .flatMap((text, index) => {
    const pattern = /\/\/! \/(.+)\/$/.exec(text)?.[1];
    return pattern === undefined ? [] : [{ line: index + 1, pattern: new RegExp(pattern), text: text.trim() }];
  });

interface CompileError {
  readonly file: string;
  readonly line: number;
  text: string;
}

const errors: CompileError[] = [];

beforeAll(() => {
  const { stdout, error } = spawnSync(`${root}node_modules/.bin/tsc`, ["-p", folder, "--pretty", "false"], { cwd: root, encoding: "utf8" });
  if (error) throw error;
  for (const text of stdout.split("\n").filter(Boolean)) {
    const [, file, line] = /^(.+?)\((\d+),\d+\): error /.exec(text) ?? [];
    if (file !== undefined) errors.push({ file, line: Number(line), text });
    else if (errors.length > 0) errors.at(-1)!.text += `\n${text}`;
    else throw new Error(`tsc said: ${text}`);
  }
});

test("the good scenarios compile", () => {
  expect(errors.filter(({ file }) => !file.endsWith("/bad.ts"))).toEqual([]);
});

test.each(expected.map((one) => [one.text.slice(0, 100), one] as const))("%s", (_, { line, pattern }) => {
  const found = errors.filter((error) => error.file.endsWith("/bad.ts") && error.line === line);
  expect(found, "one mistake, one error").toHaveLength(1);
  expect(found[0]!.text).toMatch(pattern);
});

test("no other line has an error", () => {
  const lines = new Set(expected.map(({ line }) => line));
  expect(errors.filter(({ file, line }) => file.endsWith("/bad.ts") && !lines.has(line))).toEqual([]);
});
