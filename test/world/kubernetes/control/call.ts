import { existsSync } from "node:fs";
import { network, type Bed } from "../bed.ts";
import { ask, until } from "../machine/command.ts";
import { inside } from "../machine/network.ts";
import { pkiOf } from "../pki/authority.ts";

export interface Reply {
  /** Of HTTP; 0 when nobody answered. */
  readonly status: number;
  /** The JSON of the answer; undefined for any other text. */
  readonly body: any;
}

/**
 * Asks the API server from within the bed's world, as a member of system:masters.
 *
 * @param body sent as JSON
 * @param kind of the body. Default: application/json
 */
export async function call(bed: Bed, method: string, path: string, body?: unknown, kind = "application/json"): Promise<Reply> {
  const pki = pkiOf(bed);
  if (!existsSync(pki.kubelets)) return { status: 0, body: undefined };
  const words = [
    "curl", "-s", "--max-time", "30", "-X", method, "--cacert", pki.authority, "--cert", pki.kubelets, "--key", pki.kubeletsKey,
    "-w", "\\n%{http_code}", ...(body === undefined ? [] : ["-H", `Content-Type: ${kind}`, "--data-binary", "@-"]), `https://${network.api}:${network.apiPort}${path}`,
  ];
  const { out } = await ask(inside(bed.world, ...words), { limitMs: 40_000, ...(body === undefined ? {} : { input: typeof body === "string" ? body : JSON.stringify(body) }) });
  const end = out.lastIndexOf("\n");
  let json: unknown;
  try {
    json = JSON.parse(out.slice(0, end));
  } catch {
    json = undefined;
  }
  return { status: Number(out.slice(end + 1)) || 0, body: json };
}

/** Makes an object as it is given, or what is there of it; fails with what the API server says. */
export async function apply(bed: Bed, path: string, object: unknown): Promise<void> {
  const { status, body } = await call(bed, "PATCH", `${path}?fieldManager=testbed&force=true`, object, "application/apply-patch+yaml");
  if (status !== 200 && status !== 201) throw new Error(`${path}: ${status} ${body?.message ?? "the API server did not answer"}`);
}

/**
 * Makes new kinds known, and waits until objects of them can be had.
 *
 * @param definitions each the YAML of one CustomResourceDefinition
 */
export async function defineKinds(bed: Bed, definitions: readonly string[]): Promise<void> {
  const at = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const names = definitions.map((text) => /^ {2}name: (\S+)$/m.exec(text)?.[1] ?? "");
  // Made, not applied: to merge a large one takes the API server longer than all the others.
  for (const [index, text] of definitions.entries()) {
    const { status, body } = await call(bed, "POST", `${at}?fieldManager=testbed`, text, "application/yaml");
    if (status !== 201 && status !== 409) throw new Error(`${names[index]}: ${status} ${body?.message ?? "the API server did not answer"}`);
  }
  await until("new kinds that are established", 60_000, async () => {
    const { body } = await call(bed, "GET", at);
    const ready = new Set((body?.items ?? []).filter((one: any) => one.status?.conditions?.some((it: any) => it.type === "Established" && it.status === "True")).map((one: any) => one.metadata.name));
    return names.every((name) => ready.has(name));
  });
}
