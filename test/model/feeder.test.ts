import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { csv } from "../../src/index.ts";

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-feeder-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "users.csv");
  writeFileSync(file, text);
  return file;
}

test.each([
  ["the first line names the columns", 'name,word\nann,a\n"b,ob",b\n', {}],
  ["the columns are named elsewhere", 'ann,a\n"b,ob",b\n', { columns: ["name", "word"] }],
  ["another delimiter", "name;word\nann;a\nb,ob;b\n", { delimiter: ";" }],
  ["a byte order mark and empty lines", '\uFEFFname,word\n\nann,a\n"b,ob",b\n\n', {}],
] as const)("%s", async (_, text, options) => {
  expect(await csv(fileOf(text), options).rows()).toEqual([{ name: "ann", word: "a" }, { name: "b,ob", word: "b" }]);
});

test("a row that does not fit the columns is refused, and a file that is not there named", async () => {
  await expect(csv(fileOf("ann,a,x\n"), { columns: ["name", "word"] }).rows()).rejects.toMatchObject({ code: "SEA_FEED_FORM" });
  await expect(csv("/nowhere.csv").rows()).rejects.toMatchObject({ code: "SEA_FEED_FILE" });
});
