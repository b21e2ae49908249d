import type { OpenContext } from "../../src/model/driver.ts";
import type { Artifact } from "../../src/model/op.ts";
import type { Phone } from "./phone.ts";

const withinMs = 4_000;
const longestSource = 512 * 1_024;

/** Saves what a failed touch left to see, screenshot and source, where the record has a place for it; never throws. */
export async function saveEvidence({ artifacts, clock, record }: OpenContext, step: string, cause: string, phone: Phone): Promise<readonly Artifact[]> {
  if (!record.keeps?.(step, cause)) return [];
  const name = step.replace(/[^\w.-]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60);
  const saved: Artifact[] = [];
  const keep = (what: string, ending: string, type: string, content: string | Uint8Array | undefined) => {
    const path = content === undefined ? undefined : artifacts.save(`${name}.${ending}`, content);
    if (path !== undefined) saved.push({ name: what, path, type });
  };
  const collect = async () => {
    const picture = await phone.browser.takeScreenshot().catch(() => undefined);
    keep("screenshot", "png", "image/png", picture === undefined ? undefined : Buffer.from(picture, "base64"));
    const source = await phone.browser.getPageSource().catch(() => undefined);
    const ending = phone.isWeb ? "html" : "xml";
    keep("source", `source.${ending}`, `text/${ending}`, source === undefined ? undefined : source.slice(0, longestSource));
  };
  const late = new AbortController();
  await Promise.race([collect().catch(() => undefined), clock.sleep(withinMs, late.signal).catch(() => undefined)]);
  late.abort();
  return [...saved];
}
