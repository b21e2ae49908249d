import { execFile } from "node:child_process";
import { durationMs, type Duration } from "../../../src/units/duration.ts";
import { problem } from "../../../src/units/errors.ts";
import type { Machines, NodeRef } from "./machines.ts";

/**
 * One command a verb, each run by `sh -c` where Seatrial runs. It finds the node in its environment: NODE,
 * PROVIDER_ID, ADDRESS (the first) and ADDRESSES. It has to be idempotent, and to end with 0 when what it is for
 * was asked for.
 */
export interface MachineCommands {
  /** Takes the power away; needs `start`. */
  readonly stop?: string;
  readonly start?: string;
  /** Default: `stop`, then `start`. */
  readonly reboot?: string;
  /** For good. */
  readonly terminate?: string;
  /** Takes the network away, all else runs on; needs `mend`. It must not need that network to mend it. */
  readonly cut?: string;
  readonly mend?: string;
  /** Prints `up`, `stopped`, `cut` or `gone`. Default: nobody knows, and healing calls `start` and `mend` whatever it is. */
  readonly state?: string;
  /** Stops the processes of the pod with the uid in POD_UID; needs `thaw`. */
  readonly freeze?: string;
  readonly thaw?: string;
  /** What takes longer than this is ended and fails. Default `"50s"`; a run waits for a minute at most. */
  readonly within?: Duration;
}

const states = ["up", "stopped", "cut", "gone"] as const;
const undone = { stop: "start", cut: "mend", freeze: "thaw" } as const;
const mostOutput = 1_000_000;
const kind = "command";

/**
 * Machines that commands of your own have hands on: bare metal by its management board, vSphere, libvirt, a
 * test bed. What is harmed must be mendable: `stop` is refused without `start`, `cut` without `mend`.
 *
 * @throws SEA_KUBE_SETTING for a harm without its cure
 * @example
 * kubernetes({ context: "lab", namespaces: ["shop"], machines: machineCommands({
 *   stop: "virsh destroy \"$NODE\"", start: "virsh start \"$NODE\" || virsh domstate \"$NODE\" | grep -q running",
 *   state: "virsh domstate \"$NODE\" | grep -q running && echo up || echo stopped",
 * }) })
 */
export function machineCommands(commands: MachineCommands): Machines {
  const withinMs = durationMs(commands.within ?? "50s", "machines.within");
  for (const [harm, cure] of Object.entries(undone) as readonly (readonly [keyof typeof undone, (typeof undone)[keyof typeof undone]])[]) {
    if (commands[harm] !== undefined && commands[cure] === undefined) {
      throw problem("SEA_KUBE_SETTING", { setting: `machines.${cure}`, value: "undefined", form: `a command that takes back what '${harm}' does` }, `machines.${cure}`);
    }
  }
  const { stop, start, freeze, thaw } = commands;
  const run = async (verb: keyof MachineCommands, node: NodeRef, more: Readonly<Record<string, string>> = {}): Promise<string> => {
    const text = commands[verb];
    if (text === undefined) throw problem("SEA_MACHINE_VERB", { verb, node: node.name }, `machines.${verb}`);
    return shell(verb, text, node, withinMs, more);
  };
  const act = (verb: keyof MachineCommands) => async (node: NodeRef) => void (await run(verb, node));
  return {
    kind,
    address: JSON.parse(JSON.stringify(commands)),
    stop: act("stop"), start: act("start"), terminate: act("terminate"), cut: act("cut"), mend: act("mend"),
    reboot: async (node) => {
      if (commands.reboot !== undefined || stop === undefined || start === undefined) return void (await run("reboot", node));
      await run("stop", node);
      await run("start", node);
    },
    state: async (node) => {
      if (commands.state === undefined) return "unknown";
      const said = (await run("state", node)).trim();
      return states.find((state) => state === said) ?? "unknown";
    },
    ...(freeze !== undefined && thaw !== undefined && {
      freeze: async (node: NodeRef, podUid: string) => void (await run("freeze", node, { POD_UID: podUid })),
      thaw: async (node: NodeRef, podUid: string) => void (await run("thaw", node, { POD_UID: podUid })),
    }),
  };
}

/** What a command prints; what it is about reaches it by the environment alone, so that no name is ever read as a command. */
function shell(verb: string, text: string, { name, providerID = "", addresses }: NodeRef, timeoutMs: number, more: Readonly<Record<string, string>>): Promise<string> {
  const env = { ...process.env, NODE: name, PROVIDER_ID: providerID, ADDRESS: addresses[0] ?? "", ADDRESSES: addresses.join(" "), ...more };
  return new Promise((resolve, reject) => {
    execFile("sh", ["-c", text], { env, timeout: timeoutMs, killSignal: "SIGKILL", maxBuffer: mostOutput }, (error, out, err) => {
      if (!error) return resolve(out);
      const why = error.killed ? `no end within ${timeoutMs / 1_000} s` : `exit code ${error.code}: ${(err || out).trim().slice(-500)}`;
      reject(problem("SEA_MACHINE_COMMAND", { verb, node: name, why }, `machines.${verb}`, error));
    });
  });
}
