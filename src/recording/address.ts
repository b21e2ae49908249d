import { problem } from "../units/errors.ts";

/** @throws SEA_IMPORT_URL for what is not an http or https address */
export function addressAt(text: string, place: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // The address stays unsaid: it may hold a secret.
  if (!url || !/^https?:$/.test(url.protocol)) throw problem("SEA_IMPORT_URL", {}, place);
  return url;
}

/** A text as a piece of an address; half a character, which JSON can hold and an address can't, becomes U+FFFD. */
export const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

/** A piece of an address as its server reads it; what is badly encoded stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
