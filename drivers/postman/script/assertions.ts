import { ScriptRequest } from "./request.ts";
import { ScriptResponse } from "./response.ts";

/** As much of chai as is used here. */
export interface Chai {
  readonly expect: (value: unknown, message?: string) => unknown;
  readonly util: { flag(assertion: object, name: string, value?: unknown): unknown; eql(a: unknown, b: unknown): boolean };
  readonly Assertion: AssertionClass;
  use(plugin: (chai: Chai) => void): void;
}
interface Assertion {
  _obj: unknown;
  assert(holds: unknown, message: string, negated: string, expected?: unknown, actual?: unknown): void;
}
interface AssertionClass {
  addProperty(name: string, check: (this: Assertion) => void): void;
  addMethod(name: string, check: (this: Assertion, ...args: any[]) => void): void;
  addChainableMethod(name: string, check: (this: Assertion, ...args: any[]) => void, chain: (this: Assertion) => void): void;
}

const classes = { info: 1, success: 2, redirection: 3, clientError: 4, serverError: 5 };
const statuses = { accepted: 202, withoutContent: 204, badRequest: 400, unauthorised: 401, unauthorized: 401, forbidden: 403, notFound: 404, notAcceptable: 406, rateLimited: 429 };

/** What Postman adds to chai: `pm.response.to.have.status(200)` and its like. @param ajv loads the package when a schema is asked about */
export function postmanAssertions(ajv: () => new (options: object) => { validate(schema: object, data: unknown): boolean; errorsText(): string }): (chai: Chai) => void {
  return (chai) => {
    const { Assertion, util } = chai;
    const response = (assertion: Assertion): ScriptResponse => {
      const { _obj: value } = assertion;
      // Also where the assertion is turned around.
      if (!(value instanceof ScriptResponse)) throw new TypeError("expecting a postman response object");
      return value;
    };
    const codeIs = (assertion: Assertion, code: number) =>
      assertion.assert(codeOf(response(assertion)) === code, "expected response to have status code #{exp} but got #{act}", "expected response to not have status code #{act}", code, response(assertion).code);
    const classIs = (assertion: Assertion, hundreds: number) =>
      assertion.assert(Math.floor(codeOf(response(assertion)) / 100) === hundreds, "expected response code to be #{exp}XX but found #{act}", "expected response code to not be #{exp}XX", hundreds, response(assertion).code);
    const reasonIs = (assertion: Assertion, reason: string) =>
      assertion.assert(response(assertion).reason() === reason, "expected response to have status reason #{exp} but got #{act}", "expected response to not have status reason #{act}", reason, response(assertion).reason());

    const isA = (name: string, test: (value: unknown) => boolean) =>
      Assertion.addProperty(name, function () { this.assert(test(this._obj), "expecting #{this} to be of Postman's", "not expecting #{this}"); });
    isA("postmanRequest", (value) => value instanceof ScriptRequest);
    isA("postmanResponse", (value) => value instanceof ScriptResponse);
    isA("postmanRequestOrResponse", (value) => value instanceof ScriptRequest || value instanceof ScriptResponse);
    for (const [name, hundreds] of Object.entries(classes)) Assertion.addProperty(name, function () { classIs(this, hundreds); });
    for (const [name, code] of Object.entries(statuses)) Assertion.addProperty(name, function () { codeIs(this, code); });
    Assertion.addMethod("statusCodeClass", function (hundreds: number) { classIs(this, hundreds); });
    Assertion.addMethod("statusCode", function (code: unknown) { codeIs(this, Number(code)); });
    Assertion.addMethod("statusReason", function (reason: unknown) { reasonIs(this, String(reason)); });
    Assertion.addMethod("status", function (status: number | string) {
      if (typeof status === "number") codeIs(this, status);
      else reasonIs(this, status);
    });
    Assertion.addProperty("error", function () {
      const code = codeOf(response(this));
      this.assert(code >= 400 && code < 600, "expected response code to be 4XX or 5XX but found #{act}", "expected response code to not be 4XX or 5XX", null, code);
    });
    // chai has an `ok` of its own, for everything else.
    Assertion.addProperty("ok", function () {
      if (this._obj instanceof ScriptResponse) codeIs(this, 200);
      else this.assert(util.flag(this, "object"), "expected #{this} to be truthy", "expected #{this} to be falsy");
    });
    Assertion.addMethod("header", function (name: string, ...value: unknown[]) {
      const holder = this._obj;
      if (!(holder instanceof ScriptRequest)) response(this);
      const { headers } = holder as ScriptRequest | ScriptResponse;
      const what = holder instanceof ScriptRequest ? "request" : "response";
      this.assert(headers.has(name), `expected ${what} to have header with key '${name}'`, `expected ${what} to not have header with key '${name}'`, true, headers.has(name));
      if (value.length > 0) this.assert(headers.get(name) === value[0], `expected '${name}' ${what} header to be #{exp} but got #{act}`, `expected '${name}' ${what} header to not be #{act}`, value[0], headers.get(name));
    });
    Assertion.addProperty("withBody", function () {
      this.assert((response(this).text() ?? "").length > 0, "expected response to have content in body", "expected response to not have content in body");
    });
    Assertion.addProperty("json", function () {
      const { error } = parsed(response(this));
      this.assert(error === undefined, `expected response body to be a valid json but got error ${error}`, "expected response body not to be a valid json");
    });
    Assertion.addMethod("body", function (...given: unknown[]) {
      const text = response(this).text() ?? "";
      const [wanted] = given;
      if (given.length === 0) this.assert(text.length > 0, "expected response to have content in body", "expected response to not have content in body");
      else if (isRegExp(wanted)) this.assert(wanted.exec(text) !== null, "expected response body text to match #{exp} but got #{act}", "expected response body text #{act} to not match #{exp}", wanted, text);
      else if (typeof wanted === "object" && wanted !== null) {
        const { value } = parsed(response(this));
        this.assert(util.eql(value, wanted), "expected response body json to equal #{exp} but got #{act}", "expected response body json to not equal #{exp} but got #{act}", wanted, value);
      } else this.assert(text === wanted, "expected response body to equal #{exp} but got #{act}", "expected response body to not equal #{exp}", wanted, text);
    });
    Assertion.addMethod("jsonBody", function (...given: unknown[]) {
      const { value, error } = parsed(response(this));
      const [path, wanted] = given;
      if (given.length === 0) return this.assert(error === undefined, `expected response body to be a valid json but got error ${error}`, "expected response body not to be a valid json");
      if (typeof path !== "string") return;
      const found = at(value, path);
      this.assert(found !== undefined, "expected #{act} in response to contain property #{exp}", "expected #{act} in response to not contain property #{exp}", path, value);
      if (given.length > 1) this.assert(util.eql(found?.value, wanted), `expected response body json at "${path}" to contain #{exp} but got #{act}`, `expected response body json at "${path}" to not contain #{exp} but got #{act}`, wanted, found?.value);
    });
    Assertion.addMethod("jsonSchema", function (schema: object, options: object = {}) {
      const { _obj: value } = this;
      const Ajv = ajv();
      const validator = new Ajv({ allErrors: true, logger: false, ...options });
      const isValid = validator.validate(schema, value instanceof ScriptResponse ? value.json() : value);
      this.assert(isValid, `expected data to satisfy schema but found following errors: \n${validator.errorsText()}`, "expected data to not satisfy schema", true, isValid);
    });
    const number = (name: string, of: (response: ScriptResponse) => number | undefined) =>
      Assertion.addChainableMethod(name, function (wanted: unknown, ...rest: unknown[]) {
        const value = util.flag(this, "number") as number;
        if (wanted !== undefined || rest.length > 0) this.assert(value === wanted, `expected ${name} to equal #{exp} but got #{act}`, `expected ${name} to not equal #{act}`, wanted, value);
      }, function () {
        const value = of(response(this));
        util.flag(this, "number", value);
        this._obj = value;
      });
    number("responseTime", ({ responseTime }) => responseTime);
    number("responseSize", (of) => of.size().total);
  };
}

/** No answer is of no class, and is not of no class either. */
function codeOf({ code }: ScriptResponse): number {
  if (code === undefined) throw new TypeError("expected a response, and there was no answer");
  return code;
}
const isRegExp = (value: unknown): value is RegExp => Object.prototype.toString.call(value) === "[object RegExp]";

function parsed(response: ScriptResponse): { readonly value?: unknown; readonly error?: string } {
  try {
    return { value: response.json() };
  } catch (error) {
    return { error: String(error) };
  }
}

/** The value at `a.b[0].c`, where there is one. */
function at(value: unknown, path: string): { readonly value: unknown } | undefined {
  let found: unknown = value;
  for (const key of path.split(/[.[\]]+/).filter((part) => part !== "")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return { value: found };
}
