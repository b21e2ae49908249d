import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = "test/fixtures/compile";

/** Files of mistakes; all others have none. */
const wrong = readdirSync(`${root}${folder}`).filter((file) => /(^|-)bad\.ts$/.test(file));
const isWrong = (file: string) => wrong.some((one) => file.endsWith(`/${one}`));

/** `//! /pattern/` at the end of a line: the error that the compiler must give there. */
const expected = wrong.flatMap((file) =>
  readFileSync(`${root}${folder}/${file}`, "utf8")
    .split("\n")
    .flatMap((text, index) => {
      const pattern = /\/\/! \/(.+)\/$/.exec(text)?.[1];
      return pattern === undefined ? [] : [{ file, line: index + 1, pattern: new RegExp(pattern), text: text.trim() }];
    }),
);

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
}, 300_000);

test("the good scenarios compile", () => {
  expect(errors.filter(({ file }) => !isWrong(file))).toEqual([]);
});

test.each(expected.map((one) => [one.text.slice(0, 100), one] as const))("%s", (_, { file, line, pattern }) => {
  const found = errors.filter((error) => error.file.endsWith(`/${file}`) && error.line === line);
  expect(found, "one mistake, one error").toHaveLength(1);
  expect(found[0]!.text).toMatch(pattern);
});

test("no other line has an error", () => {
  const lines = new Set(expected.map(({ file, line }) => `/${file}:${line}`));
  expect(errors.filter(({ file, line }) => isWrong(file) && ![...lines].some((one) => `${file}:${line}`.endsWith(one)))).toEqual([]);
});
