import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

// Module hooks and Node's own errors only mean something in a real Node, so each file is loaded
// by one: vitest has a loader of its own.
const load = new URL("../../src/cli/load.ts", import.meta.url).href;
const errors = new URL("../../src/units/errors.ts", import.meta.url).href;
const runner = `
  import { loadScenario, loadDefault } from ${JSON.stringify(load)};
  import { sayError } from ${JSON.stringify(errors)};
  const answers = {};
  for (const file of process.argv.slice(1)) {
    try {
      const value = await (file.endsWith(".json") ? loadDefault : loadScenario)(file);
      answers[file] = "loaded " + (value.name ?? JSON.stringify(value));
    } catch (error) {
      answers[file] = sayError(error);
    }
  }
  console.log(JSON.stringify(answers));
`;

const walk = 'journeys: { a: journey({}, async () => {}) }, phases: [{ name: "p", load: { a: times(1) } }]';
const files = {
  "lib.ts": 'export const name: string = "lib";\n',
  "folder/index.ts": 'export const deep: string = "deep";\n',
  "good.ts": `import { scenario, journey, times } from "seatrial";\nimport { name } from "./lib";\nimport { name as same } from "./lib.js";\nimport { deep } from "./folder";\nexport default scenario({ name: [name, same, deep].join("+"), ${walk} });\n`,
  "plain.mjs": `import { scenario, journey, times } from "seatrial";\nexport default scenario({ name: "plain", ${walk} });\n`,
  "budget.json": '{ "all": { "p95": "1s" } }',
  "no-default.ts": "export const a = 1;\n",
  "no-scenario.ts": "export default { name: 1 };\n",
  "syntax.ts": "const a = 1;\n\nconst = 3;\nexport default a;\n",
  "syntax.mjs": "const a = 1;\n\nconst = 3;\nexport default a;\n",
  "enum.ts": "\nenum Colour { Red }\nexport default Colour;\n",
  "package.ts": '\nimport x from "left-pad/inner";\nexport default x;\n',
  "scoped.ts": 'import x from "@some/thing/inner";\nexport default x;\n',
  "import.ts": 'import x from "./nowhere.ts";\nexport default x;\n',
  "nested.ts": 'import x from "./package";\nexport default x;\n',
  "name.ts": 'import { nope } from "seatrial";\nexport default nope;\n',
  "door.ts": 'import { nope } from "seatrial/nope";\nexport default nope;\n',
  "thrown.ts": '\n\nthrow new TypeError("boom\\nand more");\n',
  "unit.ts": 'import { between } from "seatrial";\nexport default between("1 s" as "1s", "2s");\n',
  "commonjs.js": "export default 1;\n",
};

const expected: Record<string, RegExp> = {
  "good.ts": /^loaded lib\+lib\+deep$/,
  "plain.mjs": /^loaded plain$/,
  "budget.json": /^loaded \{"all":\{"p95":"1s"\}\}$/,
  "missing.ts": /^SEA_LOAD_FILE at missing\.ts: /,
  "no-default.ts": /^SEA_LOAD_DEFAULT at no-default\.ts: .*export default scenario/,
  "no-scenario.ts": /^SEA_LOAD_SCENARIO at no-scenario\.ts: .*an object/,
  "syntax.ts": /^SEA_LOAD_SYNTAX at syntax\.ts:3: /,
  "syntax.mjs": /^SEA_LOAD_SYNTAX at syntax\.mjs:3: /,
  "enum.ts": /^SEA_LOAD_TYPESCRIPT at enum\.ts:2: .*enum.*erasable/,
  "package.ts": /^SEA_LOAD_PACKAGE at package\.ts: .*left-pad is not installed \(npm install --save-dev left-pad\)$/,
  "scoped.ts": /^SEA_LOAD_PACKAGE at scoped\.ts: .*npm install --save-dev @some\/thing\)$/,
  "import.ts": /^SEA_LOAD_IMPORT at import\.ts: .*nowhere\.ts/,
  "nested.ts": /^SEA_LOAD_PACKAGE at package\.ts: /,
  "name.ts": /^SEA_LOAD_NAME at name\.ts:1: .*'nope'/,
  "door.ts": /^SEA_LOAD_DOOR at door\.ts: .*seatrial\/nope/,
  "thrown.ts": /^SEA_LOAD_THROWN at thrown\.ts:3: .*TypeError: boom \(/,
  "unit.ts": /^SEA_UNIT_DURATION at unit\.ts between: '1 s'/,
  "commonjs.js": /^SEA_LOAD_SYNTAX at commonjs\.js:1: .*"type": "module"/,
};

let folder: string;
let answers: Record<string, string>;
let stderr: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "seatrial-load-"));
  await mkdir(join(folder, "folder"));
  // The worst case: npm init says commonjs, and Node would refuse `import` in a .ts file.
  await writeFile(join(folder, "package.json"), '{ "type": "commonjs" }');
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const { stdout, stderr: told } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", runner, ...Object.keys(expected)], { cwd: folder });
  answers = JSON.parse(stdout) as Record<string, string>;
  stderr = told;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(Object.entries(expected))("%s", (file, answer) => {
  expect(answers[file]).toMatch(answer);
});

test("nobody hears of experiments", () => {
  expect(stderr).not.toMatch(/experimental/i);
});

test("only the expected experiments are hushed", async () => {
  const hush = new URL("../../src/cli/hush.ts", import.meta.url).href;
  const code = `
    import { hushExperiments } from ${JSON.stringify(hush)};
    hushExperiments();
    process.emitWarning("SQLite is an experimental feature", "ExperimentalWarning");
    process.emitWarning("Type Stripping is an experimental feature", "ExperimentalWarning");
    process.emitWarning("teleporting is an experimental feature", "ExperimentalWarning");
    process.emitWarning("sqlite is slow today");
  `;
  const { stderr: told } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code]);
  expect(told).not.toMatch(/SQLite is an|Type Stripping/);
  expect(told).toMatch(/teleporting/);
  expect(told).toMatch(/sqlite is slow today/);
});
