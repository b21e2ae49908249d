import type { Instance, Replacer } from "./instance.ts";

export type MachineVerb = "stop" | "start" | "reboot" | "terminate" | "cut" | "mend";

/** What follows a harm, and who ends it. */
export interface Prospect {
  /** `replaced`: another instance comes in its place; `returns`: this one does, by itself; `healed`: this one does, once it is started or mended; `lost`: nobody brings it back. */
  readonly ends: "replaced" | "returns" | "healed" | "lost";
  /** For people. */
  readonly says: string;
}

export const sayReplacer = ({ kind, name }: Replacer): string => (kind === "group" ? `Auto Scaling group ${name}` : `Karpenter (node pool ${name})`);

/** @param isHeld is its group kept from replacing it? */
export function prospectOf({ id, replacer }: Pick<Instance, "id" | "replacer">, verb: "stop" | "reboot" | "terminate" | "cut", isHeld: boolean): Prospect {
  const by = replacer && sayReplacer(replacer);
  const holds = isHeld && replacer?.kind === "group";
  switch (verb) {
    case "reboot":
      return { ends: "returns", says: `${id} boots again, with the same name and addresses` };
    case "cut":
      return { ends: "healed", says: `${id} runs on without a network until it is mended${by && !holds ? `; ${by} may replace it before, if it asks for more than the health of the instance` : ""}` };
    case "stop":
      if (by && !holds) return { ends: "replaced", says: `${by} finds ${id} stopped, terminates it and starts another; to start it again may find it terminated` };
      return { ends: "healed", says: `${id} stays stopped until it is started again${holds ? `, for ${by} is held` : ""}` };
    case "terminate":
      return by ? { ends: "replaced", says: `${id} is gone for good, and ${by} starts another` } : { ends: "lost", says: `${id} is gone for good, and nobody starts another` };
  }
}
