import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

test.each([
  ["ec2", "client-ec2", "machines.ts", '.ec2({ region: "eu-central-1" }).state(node)', undefined],
  ["a profile", "credential-providers", "machines.ts", '.ec2({ region: "eu-central-1", profile: "staging" }).state(node)', "client-ec2"],
  ["FIS", "client-fis", "experiment.ts", '.findExperiment((await import("./client.ts")).clientsOf({ region: "eu-central-1" }), "token")', undefined],
])("without its package, %s names the command that brings %s", (_, name, file, call, there) => {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-bare-"));
  try {
    for (const part of ["drivers/kubernetes", "src/units", "src/model", "src/faults", "package.json"]) cpSync(join(root, part), join(folder, part), { recursive: true });
    // A package of its own, so that it and no other is found.
    if (there !== undefined) execFileSync(process.execPath, ["-e", `
      const fs = require("node:fs"); const home = "node_modules/@aws-sdk/${there}"; fs.mkdirSync(home, { recursive: true });
      fs.writeFileSync(home + "/package.json", JSON.stringify({ name: "@aws-sdk/${there}", main: "index.js" })); fs.writeFileSync(home + "/index.js", "");
    `], { cwd: folder });
    const door = pathToFileURL(join(folder, "drivers/kubernetes/aws", file)).href;
    const program = `
      const node = { name: "node-1", providerID: "aws:///eu-central-1a/i-0123456789abcdef0", addresses: [] };
      await (await import(${JSON.stringify(door)}))${call.replace('"./client.ts"', JSON.stringify(new URL("client.ts", door).href))}.catch((error) => console.log(error.code + "|" + error.hint));
    `;
    const said = execFileSync(process.execPath, ["--no-warnings", "--input-type=module", "-e", program], { cwd: folder, encoding: "utf8" });
    expect(said.trim()).toBe(`SEA_AWS_PACKAGE|npm install --save-dev @aws-sdk/${name}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
