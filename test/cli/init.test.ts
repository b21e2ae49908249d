import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { init } from "../../src/cli/init.ts";

const run = promisify(execFile);
const firstScenario = "seatrial.scenario.ts";
const root = fileURLToPath(new URL("../../", import.meta.url));

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "seatrial-init-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = (file: string) => readFile(join(folder, file), "utf8");

test("an empty folder gets a scenario, its server and a package.json", async () => {
  expect(await init(join(folder, "deep", "er"))).toEqual([
    "written    seatrial.scenario.ts", "written    server.mjs", "written    package.json",
    "then: npm install && npx seatrial run seatrial.scenario.ts",
  ]);
  expect((await readdir(join(folder, "deep", "er"))).sort()).toEqual(["package.json", firstScenario, "server.mjs"]);
});

test("nothing that is there is overwritten", async () => {
  await writeFile(join(folder, firstScenario), "mine");
  const mine = '{\n    "name": "mine",\n    "type": "commonjs",\n    "scripts": { "trial": "my own" },\n    "devDependencies": { "a": "1" }\n}\n';
  await writeFile(join(folder, "package.json"), mine);
  expect((await init(folder)).slice(0, 3)).toEqual(["kept       seatrial.scenario.ts", "written    server.mjs", "completed  package.json"]);
  expect(await read(firstScenario)).toBe("mine");
  const manifest = JSON.parse(await read("package.json"));
  expect(manifest).toMatchObject({ name: "mine", type: "commonjs", scripts: { trial: "my own" }, devDependencies: { a: "1", seatrial: expect.any(String) } });
  expect(await read("package.json")).toMatch(/^ {4}"name"/m);
  expect((await init(folder)).filter((line) => line.startsWith("kept"))).toHaveLength(3);
});

test("a broken package.json is told, not replaced", async () => {
  await writeFile(join(folder, "package.json"), "{ broken");
  await expect(init(folder)).rejects.toMatchObject({ code: "SEA_INIT_MANIFEST" });
  expect(await read("package.json")).toBe("{ broken");
});

test("the first scenario type-checks and runs as it is", async () => {
  await init(folder);
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      types: ["node"], typeRoots: [join(root, "node_modules/@types")],
      paths: { seatrial: [join(root, "src/index.ts")], "seatrial/*": [join(root, "drivers/*/index.ts")] },
    },
    include: ["*.ts"], exclude: [],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  await run(join(root, "node_modules/.bin/tsc"), ["-p", folder]).catch((error: { stdout: string }) => expect.unreachable(error.stdout));

  const { stdout } = await run(process.execPath, [join(root, "src/cli/main.ts"), "run", firstScenario], { cwd: folder, timeout: 60_000 }).catch(
    (error: { stdout: string; stderr: string }) => expect.unreachable(error.stdout + error.stderr),
  );
  expect(stdout).toMatch(/pass/i);
  expect(existsSync(join(folder, "seatrial-runs"))).toBe(true);
}, 90_000);
