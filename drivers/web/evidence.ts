import type { OpenContext } from "../../src/model/driver.ts";
import type { Artifact } from "../../src/model/op.ts";
import type { EngineTab } from "./engine.ts";

/** A browser that is in trouble itself must not hold its user up for longer. */
const withinMs = 5_000;

/** Saves what a failed touch left to see, where the record keeps it. Answers what was saved; never throws. */
export async function saveEvidence({ record, artifacts, clock }: OpenContext, step: string, cause: string, tab: EngineTab): Promise<readonly Artifact[]> {
  if (!record.keeps?.(step, cause)) return [];
  const saved: Artifact[] = [];
  const keep = async (name: string, ending: string, type: string, content: string | Uint8Array | undefined) => {
    const path = content === undefined ? undefined : await artifacts.save(`${slug(step)}.${ending}`, content);
    if (path !== undefined) saved.push({ name, path, type });
  };
  const collect = async () => {
    const { url, screenshot, log = [], tree, source, trace } = await tab.evidence();
    await keep("screenshot", "png", "image/png", screenshot);
    await keep("console and network", "log.txt", "text/plain", [`${step}: ${cause}`, `at ${maskAddress(url)}`, "", ...log.map(maskAddress), ""].join("\n"));
    await keep("accessibility tree", "tree.yml", "text/yaml", tree);
    await keep("page source", "source.html", "text/html", source);
    await keep("trace", "trace.zip", "application/zip", trace);
  };
  const late = new AbortController();
  await Promise.race([collect().catch(() => undefined), clock.sleep(withinMs, late.signal).catch(() => undefined)]);
  late.abort();
  return [...saved];
}

const slug = (text: string) => text.replace(/[^\w.-]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60);

/** Query parameters of such names hold secrets. */
const secretParameter = /([?&][^=&\s]*(?:token|secret|password|passwd|pwd|key|auth|session|sig|cookie|code)[^=&\s]*)=[^&#\s]*/gi;
const maskAddress = (text: string) => text.replace(secretParameter, "$1=***");
