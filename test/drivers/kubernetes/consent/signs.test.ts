import { expect, test } from "vitest";
import { looksLive, signsInLabels, signsInNames } from "../../../../drivers/kubernetes/consent/signs.ts";

test.each([
  "prod", "shop-prod", "prod-eu-1", "PROD", "shopProd", "shop_prd", "live", "live-eu", "production", "Production", "prod01", "arn:aws:eks:eu-central-1:123456789012:cluster/shop-prod",
  "gke_company_europe-west1_prod", "admin@prod", "api.prd.example.com", "is-non-stop-prod",
])("%s looks like production", (name) => expect(looksLive(name)).toBe(true));

test.each([
  "staging", "shop", "product", "products-api", "reproduce", "delivery", "alive", "livestock", "nonprod", "non-prod", "pre-prod", "preprod", "not-live", "no-prod", "prodigy", "",
])("%s does not", (name) => expect(looksLive(name)).toBe(false));

test("names are told with what has them, each once", () => {
  expect(signsInNames({ context: ["shop-prod"], cluster: ["shop"], namespace: ["shop", "live", "live"] })).toEqual(["context shop-prod", "namespace live"]);
});

test("labels are told with what has them; one label of many nodes is told once", () => {
  const thing = (name: string, labels: Record<string, string>) => ({ metadata: { name, labels } });
  expect(signsInLabels("node", [thing("a", { env: "prod" }), thing("b", { env: "prod" }), thing("c", { "example.com/production": "true" }), thing("d", { production: "false" }), thing("e", { tier: "products" })])).toEqual([
    "node a has the label env=prod",
    "node c has the label example.com/production=true",
  ]);
  expect(signsInLabels("namespace", [{ metadata: { name: "bare" } }])).toEqual([]);
});
