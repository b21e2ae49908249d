import { problem } from "../../src/units/errors.ts";

/** A login as the value of the `authorization` header. Made by `basic` or `bearer`. */
export interface Auth {
  readonly authorization: string;
}

/** A login, or what answers one when a request is about to be sent. */
export type AuthSetting = Auth | (() => Auth);

/**
 * A login by name and password (RFC 7617, UTF-8).
 *
 * @throws SEA_HTTP_SETTING when the name holds a colon
 * @example http({ base: "https://shop.example", auth: basic("mary", process.env.SHOP_PASSWORD!) })
 */
export function basic(user: string, password: string): Auth {
  if (user.includes(":")) throw problem("SEA_HTTP_SETTING", { setting: "user name", value: user, form: "a name without a colon" }, "basic");
  return Object.freeze({ authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` });
}

/** A login by token. @example await shop.get("/orders", { auth: bearer(token) }) */
export function bearer(token: string): Auth {
  return Object.freeze({ authorization: `Bearer ${token}` });
}
