import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { manifestFlaws, stormKinds } from "../../../../drivers/kubernetes/chaos/checks/manifest.ts";
import { shapeFlaws } from "../../../../drivers/kubernetes/chaos/checks/shape.ts";
import { places, shapes } from "../../../../drivers/kubernetes/chaos/shapes.ts";
import { describeWith } from "../../../needs.ts";
import { examplesOf, wrongExamples, type Example } from "./examples.ts";
import { chaosFiles, moduleFolder } from "./types.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const module = moduleFolder();

describeWith("the module of Chaos Mesh", module !== undefined, "install Go, and let it reach a module proxy", "the types of Chaos Mesh", () => {
  test.each(module === undefined ? [] : [...chaosFiles(module)])("%s is as its definitions say", (path, text) => {
    expect(readFileSync(join(root, path), "utf8"), "run npm run chaos-types").toBe(text);
  });

  const examples = module === undefined ? [] : examplesOf(module);
  const fine = examples.filter(({ file }) => !(file in wrongExamples));
  const storms = fine.filter(({ manifest }) => stormKinds.includes(manifest.kind));
  const others = fine.filter(({ manifest }) => !stormKinds.includes(manifest.kind));
  const sayFlaw = ({ place, message }: { readonly place: string | undefined; readonly message: string }) => `${place}: ${message}`;

  test("its examples are found, of most kinds", () => {
    expect(storms.length).toBeGreaterThan(35);
    expect(new Set(storms.map(({ manifest }) => manifest.kind)).size).toBeGreaterThanOrEqual(10);
  });

  test.each(storms.map((one) => [one.file, one] as const))("plan finds nothing wrong with %s", (_, { manifest }) => {
    expect(manifestFlaws(manifest, "fault").map(sayFlaw)).toEqual([]);
  });

  test.each(Object.entries(wrongExamples))("%s is wrong, and refused", (file, flaw) => {
    const { manifest } = examples.find((one) => one.file === file)!;
    const flaws = stormKinds.includes(manifest.kind) ? manifestFlaws(manifest, "fault") : shapeFlaws(places[manifest.kind as keyof typeof places].spec, manifest.spec, "spec");
    expect(flaws.map(sayFlaw)).toContain(flaw);
  });

  test.each(others.map((one) => [one.file, one] as const))("the shape of %s is known", (_, { manifest }) => {
    expect(shapeFlaws(places[manifest.kind as keyof typeof places].spec, manifest.spec, "spec")).toEqual([]);
  });

  describe("its examples type-check", () => {
    let folder: string;
    let said = "";
    const fileOf = (index: number) => `example-${index}.ts`;
    const codeOf = ({ manifest }: Example) =>
      stormKinds.includes(manifest.kind)
        ? `import { chaosMesh } from "seatrial/kubernetes";\nchaosMesh(${JSON.stringify(manifest)});\n`
        : `import type { Kinds } from "kinds";\nexport const spec: Kinds["${manifest.kind}"]["spec"] = ${JSON.stringify(manifest.spec)};\n`;

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "seatrial-chaos-"));
      examples.forEach((example, index) => writeFileSync(join(folder, fileOf(index)), codeOf(example)));
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
      const paths = { kinds: [join(root, "drivers/kubernetes/chaos/kinds.ts")], seatrial: [join(root, "src/index.ts")], "seatrial/*": [join(root, "drivers/*/index.ts")] };
      const options = { extends: join(root, "tsconfig.json"), compilerOptions: { paths, typeRoots: [join(root, "node_modules/@types")] }, include: [join(folder, "*.ts")] };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
      said = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", folder, "--pretty", "false"], { encoding: "utf8" }).stdout;
    }, 300_000);
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test.each(examples.map(({ file }, index) => [file, index] as const))("%s, where it is right", (file, index) => {
      expect(said.split("\n").filter((line) => line.includes(fileOf(index)))).toHaveLength(file in wrongExamples ? 1 : 0);
    });
  });
});

test("every shape that a shape names is there", () => {
  const named = Object.values(shapes).flatMap((shape) => Object.values(shape).flatMap((text) => /@(\w+)/.exec(text)?.[1] ?? []));
  expect([...new Set(named)].filter((name) => !(name in shapes))).toEqual([]);
  expect(Object.values(places).map(({ spec }) => spec).filter((name) => !(name in shapes))).toEqual([]);
});
