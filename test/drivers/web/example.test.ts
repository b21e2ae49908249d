import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { withShops } from "../../scenarios/shop/shop.ts";

const inRoot = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** Runs the README's example as its reader would, with `change` made to it. */
async function sail(change: (code: string) => string): Promise<{ readonly code: number; readonly told: string; readonly lines: readonly any[]; readonly report: string }> {
  const [, example = ""] = /^```ts\n([\s\S]*?)^```$/m.exec(await readFile(inRoot("drivers/web/README.md"), "utf8")) ?? [];
  const folder = await mkdtemp(join(tmpdir(), "seatrial-web-"));
  try {
    let told = { code: 0, told: "" };
    await withShops(1, async ([shop]) => {
      await writeFile(join(folder, "scenario.ts"), change(example.replace("http://127.0.0.1:8080", shop!.url)));
      told = await new Promise((resolve) => {
        execFile(process.execPath, ["--no-warnings", inRoot("src/cli/main.ts"), "run", "scenario.ts", "--out", "run", "--report", "html"], { cwd: folder, timeout: 60_000 }, (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), told: stdout + stderr }));
      });
    });
    const lines = (await readFile(join(folder, "run/ledger.ndjson"), "utf8")).trim().split("\n").map((line) => JSON.parse(line));
    const report = await readFile(join(folder, "run/index.html"), "utf8");
    return { ...told, lines, report };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("the README's example passes, its steps and vitals in the ledger", async () => {
  const { code, told, lines } = await sail((example) => example);
  // On a machine that is busy with something else the generator was late: that is told, and is no failure.
  expect([0, 2], told).toContain(code);
  expect(lines.filter(({ k }) => k === "fail")).toEqual([]);
  const series = lines.filter(({ k }) => k === "series").map(({ type, step }) => `${type} ${step}`);
  expect(series).toEqual(expect.arrayContaining(["op goto /", "group order", 'op order › click button "Order"', "op order › expect status", "op expect url", "measure browser wait", "measure LCP of /"]));
  expect(series.filter((one) => one.startsWith("measure TTFB")).sort()).toEqual(["measure TTFB of /", "measure TTFB of /orders/:id"]);
}, 90_000);

test("a failure's files lie beside the ledger, and the ledger and the report name them", async () => {
  const { code, lines, report } = await sail((example) => example.replace('"Back to the shop"', '"Forth"').replace("times(2)", "times(1)").replace("web({", 'web({ timeout: "2s",'));
  expect(code).toBe(1);
  const { artifacts } = lines.find(({ k }) => k === "fail");
  expect(artifacts.map(({ name }: { name: string }) => name)).toEqual(["screenshot", "console and network", "accessibility tree"]);
  for (const { path } of artifacts) expect(report).toContain(`href="${encodeURI(path)}"`);
}, 90_000);
