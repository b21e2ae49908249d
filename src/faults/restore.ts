import type { Backup } from "../model/cluster.ts";
import type { Recovery } from "../model/fault.ts";
import { problem } from "../units/errors.ts";

export interface RestoreOptions {
  /** `"latest"`: the newest backup there is before the harm; `"fresh"`: one taken for it. Default `"latest"`. */
  readonly backup?: "latest" | "fresh";
}

/**
 * An operator's restore of what the fault lost. The backup is chosen, or taken, before the harm.
 *
 * @throws SEA_RESTORE_EMPTY (before the harm) when there is no backup
 * @example recover: { by: restore(), within: "2m" }
 */
export function restore({ backup = "latest" }: RestoreOptions = {}): Recovery<"restore"> {
  return Object.freeze({
    by: "restore",
    name: `restore of the ${backup} backup`,
    prepare: async (cluster, aim) => {
      const chosen: Record<string, string> = {};
      for (const { what, name: scope } of aim.targets) {
        if (what !== "data") continue;
        const found: Backup | undefined = backup === "fresh" ? await cluster.backUp(scope) : (await cluster.backups(scope))[0];
        if (!found) throw problem("SEA_RESTORE_EMPTY", { scope });
        chosen[scope] = found.id;
      }
      return chosen;
    },
    mend: async (cluster, _aim, prepared) => {
      for (const [scope, id] of Object.entries(prepared as Readonly<Record<string, string>>)) await cluster.restore(scope, id);
    },
  } satisfies Recovery<"restore">);
}
