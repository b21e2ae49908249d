import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { ask, run, until } from "./machine/command.ts";
import { underLock } from "./machine/lock.ts";

const folder = mkdtempSync(join(tmpdir(), "seatrial-lock-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.runIf(process.platform === "linux")("a lock", () => {
  test("lets one in at a time, and says when somebody waits", async () => {
    const file = join(folder, "one");
    let inside = 0;
    let most = 0;
    let open = () => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await gate;
      inside -= 1;
    };
    let waited = 0;
    const all = [1, 2, 3].map(() => underLock(file, work, () => void (waited += 1)));
    await until("two who wait", 20_000, () => waited === 2);
    open();
    await Promise.all(all);
    expect(most).toBe(1);
  });

  test("is let go of by work that fails, and answers what work answers", async () => {
    const file = join(folder, "two");
    await expect(underLock(file, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await underLock(file, async () => 7)).toBe(7);
  });

  test("is let go of by a holder that is killed with -9", async () => {
    const file = join(folder, "three");
    const script = `import { underLock } from ${JSON.stringify(fileURLToPath(new URL("machine/lock.ts", import.meta.url)))};
      await underLock(${JSON.stringify(file)}, () => new Promise(() => { console.log("in"); setInterval(() => {}, 1000); }));`;
    const holder = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    await once(holder.stdout, "data");
    let waits = false;
    let entered = false;
    const next = underLock(file, async () => void (entered = true), () => void (waits = true));
    await until("one who waits", 20_000, () => waits);
    expect(entered).toBe(false);
    holder.kill("SIGKILL");
    await next;
    expect(entered).toBe(true);
  });
});

describe("commands", () => {
  test("answer with code, output and input", async () => {
    expect(await ask(["sh", "-c", "cat; echo no >&2; exit 3"], { input: "yes" })).toEqual({ code: 3, out: "yes", err: "no\n" });
    expect(await ask(["there-is-no-such-program"])).toMatchObject({ code: 127 });
    await expect(run(["sh", "-c", "echo why >&2; exit 1"])).rejects.toThrow(/code 1: why/);
  });

  test("that take too long are killed", async () => expect(await ask(["sleep", "60"], { limitMs: 50 })).toMatchObject({ code: 124 }));

  test("a wait names what it waited for at its end", async () => await expect(until(() => "the tide", 1, () => false)).rejects.toThrow(/^the tide: not within/));
});
