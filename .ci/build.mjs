/** Builds the published package into dist/: JavaScript, types, and the files beside them that a run reads. */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
const { status } = spawnSync("tsc", ["-p", "src/tsconfig.json"], { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
if (status !== 0) process.exit(status ?? 1);

// tsc turns ./x.ts into ./x.js in JavaScript, and leaves it in declarations.
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.name.endsWith(".d.ts")) continue;
  const path = join(entry.parentPath, entry.name);
  writeFileSync(path, readFileSync(path, "utf8").replace(/((?:from|import)\s*\(?\s*"\.{1,2}\/[^"]+)\.ts"/g, '$1.js"'));
}

for (const room of ["src", "drivers", "reports"]) {
  for (const entry of readdirSync(join(root, room), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isAsset = entry.isFile() && ![".ts", ".md"].includes(extname(path)) && entry.name !== "tsconfig.json";
    if (isAsset) cpSync(path, join(dist, relative(root, path)));
  }
}

const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
for (const file of Object.values(bin)) {
  const path = join(root, file);
  const text = readFileSync(path, "utf8");
  if (!text.startsWith("#!")) writeFileSync(path, `#!/usr/bin/env node\n${text}`);
  chmodSync(path, 0o755);
}
