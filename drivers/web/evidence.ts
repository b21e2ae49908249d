import type { OpenContext } from "../../src/model/driver.ts";
import type { Artifact } from "../../src/model/op.ts";
import { maskedArchive } from "./archive.ts";
import type { EngineTab } from "./engine.ts";

/** A browser that is in trouble itself must not hold its user up for longer. */
const withinMs = 5_000;
const fieldsWithinMs = 1_000;
/** What a page's fields are called, and what stands in them; a field for passwords is one whatever it is called. */
const fields = `[...document.querySelectorAll("input, textarea, output, code, [data-testid]")].slice(0, 500).map((field) => [
  field.type === "password" ? "password" : [field.id, field.getAttribute("name"), field.getAttribute("aria-label"), field.getAttribute("autocomplete"), field.getAttribute("data-testid")].filter(Boolean).join(" "),
  String(field.value ?? field.textContent).trim().slice(0, 500),
])`;

/** Saves what a failed touch left to see, where the record keeps it. Answers what was saved; never throws. */
export async function saveEvidence({ record, artifacts, clock, mask }: OpenContext, step: string, cause: string, tab: EngineTab): Promise<readonly Artifact[]> {
  if (!record.keeps?.(step, cause)) return [];
  const saved: Artifact[] = [];
  const keep = (name: string, ending: string, type: string, content: string | Uint8Array | undefined) => {
    const path = content === undefined ? undefined : artifacts.save(`${slug(step)}.${ending}`, content);
    if (path !== undefined) saved.push({ name, path, type });
  };
  const late = new AbortController();
  const collect = async () => {
    // An accessibility tree tells what stands in a field, and not what the field is called.
    const held = await Promise.race([tab.evaluate(fields, undefined, fieldsWithinMs), clock.sleep(fieldsWithinMs, late.signal)]).catch(() => undefined);
    for (const [called, text] of Array.isArray(held) ? (held as [string, string][]) : []) if (mask.isSecret(String(called))) mask.keep(String(text));
    const { url, screenshot, log = [], tree, source, trace } = await tab.evidence();
    keep("screenshot", "png", "image/png", screenshot);
    keep("console and network", "log.txt", "text/plain", [step, cause, `at ${url}`, "", ...log, ""].join("\n"));
    keep("accessibility tree", "tree.yml", "text/yaml", tree);
    keep("page source", "source.html", "text/html", source);
    keep("trace", "trace.zip", "application/zip", trace && maskedArchive(trace, mask));
  };
  await Promise.race([collect().catch(() => undefined), clock.sleep(withinMs, late.signal).catch(() => undefined)]);
  late.abort();
  return [...saved];
}

const slug = (text: string) => text.replace(/[^\w.-]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60);
