import type { Recovery } from "../model/fault.ts";

/**
 * An operator's way back to the stable version while a release is under way.
 *
 * @example recover: { by: undo(), within: "1m" }
 */
export function undo(): Recovery<"rollback"> {
  return Object.freeze({
    by: "rollback",
    name: "undo of the rollout",
    mend: async (cluster, aim) => {
      for (const { what, name } of aim.targets) if (what === "release") await cluster.undo(name);
    },
  } satisfies Recovery<"rollback">);
}
