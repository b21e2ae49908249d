/** Beds of its own, broken in every way, and what is left of them. */
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { bedOf, nodeOf } from "../world/kubernetes/bed.ts";
import { call } from "../world/kubernetes/control/call.ts";
import { controlParts, partPid } from "../world/kubernetes/control/plane.ts";
import { foldersOf, groupPids } from "../world/kubernetes/machine/cgroups.ts";
import { pause, until } from "../world/kubernetes/machine/command.ts";
import { inside } from "../world/kubernetes/machine/network.ts";
import { programOf, programs, stateOf } from "../world/kubernetes/node/node.ts";
import { beds, down, up } from "../world/kubernetes/testbed.ts";
import { describeInBed } from "./bed.ts";
import { networks, traces } from "./traces.ts";
import { deploy } from "./workload.ts";

const name = `t-${process.pid}`;
const other = `u-${process.pid}`;
const main = fileURLToPath(new URL("../world/kubernetes/main.ts", import.meta.url));
const kill = (pid: number | undefined) => pid !== undefined && process.kill(pid, "SIGKILL");

describeInBed("a bed that is taken down", () => {
  afterEach(async () => {
    await down(name);
    await down(other);
  });

  test("leaves nothing, whatever was killed in it with -9", async () => {
    const bed = await up(name, { nodes: 2 });
    await deploy(bed, { name: "left", replicas: 3, nodePort: 30_190 });
    // Somebody's load, in the bed's network and in no group of it.
    const guest = spawn("nsenter", inside(bed.world, "sleep", "600").slice(1), { stdio: "ignore", detached: true });
    guest.unref();
    expect(traces(name)).toEqual(expect.arrayContaining([expect.stringMatching(/^namespace/), expect.stringMatching(/^cgroup/), expect.stringMatching(/^process/), expect.stringMatching(/^folder/)]));
    const own = networks(groupPids(bed.cgroup));
    expect(own.size, "the world, two nodes, and three pods").toBeGreaterThanOrEqual(6);
    // A fault that nobody healed: what is frozen feels no signal.
    for (const folder of foldersOf(`${nodeOf(bed, "node1").cgroup}/kubepods`).filter((one) => one.includes("/freezer/"))) writeFileSync(`${folder}/freezer.state`, "FROZEN");
    for (const part of controlParts) kill(partPid(bed, part));
    for (const program of programs) kill(programOf(bed, "node1", program));
    // The first process of a machine: all of the node dies with it.
    const machine = [...groupPids(nodeOf(bed, "node2").cgroup)];
    kill(Math.min(...groupPids(`${nodeOf(bed, "node2").cgroup}/system`)));
    await until("the end of a machine whose keeper was killed", 20_000, async () => (await stateOf(bed, "node2")) === "stopped" && machine.every((pid) => !existsSync(`/proc/${pid}`)));
    await down(name);
    expect(traces(name)).toEqual([]);
    expect([...networks()].filter((one) => own.has(one))).toEqual([]);
    expect(beds()).not.toContain(name);
    await until("the end of the guest", 5_000, () => guest.signalCode === "SIGKILL");
  });

  test.each([150, 900, 2_000, 4_000, 6_500])("leaves nothing when who brought it up was killed with -9 after %i ms; and can be brought up in between", async (waitMs) => {
    const starter = spawn(process.execPath, [main, "up", "--name", name, "--nodes", "1"], { stdio: "ignore" });
    await pause(waitMs);
    starter.kill("SIGKILL");
    if (waitMs % 1_000 === 0) {
      const bed = await up(name, { nodes: 1 });
      expect((await call(bed, "GET", "/api/v1/nodes/node1")).status).toBe(200);
    }
    await down(name);
    expect(traces(name)).toEqual([]);
  });

  test("knows nothing of another, which stays", async () => {
    const [one, two] = await Promise.all([up(name, { nodes: 1 }), up(other, { nodes: 1 })]);
    await call(one, "POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "mine" } });
    expect((await call(one, "GET", "/api/v1/namespaces/mine")).status).toBe(200);
    expect((await call(two, "GET", "/api/v1/namespaces/mine")).status).toBe(404);
    await down(name);
    expect(traces(name)).toEqual([]);
    expect((await call(two, "GET", "/readyz")).status).toBe(200);
    expect(await stateOf(two, "node1")).toBe("up");
  });

  test("was never there: nothing happens", async () => {
    await down(name);
    expect(bedOf(name).folder).not.toSatisfy(existsSync);
  });
});
