import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { machineCommands, type NodeRef } from "../../../../drivers/kubernetes/index.ts";

const folder = mkdtempSync(join(tmpdir(), "seatrial-machines-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const note = join(folder, "note");
const said = () => readFileSync(note, "utf8").trim();
const node: NodeRef = { name: "node $(touch hacked); 1", providerID: "lab://rack-3/7", addresses: ["10.0.0.7", "fd00::7"] };

test("each verb is a command, which finds the node in its environment and never in its text", async () => {
  const write = (word: string) => `echo "${word} $NODE $PROVIDER_ID $ADDRESS $ADDRESSES" > ${note}`;
  const machines = machineCommands({ stop: write("stop"), start: write("start"), terminate: write("terminate"), cut: write("cut"), mend: write("mend"), reboot: write("reboot") });
  for (const verb of ["stop", "start", "terminate", "cut", "mend", "reboot"] as const) {
    await machines[verb](node);
    expect(said()).toBe(`${verb} node $(touch hacked); 1 lab://rack-3/7 10.0.0.7 10.0.0.7 fd00::7`);
  }
});

test("without a command of its own a reboot is a stop and a start", async () => {
  await machineCommands({ stop: `echo stop > ${note}`, start: `echo start >> ${note}` }).reboot(node);
  expect(said()).toBe("stop\nstart");
});

test("pods are frozen by uid, where there are commands for it", async () => {
  await machineCommands({ freeze: `echo "$POD_UID" > ${note}`, thaw: "true" }).freeze!(node, "uid-1");
  expect(said()).toBe("uid-1");
  expect(machineCommands({ stop: "true", start: "true" }).freeze).toBeUndefined();
});

test.each([["echo up", "up"], ["echo ' stopped '", "stopped"], ["echo cut", "cut"], ["echo gone", "gone"], ["echo Running", "unknown"], [undefined, "unknown"]])("state by %s is %s", async (state, expected) => {
  expect(await machineCommands(state === undefined ? {} : { state }).state(node)).toBe(expected);
});

test.each([[{ stop: "true" }, "machines.start"], [{ cut: "true" }, "machines.mend"], [{ freeze: "true" }, "machines.thaw"]])("no harm without its cure: %j", (commands, place) => {
  expect(() => machineCommands(commands)).toThrow(expect.objectContaining({ code: "SEA_KUBE_SETTING", place }));
});

test("what fails says how, what hangs is ended, and what nobody named is said", async () => {
  const refused = (machines: ReturnType<typeof machineCommands>) => machines.start(node).catch((error: unknown) => error);
  expect(await refused(machineCommands({ start: "echo no such domain >&2; exit 3" }))).toMatchObject({ code: "SEA_MACHINE_COMMAND", message: expect.stringContaining("exit code 3: no such domain") });
  expect(await refused(machineCommands({ start: "exec sleep 30", within: "200ms" }))).toMatchObject({ code: "SEA_MACHINE_COMMAND", message: expect.stringContaining("no end within 0.2 s") });
  expect(await refused(machineCommands({}))).toMatchObject({ code: "SEA_MACHINE_VERB" });
});

test("an address is plain data, and makes the same machines again in another process", async () => {
  const machines = machineCommands({ start: `echo again > ${note}`, within: "5s" });
  const again = machineCommands(JSON.parse(JSON.stringify(machines.address)));
  await again.start(node);
  expect(said()).toBe("again");
  expect(again.address).toEqual(machines.address);
});
