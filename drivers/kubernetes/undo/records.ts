import { createHash } from "node:crypto";
import type { Debt } from "../../../src/model/cluster.ts";
import type { Api, Thing } from "../api/api.ts";
import { configMaps } from "../api/resources.ts";

const label = "seatrial.dev/undo";

interface ConfigMap extends Thing {
  readonly data?: Readonly<Record<string, string>>;
}

/** An id may hold anything; a name may not. */
const nameOf = (id: string): string => `seatrial-undo-${createHash("sha256").update(id).digest("hex").slice(0, 20)}`;
/** At most 63 letters, digits, `-`, `_` and `.`, and one of the first two at the ends. */
const labelValue = (text: string): string => text.replace(/[^A-Za-z0-9._-]/g, "-").slice(0, 63).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");

/** Undo records, each a labelled ConfigMap: any process that may read the namespace finds them. */
export class Records {
  readonly #api: Api;
  readonly #namespaces: readonly string[];

  /** Written to the first namespace, read from all. */
  constructor(api: Api, namespaces: readonly string[]) {
    this.#api = api;
    this.#namespaces = namespaces;
  }

  async owe(debt: Debt): Promise<void> {
    await this.#api.apply<ConfigMap>(configMaps, {
      apiVersion: "v1", kind: "ConfigMap",
      metadata: { name: nameOf(debt.id), namespace: this.#namespaces[0]!, labels: { [label]: "open", "seatrial.dev/run": labelValue(debt.run), "seatrial.dev/fault": labelValue(debt.fault) } },
      data: { debt: JSON.stringify(debt) },
    });
  }

  async settle(id: string): Promise<void> {
    for (const namespace of this.#namespaces) await this.#api.remove(configMaps, nameOf(id), namespace);
  }

  async all(): Promise<readonly Debt[]> {
    const found = await Promise.all(this.#namespaces.map((namespace) => this.#api.list<ConfigMap>(configMaps, { namespace, labels: label })));
    return found.flat().map(({ data }) => JSON.parse(data?.["debt"] ?? "null") as Debt);
  }
}
