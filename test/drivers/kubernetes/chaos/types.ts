/**
 * Writes drivers/kubernetes/chaos/kinds.ts and shapes.ts from the custom resource definitions of
 * Chaos Mesh, as its Go module brings them: `npm run chaos-types`. A test holds them equal.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { named, type Schema } from "./named.ts";
import { shapesPage, typesPage } from "./pages.ts";

/** The newest that the module proxy has; its v2 tags are not to be had as modules. */
const module = "github.com/chaos-mesh/chaos-mesh";
const version = "v0.9.1-0.20260902003049-47411975a8cb";

interface Definition {
  readonly spec: {
    readonly names: { readonly kind: string; readonly plural: string };
    readonly scope: "Namespaced" | "Cluster";
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

/** The folder of the unpacked module; undefined where there is no Go or no proxy. */
export function moduleFolder(): string | undefined {
  const { status, stdout } = spawnSync("go", ["mod", "download", "-json", `${module}@${version}`], {
    cwd: tmpdir(), encoding: "utf8", timeout: 120_000, env: { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-mod=mod" },
  });
  return status === 0 ? (JSON.parse(stdout) as { Dir: string }).Dir : undefined;
}

/** Both files as they should be, by path. */
export function chaosFiles(folder: string): ReadonlyMap<string, string> {
  const bases = join(folder, "config/crd/bases");
  const kinds = readdirSync(bases)
    .map((file) => (parse(readFileSync(join(bases, file), "utf8")) as Definition).spec)
    .map(({ names, scope, versions }) => ({ kind: names.kind, plural: names.plural, namespaced: scope === "Namespaced", schema: versions.find(({ name }) => name === "v1alpha1")!.schema.openAPIV3Schema }));
  const model = named(kinds);
  const head = `// Made from the custom resource definitions of ${module} ${version}\n// by \`npm run chaos-types\`: don't edit it.\n`;
  return new Map([
    ["drivers/kubernetes/chaos/kinds.ts", head + typesPage(model)],
    ["drivers/kubernetes/chaos/shapes.ts", head + shapesPage(model)],
  ]);
}

if (import.meta.main) {
  const folder = moduleFolder();
  if (folder === undefined) throw new Error(`${module}@${version} can't be had: Go and a module proxy are needed`);
  for (const [path, text] of chaosFiles(folder)) writeFileSync(new URL(`../../../../${path}`, import.meta.url), text);
}
