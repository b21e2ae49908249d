import { problem } from "../../../src/units/errors.ts";
import type { ListSettings, Resource, Thing } from "../api/api.ts";
import type { Connection } from "../api/connection.ts";
import { apiVersionOf, pathOf } from "../api/resources.ts";

const pageSize = 500;
const mostListed = 100_000;
/** A list that takes longer than the server remembers begins anew; one that always does never ends. */
const mostTries = 3;

/**
 * All objects, page by page, each kept as `keep` makes it, and the version that the whole list shows.
 *
 * @throws SEA_KUBE_MANY above 100,000, and what calls throw
 */
export async function listAll<T>(connection: Connection, resource: Resource, { namespace, labels, fields }: ListSettings, keep: (thing: Thing) => T, signal?: AbortSignal): Promise<{ readonly items: readonly T[]; readonly version: string }> {
  const call = { verb: "list", group: resource.group, resource: resource.plural, ...(resource.namespaced && namespace !== undefined && { namespace }) };
  const path = pathOf(resource, namespace);
  const apiVersion = apiVersionOf(resource);
  for (let tries = 1; ; tries++) {
    const items: T[] = [];
    let next: string | undefined;
    for (;;) {
      const query = { labelSelector: labels, fieldSelector: fields, limit: pageSize, continue: next };
      const { status, body } = await connection.call({ method: "GET", path, query, call }, { signal, expect: next !== undefined && tries < mostTries ? [410] : [] });
      if (status === 410) break;
      const page = JSON.parse(body) as { readonly metadata: { readonly continue?: string; readonly resourceVersion: string }; readonly items: readonly Thing[] | null };
      // A list says once what its objects are.
      for (const item of page.items ?? []) items.push(keep({ ...item, apiVersion, kind: resource.kind }));
      if (items.length > mostListed) throw problem("SEA_KUBE_MANY", { resource: resource.plural, most: mostListed });
      if (!page.metadata.continue) return { items, version: page.metadata.resourceVersion };
      next = page.metadata.continue;
    }
  }
}
