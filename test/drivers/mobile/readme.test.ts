import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { app, root } from "./world.ts";

test("the README's example runs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-mobile-"));
  try {
    const code = /^```ts\n([\s\S]*?)^```$/m.exec(readFileSync(join(root, "drivers/mobile/README.md"), "utf8"))![1]!;
    const file = join(folder, "order.ts");
    writeFileSync(file, code.replace('"seatrial"', JSON.stringify(join(root, "src/index.ts"))).replace('"seatrial/mobile"', JSON.stringify(join(root, "drivers/mobile/index.ts"))).replace('"shop.xml"', JSON.stringify(app)));
    const run = spawn(process.execPath, ["--no-warnings", join(root, "src/cli/main.ts"), "run", file, "--out", join(folder, "out")], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    run.stdout.on("data", (chunk) => (said += chunk));
    run.stderr.on("data", (chunk) => (said += chunk));
    const status = await new Promise((resolve) => run.once("close", resolve));
    // On a busy machine nobody vouches for the generator's times: unsure, and no failure.
    expect(`${status}\n${said}`).toMatch(/^[02]\n/);
    expect(said).toMatch(/tap "Buy" +2 .* 0% /);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 90_000);
