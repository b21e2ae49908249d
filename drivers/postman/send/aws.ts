import { createHash, createHmac } from "node:crypto";
import type { Wire } from "./auth.ts";

interface AwsLogin {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken: string;
  readonly service: string;
  readonly region: string;
  /** In the query instead of the headers. */
  readonly inQuery: boolean;
}

const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Uint8Array, data: string) => createHmac("sha256", key).update(data).digest();
const encode = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
/** These are the connection's, or change on the way. */
const unsigned = new Set(["authorization", "connection", "x-amzn-trace-id", "user-agent", "expect", "presigned-expires", "range", "content-length"]);

/** Signs with AWS Signature Version 4. */
export function signAws(wire: Wire, login: AwsLogin, wallMs: number): void {
  const { accessKey, secretKey, sessionToken, service, region, inQuery } = login;
  const { headers, method, body } = wire;
  const url = new URL(wire.url);
  const date = new Date(wallMs).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  for (const name of ["authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"]) headers.delete(name);

  const bodyHash = inQuery ? (service === "s3" ? "UNSIGNED-PAYLOAD" : sha256("")) : sha256(body ?? "");
  const add = (name: string, value: string) => headers.set(name.toLowerCase(), { name, value });
  if (!inQuery) {
    add("X-Amz-Content-Sha256", bodyHash);
    add("X-Amz-Date", date);
    if (sessionToken !== "") add("X-Amz-Security-Token", sessionToken);
  }
  const signed = [...new Map([...headers].map(([name, { value }]) => [name, value])).set("host", url.host)].filter(([name]) => !unsigned.has(name)).toSorted(([a], [b]) => order(a, b));
  const names = signed.map(([name]) => name).join(";");
  const query = [...url.searchParams].filter(([name]) => !/^x-amz-(security-token|date|algorithm|credential|signedheaders|signature)$/i.test(name));
  if (inQuery) {
    if (service === "s3" && !query.some(([name]) => name === "X-Amz-Expires")) query.push(["X-Amz-Expires", "86400"]);
    query.push(["X-Amz-Date", date], ["X-Amz-Algorithm", "AWS4-HMAC-SHA256"], ["X-Amz-Credential", `${accessKey}/${scope}`], ["X-Amz-SignedHeaders", names]);
    if (sessionToken !== "") query.push(["X-Amz-Security-Token", sessionToken]);
  }
  // By name first: as one text, "a-b=" would come before "a=".
  const pairs = query.map(([name, value]) => [encode(name), encode(value)] as const).toSorted(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b))).map((pair) => pair.join("="));
  const path = service === "s3" ? url.pathname : url.pathname.replace(/\/{2,}/g, "/").split("/").map((part) => encode(part)).join("/");
  const canonical = [method, path, pairs.join("&"), ...signed.map(([name, value]) => `${name}:${value.trim().replace(/\s+/g, " ")}`), "", names, bodyHash].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n");
  const key = [date.slice(0, 8), region, service, "aws4_request"].reduce<string | Uint8Array>(hmac, `AWS4${secretKey}`);
  const signature = createHmac("sha256", key).update(toSign).digest("hex");
  if (inQuery) wire.url = `${url.origin}${url.pathname}?${[...pairs, `X-Amz-Signature=${signature}`].join("&")}`;
  else add("Authorization", `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}, SignedHeaders=${names}, Signature=${signature}`);
}
