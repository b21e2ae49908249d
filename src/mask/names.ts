/** The words in a name of any convention: `x-apiKey` is x, api, key. */
export const wordsOf = (text: string): string[] =>
  text.slice(0, 400).normalize("NFKD").replace(/\p{M}/gu, "").replace(/([a-z0-9])([A-Z])/g, "$1 $2").split(/[^A-Za-z0-9]+/).filter(Boolean).map((word) => word.toLowerCase());

const secretWords = new Set([
  "token", "tokens", "secret", "secrets", "password", "passwd", "passwort", "pwd", "pass", "passphrase", "passcode", "auth", "authorization", "apikey", "apitoken",
  "session", "sessionid", "sid", "sessid", "phpsessid", "jsessionid", "sig", "signature", "hmac", "credential", "credentials", "jwt", "bearer", "cookie", "csrf",
  "xsrf", "otp", "totp", "pin", "cvv", "cvc", "accesstoken", "refreshtoken", "idtoken", "authtoken", "clientsecret", "privatekey", "accesskey", "secretkey", "assertion",
]);
const keyOwners = new Set(["api", "access", "private", "secret", "client", "app", "application", "subscription", "account", "license", "auth", "master", "shared", "encryption", "signing"]);
/** These mean what they mean in the middle of a word, too: `mytoken2`, `userpassword`. */
const secretStems = /token|secret|passw|passphrase|credential|authoriz|cookie|signature|apikey|sessionid/;

/** Does a field, a parameter or a header of such a name hold a secret? */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  if (words.length === 0) return false;
  const joined = words.join("");
  return joined === "key" || secretStems.test(joined) || secretWords.has(joined) ||
    words.some((word, index) => secretWords.has(word) || (word === "key" && keyOwners.has(words[index - 1] ?? "")));
}

/** A name without its convention: `cardNumber`, `card-number` and `CARD_NUMBER` are the same. */
export const plainName = (name: string): string => wordsOf(name).join("");

/** Is one of these names, as `plainName` has them, in this one, word by word? `user[cardNumber]` has `cardnumber` in it. */
export function hasName(names: ReadonlySet<string>, name: string): boolean {
  if (names.size === 0) return false;
  const words = wordsOf(name);
  return words.some((_, from) => words.some((_, to) => to >= from && names.has(words.slice(from, to + 1).join(""))));
}
