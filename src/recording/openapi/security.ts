import { isObject, textOf, type Loose } from "../loose.ts";
import type { Pair } from "../recording.ts";
import type { Api } from "./openapi.ts";

/** The first way to log in that the operation offers; the environment says the secret. */
export function secure({ root, follow, variable }: Api, operation: Loose, headers: Pair[], cookies: string[], query: URLSearchParams): void {
  const asked = operation["security"] ?? root["security"];
  const first: unknown = Array.isArray(asked) ? asked[0] : undefined;
  const components = isObject(root["components"]) ? root["components"] : {};
  const schemes = isObject(components["securitySchemes"]) ? components["securitySchemes"] : {};
  for (const id of Object.keys(isObject(first) ? first : {})) {
    const scheme = follow(Object.hasOwn(schemes, id) ? schemes[id] : undefined, `components.securitySchemes.${id}`);
    if (!isObject(scheme)) continue;
    const name = textOf(scheme["name"]) ?? id;
    const said = (text: string) => variable(text.replace(/[^A-Za-z0-9]+/g, "_").toUpperCase().replace(/^(?!\D)/, "_"));
    if (scheme["type"] === "apiKey") {
      if (scheme["in"] === "query") query.set(name, said(name));
      else if (scheme["in"] === "cookie") cookies.push(`${name}=${said(name)}`);
      else headers.push([name.toLowerCase(), said(name)]);
    } else if (scheme["type"] === "http" && /^basic$/i.test(String(scheme["scheme"]))) {
      headers.push(["authorization", `Basic ${Buffer.from(`${said("API_USER")}:${said("API_PASSWORD")}`).toString("base64")}`]);
    } else if (scheme["type"] !== "mutualTLS") headers.push(["authorization", `Bearer ${said("API_TOKEN")}`]);
  }
}
