import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Mask } from "../../src/mask/mask.ts";
import { secretsIn, waysToWrite } from "../../src/mask/values.ts";

const mask = new Mask();
const uri = encodeURIComponent;
const formed = (value: string) => new URLSearchParams({ a: value }).toString().slice(2);
const token = (value: string) => Buffer.from(value).toString("base64url");
const markup = (value: string) => value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
const json = JSON.stringify;

/** A secret in a text of each kind, between what everybody may see. */
const places: Readonly<Record<string, (secret: string, name: string) => string>> = {
  "a query": (secret, name) => `GET /items?item=rope&${name}=${uri(secret)}&page=lamp HTTP/1.1`,
  "a query of a form": (secret, name) => `GET /items?item=rope&user[${name}]=${formed(secret)}&page=lamp`,
  "a query whose name is in percents": (secret, name) => `GET /items?item=rope&%${name.charCodeAt(0).toString(16)}${name.slice(1)}=${uri(secret)}&page=lamp`,
  "a form": (secret, name) => new URLSearchParams({ item: "rope", [name]: secret, page: "lamp" }).toString(),
  "a header": (secret, name) => `PUT /rope HTTP/1.1\r\nX-${name}: ${secret}\r\naccept: lamp\r\n`,
  "a login": (secret) => `GET /rope HTTP/1.1\r\nauthorization: Bearer ${token(secret)}\r\naccept: lamp\r\n`,
  "a login by name": (secret) => `GET /rope HTTP/1.1\r\nProxy-Authorization: Basic ${Buffer.from(`mary:${secret}`).toString("base64")}\r\naccept: lamp\r\n`,
  cookies: (secret) => `GET /rope HTTP/1.1\r\ncookie: theme=${token(secret)}; sid=${uri(secret)}\r\naccept: lamp\r\n`,
  "a set cookie": (secret) => `HTTP/1.1 200 rope\r\nset-cookie: theme=${uri(secret)}; Path=/lamp; HttpOnly\r\nset-cookie: b=${token(secret)}; Expires=Wed, 09 Jun 2027 10:18:14 GMT\r\n`,
  JSON: (secret, name) => json({ item: "rope", [name]: secret, page: "lamp" }),
  "JSON in lines": (secret, name) => json({ item: "rope", [name]: secret, page: "lamp" }, undefined, 2),
  "a list in JSON": (secret, name) => json({ item: "rope", [name]: { all: [secret, { of: [secret] }] }, page: "lamp" }),
  "JSON in JSON": (secret, name) => json({ item: "rope", inner: json({ a: 1, [name]: secret, b: ["x"] }), page: "lamp" }),
  "a list of JSON in JSON": (secret, name) => json({ item: "rope", inner: json({ a: 1, [name]: [{ x: secret }], b: ["x"] }), page: "lamp" }),
  "an archive": (secret, name) => json({ item: "rope", headers: [{ name, value: secret }, { name: "accept", value: "lamp" }] }),
  "an archive, values first": (secret, name) => json({ item: "rope", headers: [{ value: secret, name }, { name: "accept", value: "lamp" }] }),
  "a collection": (secret, name) => json({ item: "rope", header: [{ key: name, value: secret, type: "text" }, { key: "accept", value: "lamp" }] }, undefined, 2),
  "an archive in JSON": (secret, name) => json({ item: "rope", inner: json([{ name, value: secret }]), page: "lamp" }),
  "a part": (secret, name) => `--b\r\ncontent-disposition: form-data; name="item"\r\n\r\nrope\r\n--b\r\ncontent-disposition: form-data; name="${name}"\r\ncontent-type: text/plain\r\n\r\n${secret}\r\n--b\r\ncontent-disposition: form-data; name="page"\r\n\r\nlamp\r\n--b--\r\n`,
  "an element": (secret, name) => `<order><item>rope</item><${name}>${markup(secret)}</${name}><page>lamp</page></order>`,
  "a field": (secret, name) => `<p>rope</p><input class="a" name="${name}" value="${markup(secret)}"/><b>lamp</b>`,
  "a field for passwords": (secret) => `<p>rope</p><input type="password" value="${markup(secret)}"><b>lamp</b>`,
  "a field of Android's": (secret, name) => `<p text="rope"/><android.widget.EditText resource-id="shop:id/${name}" text="${markup(secret)}"/><b text="lamp"/>`,
  "a field of iOS'": (secret) => `<p value="rope"/><XCUIElementTypeSecureTextField label="x" value="${markup(secret)}"/><b value="lamp"/>`,
  "an element called so": (secret, name) => `<p>rope</p><output id="${name}">${markup(secret)}</output><b>lamp</b>`,
  "an attribute": (secret, name) => `<p>rope</p><div data-${name}="${markup(secret)}"></div><b>lamp</b>`,
  "a page's head": (secret, name) => `<meta name="x-${name}" content="${markup(secret)}"><b>rope lamp</b>`,
  "an accessibility tree": (secret, name) => `- text: rope\n- textbox "Your ${name}" [active]: ${secret}\n- link "lamp"\n`,
  "a log": (secret, name) => `console log: rope ${name}=${token(secret)} at http://x/?q=lamp`,
  "a script": (secret, name) => `const item = "rope", ${name} = ${json(secret)}; go("lamp")`,
  "a snapshot of a page": (secret) => json(["rope", ["INPUT", { __playwright_value_: secret, id: "p", type: "password" }], ["INPUT", { type: "password", value: secret }], "lamp"]),
  "a web token": (secret) => `rope eyJhbGciOiJub25lIn0.${token(secret)}.${token(secret)} lamp`,
  "a login in an address": (secret) => `rope https://mary:${uri(secret)}@shop.example/lamp`,
  "a private key": (secret) => `rope\n-----BEGIN RSA PRIVATE KEY-----\n${token(secret)}\n-----END RSA PRIVATE KEY-----\nlamp`,
  "a key that shows": (secret) => `rope ghp_${token(secret)} lamp`,
};

const letters = "abcdefghjkmnpqrstuvwxyzABCDEFGH23456789+/=%&;:'\"\\<>é€{}[], ";
const secrets = fc.array(fc.constantFrom(...letters), { minLength: 10, maxLength: 40 }).map((all) => `Q7${all.join("")}Zq`);
const names = fc.constantFrom("token", "password", "apiKey", "api_key", "csrf-token", "sessionId", "clientSecret", "PIN", "passphrase");
/** Bytes of a secret that say something of it, in any way that it is written. */
const says = (text: string, secret: string) => waysToWrite(secret).some((way) => text.includes(way)) || text.includes(secret);

describe("a secret does not survive, and what is beside it does", () => {
  test.each(Object.entries(places))("in %s", (_, place) => {
    fc.assert(fc.property(secrets, names, (secret, name) => {
      const masked = mask.text(place(secret, name));
      expect(says(masked, secret), masked).toBe(false);
      expect(masked).toContain("***");
      expect(masked).toContain("rope");
      expect(masked).toContain("lamp");
      expect(mask.text(masked)).toBe(masked);
    }), { numRuns: 60 });
  });

  // A value whose name has not come yet is nobody's.
  test.each(Object.entries(places).filter(([what]) => what !== "an archive, values first"))("in %s that breaks off", (_, place) => {
    fc.assert(fc.property(secrets, names, fc.double({ min: 0, max: 1, noNaN: true }), (secret, name, share) => {
      const text = place(secret, name);
      const masked = mask.text(text.slice(0, Math.round(text.length * share)));
      expect(says(masked, secret), masked).toBe(false);
    }), { numRuns: 60 });
  });

  test.each(Object.entries(places))("in %s, where a scenario names the field", (_, place) => {
    const own = new Mask({ names: ["lotNumber"] });
    const byName = !/login|cookie|for passwords|snapshot|iOS|web token|private|key that/.test(_);
    fc.assert(fc.property(secrets, (secret) => {
      const text = place(secret, "lot-number");
      if (byName) expect(says(own.text(text), secret), own.text(text)).toBe(false);
    }), { numRuns: 30 });
  });

  test.each(Object.entries(places))("in %s of no telling name, where it is known", (_, place) => {
    fc.assert(fc.property(secrets, (secret) => {
      const own = new Mask();
      own.keep(secret);
      const masked = own.text(place(secret, "lot"));
      expect(says(masked, secret), masked).toBe(false);
      expect(says(new Mask().text(place(secret, "lot"), [secret]), secret)).toBe(false);
    }), { numRuns: 30 });
  });
});

test("text of no secrets stays as it is", () => {
  fc.assert(fc.property(fc.json(), fc.string(), (text, more) => {
    const harmless = (text + more).replace(/[a-z]{3,}/gi, "ab");
    expect(mask.text(harmless)).toBe(harmless);
  }));
  for (const text of ['{"author":"mary","keyboard":"de","sort_key":"name","signal":9}', "GET /items?page=2&q=token HTTP/1.1", "Basic authentication required", "expect text: no rope", '{"hasPassword":true,"password":null,"token":""}', "<label for=\"password\">Password</label><button id=\"reset-password\">Reset</button>", "set the session up"]) {
    expect(mask.text(text)).toBe(text);
  }
});

test("names of cookies, schemes of logins and the form of JSON stay", () => {
  expect(mask.text("cookie: sid=abc; theme=dark")).toBe("cookie: sid=***; theme=***");
  expect(mask.text("set-cookie: sid=abc; Path=/; Expires=Wed, 09 Jun 2027 10:18:14 GMT; HttpOnly; SameSite=Lax")).toBe("set-cookie: sid=***; Path=/; Expires=Wed, 09 Jun 2027 10:18:14 GMT; HttpOnly; SameSite=Lax");
  expect(mask.text("set-cookie: a=1; Path=/, sid=abc; Path=/")).not.toContain("abc");
  expect(mask.text("authorization: Digest username=\"mary\", response=\"abc\"")).toBe("authorization: Digest ***");
  expect(JSON.parse(mask.text('{"pin":1234,"list":[{"cvv":"1"}],"tokens":[1,{"a":"]"}],"z":[true]}'))).toEqual({ pin: "***", list: [{ cvv: "***" }], tokens: ["***"], z: [true] });
  expect(mask.text('{"cookies":[],"session":{ },"tokens":{"a":1}}')).toBe('{"cookies":[],"session":{ },"tokens":{"***":"***"}}');
  expect(mask.text('{"key":"X-Api-Key","value":"abc"}')).toBe('{"key":"X-Api-Key","value":"***"}');
});

test("what a scenario shows is seen, and one of its names holds in any convention", () => {
  const own = new Mask({ names: ["cardNumber"], shown: ["page_token"], values: ["open sesame", undefined, "ab"] });
  expect(own.text("?card-number=4111&CARD_NUMBER=4111&pageToken=3&token=x")).toBe("?card-number=***&CARD_NUMBER=***&pageToken=3&token=***");
  expect(own.text("say open sesame, ab")).toBe("say ***, ab");
});

test("a user's own secrets are in no other's mask; of very many the latest are known", () => {
  const run = new Mask({ values: ["of the run"] });
  const [mary, joan] = [run.under(), run.under()];
  mary.keep("marys word");
  expect(mary.text("of the run, marys word")).toBe("***, ***");
  expect(joan.text("of the run, marys word")).toBe("***, marys word");
  for (let n = 0; n < 200; n++) joan.keep(`secret ${String(n).padStart(3, "0")}`);
  expect(joan.text("secret 199")).toBe("***");
  expect(joan.text("secret 000")).toBe("secret 000");
});

test("a failure is masked in all its texts, with values that the driver alone knows", () => {
  expect(mask.failure({ cause: "expect: Abc12345", request: "GET /?sig=abc", status: 401, body: "you sent Abc12345, Abc1", error: "password=x" }, ["Abc12345"]))
    .toEqual({ cause: "expect: ***", request: "GET /?sig=***", status: 401, body: "you sent ***, ***", error: "password=***" });
});

test("whatever text comes, it takes time in proportion to its length", () => {
  const kinds = ['"', "\\\"", "<a \"", '<a x="y" ', '"name":"x",', '"value":"', '"name":', 'token:"', 'token:[', "eyJ", "http://a:", "name=\"token\"\r\n\r\n", "cookie: a=b; ", "-----BEGIN PRIVATE KEY-----", '"x" [a]', "token ", '{"token":"a","n":1},'];
  for (const kind of kinds) {
    const spent = (length: number) => {
      const text = kind.repeat(length / kind.length);
      const before = process.cpuUsage();
      mask.text(text, ["a value that is secret"]);
      return process.cpuUsage(before).user / 1_000;
    };
    spent(20_000);
    // Quadratic, this would be minutes.
    expect(spent(600_000), kind).toBeLessThan(8_000);
  }
}, 60_000);

describe("a query", () => {
  test.each([
    ["?token=s3cret&page=2", "?token=***&page=2"],
    ["?page=2&access_token=a%20b", "?page=2&access_token=***"],
    ["?ACCESS_TOKEN=x", "?ACCESS_TOKEN=***"],
    ["?%74oken=x", "?%74oken=***"],
    ["?api-key=x&X-Amz-Signature=y&passwd=z&pwd=z&client_secret=c&authorization=q", "?api-key=***&X-Amz-Signature=***&passwd=***&pwd=***&client_secret=***&authorization=***"],
    ["?sessionid=1&session=2", "?sessionid=***&session=***"],
    ["?token=a=b", "?token=***"],
    ["?token=", "?token="],
    ["?token", "?token"],
    ["?q=token&item=rope", "?q=token&item=rope"],
    ["", ""],
  ])("%s", (search, masked) => expect(mask.text(search)).toBe(masked));
});

describe("a text", () => {
  test.each([
    ["a secret, everywhere", "abcdef and abcdef", ["abcdef"], "*** and ***"],
    ["the longer one first", "abcdef", ["abcd", "abcdef"], "***"],
    ["one cut at the end", "bad word abcd", ["abcdef"], "bad word ***"],
    ["nothing for values too short to be a secret", "en route", ["en"], "en route"],
    ["characters that mean something to patterns", "a.*+b$&", ["a.*+b$&"], "***"],
  ])("loses %s", (_, text, secrets, masked) => expect(mask.text(text, secrets)).toBe(masked));

  test("finds logins without their scheme, the password of a basic one, and each cookie", () => {
    const login = Buffer.from("mary:pass:word").toString("base64");
    const secrets = secretsIn([["authorization", `Basic ${login}`], ["cookie", 'sid=one; theme="dark"'], ["set-cookie", "sid=two; Path=/"], ["x-api-key", "k123"], ["accept", "text/html"]], mask.isSecret);
    expect(secrets).toEqual([login, "pass:word", "one", "dark", "two", "k123"]);
  });
});
