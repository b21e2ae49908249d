import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { serveRaw } from "./worlds.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Runs a script in a process of its own; it must end by itself. Answers the packages that it had loaded at each `mark`. */
async function run(script: string, ...args: string[]): Promise<Record<string, string[]>> {
  const frame = `
    import { registerHooks } from "node:module";
    const packages = new Set();
    registerHooks({ resolve(specifier, context, next) {
      const answer = next(specifier, context);
      const name = /node_modules\\/([^/]+)/.exec(answer.url)?.[1];
      if (name) packages.add(name);
      if (/^node:(net|tls|http|https|http2|dgram)$/.test(answer.url)) packages.add(answer.url);
      return answer;
    } });
    const marks = {};
    const mark = (name) => { marks[name] = [...packages].sort(); };
    const { http } = await import("./drivers/http/index.ts");
    const { Mask } = await import("./src/mask/mask.ts");
    const { realClock } = await import("./src/units/clock.ts");
    const user = (more) => ({ record: { op() {} }, mask: new Mask(), clock: realClock(), signal: new AbortController().signal, service: () => "http://shop.sim", simulated: undefined, ...more });
    ${script}
    console.log(JSON.stringify(marks));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", frame, "--", ...args], { cwd: root, timeout: 10_000 });
  return JSON.parse(stdout) as Record<string, string[]>;
}

describe("in a process of its own", () => {
  test("importing the door and making a driver loads no package, rehearsing none that reaches the network", async () => {
    const marks = await run(`
      const driver = http({ service: "shop" });
      mark("made");
      const session = await driver.open(user({ simulated: { request: async () => ({ status: 200, headers: { "set-cookie": "a=b" }, body: {} }) } }));
      await session.get("/items");
      mark("rehearsed");
      const real = await driver.open(user());
      mark("opened");
      await Promise.all([driver.close(session), driver.close(real)]);
    `);
    expect(marks["made"]).toEqual([]);
    expect(marks["rehearsed"]).toContain("tough-cookie");
    expect(marks["rehearsed"]!.filter((name) => name === "undici" || name.startsWith("node:"))).toEqual([]);
    expect(marks["opened"]).toContain("node:net");
    expect(marks["opened"]).not.toContain("undici");
  });

  test("after close nothing keeps the process: not a hanging request, not a time-out, not a connection", async () => {
    const world = await serveRaw((socket) => socket.resume());
    await run(
      `
      const driver = http({ base: process.argv.at(-1), timeout: "1h", connections: 1 });
      const session = await driver.open(user());
      const hanging = [session.get("/"), session.get("/waiting"), session.get("https://127.0.0.1:" + new URL(process.argv.at(-1)).port + "/")];
      await new Promise((resolve) => setTimeout(resolve, 100));
      await driver.close(session);
      await Promise.allSettled(hanging);
      mark("closed");
    `,
      world.base,
    );
    expect(world.connections()).toBe(2);
  });
});
