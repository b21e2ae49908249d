import { sayError } from "../../src/units/errors.ts";
import type { Clock } from "../../src/units/clock.ts";
import { configFiles, inClusterContext, isInCluster, readConfig, type Home } from "./api/config.ts";
import { connect } from "./api/client.ts";

/** What there is of contexts here, for `doctor`. */
export interface Glance {
  /** Files that were read; of one that is not there, where it would be. */
  readonly files: readonly string[];
  /** Each with its server's version, or with why there is none. */
  readonly contexts: readonly { readonly name: string; readonly version?: string; readonly lack?: string }[];
}

/** So many contexts are asked; a laptop may know dozens, and each login takes time. */
const mostAsked = 8;
const patienceMs = 5_000;

/**
 * The contexts that a scenario could name, and what their servers say of themselves.
 *
 * @throws SEA_KUBE_CONFIG, SEA_KUBE_PACKAGE
 */
export async function glance(home: Home, clock: Clock): Promise<Glance> {
  const { config, files } = await readConfig(home);
  const names = [...(isInCluster(home) ? [inClusterContext] : []), ...config.contexts.map(({ name }) => name)];
  const contexts = await Promise.all(names.map(async (name, index) => (index < mostAsked ? { name, ...(await versionOf(name, home, clock)) } : { name })));
  return { files: files.length > 0 ? files : configFiles(home), contexts };
}

async function versionOf(context: string, home: Home, clock: Clock): Promise<{ readonly version?: string; readonly lack?: string }> {
  const done = new AbortController();
  try {
    const api = await connect({ context, clock, home });
    try {
      return await Promise.race([
        api.version().then((version) => ({ version })),
        clock.sleep(patienceMs, done.signal).then(() => ({ lack: `no answer within ${patienceMs / 1_000} s` })),
      ]);
    } finally {
      api.close();
    }
  } catch (error) {
    return { lack: sayError(error) };
  } finally {
    done.abort();
  }
}
