import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Every TypeScript example of a README or a page of docs, with the file and line it begins at. */
const examples = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*README.md", "docs/*.md"], { cwd: root, encoding: "utf8" })
  .trim()
  .split("\n")
  .flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8");
    return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({ place: `${file}:${text.slice(0, match.index).split("\n").length}`, code: match[1]! }));
  });

let folder: string;
const fileOf = (index: number) => `example-${index}.ts`;
let said = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seatrial-docs-"));
  examples.forEach(({ code }, index) => writeFileSync(join(folder, fileOf(index)), `${code}\nexport {};\n`));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const paths = { seatrial: [join(root, "src/index.ts")], "seatrial/reports": [join(root, "reports/index.ts")], "seatrial/*": [join(root, "drivers/*/index.ts")] };
  const options = { extends: join(root, "tsconfig.json"), compilerOptions: { paths, noUnusedLocals: false, typeRoots: [join(root, "node_modules/@types")] }, include: [join(folder, "*.ts")] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
  said = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", folder, "--pretty", "false"], { encoding: "utf8" }).stdout;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("examples in READMEs and docs", () => {
  test("are found", () => expect(examples.length).toBeGreaterThanOrEqual(2));

  test.each(examples.map(({ place }, index) => [place, index] as const))("%s type-checks", (_, index) => {
    expect(said.split("\n").filter((line) => line.includes(fileOf(index)))).toEqual([]);
  });

  const scenarios = examples.map((example, index) => ({ ...example, index })).filter(({ code }) => code.includes("export default scenario("));
  test.each(scenarios.map(({ place, index }) => [place, index] as const))("%s can be planned", (_, index) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--no-warnings", join(root, "src/cli/main.ts"), "plan", join(folder, fileOf(index))], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/in budget|budget/);
    expect(status).toBe(0);
  });
});

test("every verb of the command line stands in the README, and no other", () => {
  const main = spawnSync(process.execPath, ["--no-warnings", join(root, "src/cli/main.ts"), "--help"], { encoding: "utf8" }).stdout;
  const verbs = [...main.matchAll(/^ {2}(\w+)(?= |$)/gm)].map(([, verb]) => verb!).filter((verb) => verb !== "help");
  const told = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/^\| `seatrial (\w+)/gm)].map(([, verb]) => verb!);
  expect([...new Set(told)].sort()).toEqual([...new Set(verbs)].sort());
});
