import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readHar } from "../../src/recording/har/har.ts";
import { isSecretName } from "../../src/mask/names.ts";
import { har, type Told } from "./archive.ts";
import { write } from "./shape.ts";

const url = "https://shop.example/x";
const segment = (text: string) => Buffer.from(text).toString("base64url");
const post = (type: string, body: string): Told => ({ method: "POST", url, type, body });

/** A secret in a place of a request. */
const places: Readonly<Record<string, (secret: string) => Told>> = {
  "a bearer token": (secret) => ({ url, headers: { Authorization: `Bearer ${segment(secret)}` } }),
  "a login": (secret) => ({ url, headers: { Authorization: `Basic ${Buffer.from(`mary:${secret}`).toString("base64")}` } }),
  "a login of another scheme": (secret) => ({ url, headers: { Authorization: `Digest x="${segment(secret)}"` } }),
  "a header": (secret) => ({ url, headers: { "X-Api-Key": segment(secret) } }),
  "a header, and a path": (secret) => ({ url: `${url}/${segment(secret)}/y`, headers: { "X-Auth-Token": segment(secret) } }),
  "a cookie": (secret) => ({ url, headers: { Cookie: `theme=dark; sid=${encodeURIComponent(secret)}` } }),
  "a cookie that goes on": (secret) => ({ url: `${url}?s=${segment(secret)}`, headers: { Cookie: `a=${segment(secret)}` } }),
  "a query": (secret) => ({ url: `${url}?page=2&access_token=${encodeURIComponent(secret)}` }),
  "a query, with plus signs": (secret) => ({ url: `${url}?api_key=${encodeURIComponent(secret).replaceAll("%20", "+")}` }),
  "a form": (secret) => post("application/x-www-form-urlencoded", new URLSearchParams({ user: "mary", password: secret }).toString()),
  "a form that is none": (secret) => post("application/x-www-form-urlencoded", `${new URLSearchParams({ user: "mary", password: secret }).toString()}&flag`),
  "JSON": (secret) => post("application/json", JSON.stringify({ user: { credentials: { first: [secret] } } })),
  "JSON of no type": (secret) => ({ method: "POST", url, body: JSON.stringify({ client_secret: secret }) }),
  "JSON with a number too large": (secret) => post("application/json", JSON.stringify({ password: secret }).replace("}", ',"n":12345678901234567890}')),
  "a part": (secret) => ({ method: "POST", url, type: "multipart/form-data; boundary=b", params: [{ name: "passphrase", value: secret }] }),
  "parts as text": (secret) => post("multipart/form-data; boundary=b", `--b\r\nContent-Disposition: form-data; name="pin"\r\n\r\n${secret}\r\n--b--\r\n`),
  "XML": (secret) => post("text/xml", `<login><password>${secret.replace(/[<&]/g, "_")}</password></login>`),
  "a web token, anywhere": (secret) => post("text/plain", `see eyJhbGciOiJub25lIn0.${segment(secret)}.${segment(secret)} there`),
  "a key that shows": (secret) => ({ url: `${url}/of/ghp_${segment(secret)}${segment(secret)}` }),
};

const secrets = fc.array(fc.constantFrom(..."abcdefghjkmnpqrstuvwxyzABCDEFGH23456789+/=%&;:'\"\\<é€ "), { minLength: 10, maxLength: 40 }).map((letters) => `Q7${letters.join("")}q`);

describe("no secret is written", () => {
  test.each(Object.entries(places))("%s", (_, place) => {
    fc.assert(fc.property(secrets, (secret) => {
      const { text, notes, variables } = write(readHar(har([{ url: "https://shop.example/" }, place(secret)]), "x", "f"));
      const said = text + notes.join();
      for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), segment(secret), Buffer.from(secret).toString("base64"), new URLSearchParams({ a: secret }).toString().slice(2), secret.replace(/[<&]/g, "_")]) {
        expect(said).not.toContain(form);
      }
      expect(variables.length).toBeGreaterThan(0);
      for (const variable of variables) expect(text).toContain(`process.env["${variable}"]!`);
    }), { numRuns: 60 });
  });

  test("a token that an answer gave is taken from there, and never written where it hides in a word", () => {
    const told: Told[] = [
      { method: "POST", url: "https://shop.example/login", answer: { token: "tok-5f1c8a-9e2" } },
      { url, at: 100, headers: { "X-Auth-Token": "tok-5f1c8a-9e2" } },
      { ...post("text/plain", "seen as _tok-5f1c8a-9e2_"), at: 200 },
    ];
    const { text } = write(readHar(har(told), "x", "f"));
    expect(text).toContain('headers: { "x-auth-token": login.token }');
    expect(text).not.toContain("tok-5f1c8a");
  });
});

test.each([["apiKey", true], ["X-API-Key", true], ["PHPSESSID", true], ["csrf_token", true], ["userPassword", true], ["key", true], ["client-secret", true], ["sort_key", false], ["author", false], ["keyboard", false], ["passenger", false], ["page", false]])(
  "%s: a secret's name? %s", (name, isOne) => expect(isSecretName(name)).toBe(isOne));
