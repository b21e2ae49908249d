import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { both } from "./compare.ts";
import { collection, item } from "./collections/items.ts";
import { runLoad } from "./run.ts";

const require = createRequire(import.meta.url);
/** The signer that Newman itself uses. */
const aws4 = createRequire(require.resolve("newman"))("aws4") as { sign(request: object, login: object): { headers: Record<string, string>; path: string } };

const login = { type: "awsv4", awsv4: [{ key: "accessKey", value: "AKID" }, { key: "secretKey", value: "{{secret}}" }, { key: "region", value: "eu-central-1" }, { key: "service", value: "execute-api" }, { key: "sessionToken", value: "session" }] };

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** The signature that this request should have, by the other implementation. */
function wanted({ method, url, headers, body }: Sent, host: string): string {
  expect(headers["x-amz-content-sha256"]).toBe(createHash("sha256").update(body).digest("hex"));
  const kept = ["content-type", "accept", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"];
  const signed = /SignedHeaders=([^,]+)/.exec(headers["authorization"]!)![1]!.split(";");
  const given = Object.fromEntries(kept.filter((name) => signed.includes(name)).map((name) => [name, headers[name]!]));
  return aws4.sign({ method, host, path: url, headers: given, service: "execute-api", region: "eu-central-1" }, { accessKeyId: "AKID", secretAccessKey: "wJalr", sessionToken: "session" }).headers["Authorization"]!;
}

test("requests are signed for AWS as the other implementation signs them", async () => {
  const { seen, base } = await runLoad(collection([
    item("get", { method: "GET", url: "{{base}}/echo/a b?b=2&a-b=1&a=1 2&c=%C3%BC", auth: login }),
    item("post", { method: "POST", url: "{{base}}/echo", auth: login, header: [{ key: "Content-Type", value: "application/json" }], body: { mode: "raw", raw: '{"a":1}' } }),
    item("query", { method: "GET", url: "{{base}}/echo?a=1", auth: { ...login, awsv4: [...login.awsv4, { key: "addAuthDataToQuery", value: true }] } }),
  ]), { environment: { secret: "wJalr" } });
  for (const sent of seen.slice(0, 2)) expect((sent.headers as Record<string, string>)["authorization"]).toBe(wanted(sent as unknown as Sent, base.slice("http://".length)));
  const query = new URL(seen[2]!.url, "http://x").searchParams;
  expect([...query.keys()]).toEqual(expect.arrayContaining(["a", "X-Amz-Date", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-SignedHeaders", "X-Amz-Signature"]));
  const again = new URLSearchParams(query);
  again.delete("X-Amz-Signature");
  for (const name of ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-SignedHeaders", "X-Amz-Security-Token"]) again.delete(name);
  const { path } = aws4.sign({ method: "GET", host: base.slice("http://".length), path: `/echo?${again}`, headers: {}, signQuery: true, service: "execute-api", region: "eu-central-1" }, { accessKeyId: "AKID", secretAccessKey: "wJalr", sessionToken: "session" });
  expect(query.get("X-Amz-Signature")).toBe(new URL(path, "http://x").searchParams.get("X-Amz-Signature"));
});

test("a digest challenge is answered once, in both modes", async () => {
  const digest = { type: "digest", digest: [{ key: "username", value: "mary" }, { key: "password", value: "rope" }, { key: "algorithm", value: "MD5" }] };
  const { newman, load } = await both({ collection: collection([item("in", { method: "GET", url: "{{base}}/digest/x?y=1", auth: digest }, { test: `pm.test("is in", () => pm.expect(pm.response.json().who).to.equal("mary"));` }), item("out", { method: "GET", url: "{{base}}/digest", auth: { ...digest, digest: [...digest.digest, { key: "password", value: "wrong" }] } }, { test: `pm.test("is out", () => pm.response.to.have.status(401));` })]) });
  const count = ({ requests }: typeof load) => requests.length;
  expect(load.assertions).toEqual(["in › is in: held", "out › is out: held"]);
  expect([load.assertions, count(load)]).toEqual([newman.assertions, count(newman)]);
});

test("a token for client credentials is fetched once, and is an op of its own", async () => {
  const oauth2 = { type: "oauth2", oauth2: [{ key: "grant_type", value: "client_credentials" }, { key: "accessTokenUrl", value: "{{base}}/token" }, { key: "clientId", value: "me" }, { key: "clientSecret", value: "{{secret}}" }, { key: "scope", value: "orders" }] };
  const { seen, ops } = await runLoad(collection([item("one", "{{base}}/echo"), item("two", "{{base}}/echo")], { auth: oauth2 }), { environment: { secret: "rope" } });
  expect(seen.map(({ url, body, headers }) => [url, url === "/token" ? body : headers["authorization"]])).toEqual([
    ["/token", "grant_type=client_credentials&scope=orders"], ["/echo", "Bearer t0ken-for-all"], ["/echo", "Bearer t0ken-for-all"],
  ]);
  expect(seen[0]!.headers["authorization"]).toBe(`Basic ${Buffer.from("me:rope").toString("base64")}`);
  expect(ops.map(({ step, outcome }) => [step, outcome])).toEqual([["one", "ok"], ["one › token", "ok"], ["two", "ok"]]);
});
