import { blot } from "./values.ts";

/** Three words, the first with the beginning of a JSON web token in it; from the start of a word, so that a long one is read once. */
export const webToken = /(?<![\w-])(?=[\w-]*eyJ)[\w-]+\.[\w-]{4,}\.[\w-]*/g;
/** Keys of services that mark theirs. */
export const markedKey = /\b(?:gh[pousr]_|github_pat_|glpat-|sk_live_|sk_test_|rk_live_|pk_live_|xox[abeoprs]-|sk-|AKIA|ASIA|AIza|ya29\.|npm_|SG\.|dop_v1_|shpat_)[\w.-]{12,}/g;
const privateKey = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g;
/** `https://mary:pass@shop.example`: the name may be seen. Where it breaks off, a port is none. */
const login = /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'<>\\]{0,100}):([^\s/@"<>\\]{1,300})(@|$)/gi;
const scheme = /\b(bearer|basic) +([\w.~+/=-]{8,})/gi;

/** Without what shows by its form that it is a secret. */
export function withoutShapes(text: string): string {
  return text
    .replace(privateKey, blot)
    .replace(webToken, blot)
    .replace(markedKey, blot)
    .replace(login, (whole, before: string, word: string, end: string) => (end === "" && /^\d*$/.test(word) ? whole : `${before}:${blot}${end}`))
    .replace(scheme, (whole, name: string, value: string) => (isCredential(name, value) ? `${name} ${blot}` : whole));
}

/** "Basic authentication" and "bearer tokens" are said in prose, too. */
function isCredential(name: string, value: string): boolean {
  if (name.toLowerCase() === "basic") return Buffer.from(value, "base64").includes(":");
  return value.length >= 20 || /\d/.test(value);
}
