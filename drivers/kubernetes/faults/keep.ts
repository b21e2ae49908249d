import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { problem } from "../../../src/units/errors.ts";
import type { Api, Thing } from "../api/api.ts";
import { secrets } from "../api/resources.ts";
import { markLabel } from "./swap.ts";

/** Where copies of lost objects are: plain data, part of an aim. The objects themselves never leave the cluster. */
export interface Keep {
  readonly namespace: string;
  readonly mark: string;
}

interface SecretThing extends Thing {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** A Secret holds 1 MiB. */
const partBytes = 700_000;
const mostParts = 64;
const type = "seatrial.dev/kept";
const countNote = "seatrial.dev/parts";
const hashNote = "seatrial.dev/sha256";

const nameOf = ({ mark }: Keep, part: number): string => `seatrial-kept-${mark}-${part}`;
const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/**
 * Copies objects into Secrets: whoever may not read those that are copied may not read the copies, and they are
 * encrypted at rest where the others are. Reads them back before it answers.
 *
 * @throws SEA_KEEP_SIZE for more than about 45 MB, compressed
 */
export async function keep(api: Api, where: Keep, things: readonly Thing[]): Promise<void> {
  const bytes = gzipSync(JSON.stringify(things));
  const count = Math.ceil(bytes.length / partBytes);
  if (count > mostParts) throw problem("SEA_KEEP_SIZE", { mb: Math.ceil(bytes.length / 1_000_000), most: Math.floor((mostParts * partBytes) / 1_000_000) });
  for (let part = 0; part < count; part++) {
    await api.apply<SecretThing>(secrets, {
      apiVersion: "v1", kind: "Secret", type,
      metadata: {
        name: nameOf(where, part), namespace: where.namespace,
        labels: { "app.kubernetes.io/managed-by": "seatrial", [markLabel]: where.mark },
        annotations: { [countNote]: String(count), [hashNote]: hashOf(bytes) },
      },
      data: { part: bytes.subarray(part * partBytes, (part + 1) * partBytes).toString("base64") },
    });
  }
  const back = await kept(api, where);
  if (back?.length !== things.length) throw problem("SEA_KEEP_LOST", { where: where.namespace, mark: where.mark });
}

/** The objects as they were copied; undefined where there is no whole copy. */
export async function kept(api: Api, where: Keep): Promise<readonly Thing[] | undefined> {
  const first = await api.read<SecretThing>(secrets, nameOf(where, 0), where.namespace);
  if (!first) return undefined;
  const count = Math.min(mostParts, Number(first.metadata.annotations?.[countNote] ?? 0));
  const rest = await Promise.all(Array.from({ length: Math.max(0, count - 1) }, (_, index) => api.read<SecretThing>(secrets, nameOf(where, index + 1), where.namespace)));
  const bytes = Buffer.concat([first, ...rest].map((one) => Buffer.from(one?.data?.["part"] ?? "", "base64")));
  if (hashOf(bytes) !== first.metadata.annotations?.[hashNote]) return undefined;
  return JSON.parse(gunzipSync(bytes).toString("utf8")) as readonly Thing[];
}

/** Deletes the copies; none are no error. */
export async function forget(api: Api, where: Keep): Promise<void> {
  const parts = await api.list(secrets, { namespace: where.namespace, labels: `${markLabel}=${where.mark}` });
  for (const { metadata } of parts) await api.remove(secrets, metadata.name, where.namespace);
}

/** An object as it can be made again: without what the server has given it. */
export function plain({ metadata, status: _, ...rest }: Thing): Thing {
  const { name, namespace, labels, annotations, ownerReferences, finalizers } = metadata;
  return {
    ...rest,
    metadata: { name, ...(namespace !== undefined && { namespace }), ...(labels && { labels }), ...(annotations && { annotations }), ...(ownerReferences && { ownerReferences }), ...(finalizers && { finalizers }) },
  } as Thing;
}
