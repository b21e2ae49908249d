import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const execute = promisify(execFile);
const root = new URL("../../", import.meta.url);

/** Everything that a fresh process loads for an import, as paths in the repository: what Node does, not what a reading of the source says. */
async function loadedBy(file: string): Promise<string[]> {
  const program = `
    import { registerHooks } from "node:module";
    const urls = [];
    registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
    await import(process.argv[1]);
    process.stdout.write(JSON.stringify(urls));`;
  const { stdout } = await execute(process.execPath, ["--no-warnings", "--input-type=module", "-e", program, pathToFileURL(file).href]);
  return (JSON.parse(stdout) as string[]).filter((url) => url.startsWith("file:")).map((url) => url.slice(root.href.length));
}

const { exports } = JSON.parse(await readFile(new URL("package.json", root), "utf8")) as { exports: Record<string, string | { readonly default: string }> };
const doors = Object.entries(exports).flatMap(([door, target]) =>
  typeof target === "string" ? [] : [[door, target.default.replace("./dist/", "").replace(/\.js$/, ".ts")] as const],
);

test.each(doors)("importing %s loads no package", async (_, file) => {
  const loaded = await loadedBy(fileURLToPath(new URL(file, root)));
  expect(loaded).toContain(file);
  expect(loaded.filter((path) => path.includes("node_modules/"))).toEqual([]);
});

test("importing seatrial loads no driver, no report, and nothing that plays", async () => {
  const loaded = await loadedBy(fileURLToPath(new URL("src/index.ts", root)));
  expect(loaded.filter((path) => /^(drivers|reports|src\/(play|sim|fleet|cli))\//.test(path))).toEqual([]);
});
