/** Every row of the tables in docs has a test of its name, and every such test has a row. */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const here = fileURLToPath(new URL("./", import.meta.url));
const plain = (cell: string) => cell.replaceAll("`", "").replaceAll("\\|", "|").trim();

/** First cells of the tables, but for those under a heading that says that nothing was taken over. */
function rowsOf(tool: string): string[] {
  const text = readFileSync(`${here}../../docs/${tool}.md`, "utf8");
  return text.split(/^## /m).filter((part) => !part.startsWith("Not taken over")).flatMap((part) =>
    part.split("\n").filter((line) => line.startsWith("| ")).slice(1).map((line) => plain(line.split(/(?<!\\)\|/)[1]!)));
}

function testsOf(tool: string): string[] {
  return readdirSync(`${here}${tool}`).flatMap((file) =>
    [...readFileSync(`${here}${tool}/${file}`, "utf8").matchAll(/^ *row\((["'`])(.*?)\1, /gm)].map(([, , name]) => name!));
}

describe.each(["locust", "k6", "artillery"])("docs/%s.md", (tool) => {
  test("has rows", () => expect(rowsOf(tool).length).toBeGreaterThan(20));
  test("each has a test, and no test is without its row", () => expect(testsOf(tool).sort()).toEqual(rowsOf(tool).sort()));
});
