import { problem } from "../../units/errors.ts";
import { decoded } from "../address.ts";
import { isObject, type Loose } from "../loose.ts";

const longestChain = 50;

/**
 * Follows `$ref`s inside one document. No file is read and no address is asked.
 *
 * @throws SEA_IMPORT_REF for one that leads out of the document, nowhere, or in a ring
 */
export function follower(root: Loose): (value: unknown, place: string) => unknown {
  return (value, place) => {
    let found = value;
    for (let hops = 0; isObject(found) && typeof found["$ref"] === "string"; hops++) {
      const ref = found["$ref"];
      const fail = (why: string) => problem("SEA_IMPORT_REF", { ref: ref.slice(0, 200), why }, place);
      if (hops === longestChain) throw fail("it leads back to itself");
      if (!ref.startsWith("#")) throw fail("it leads out of the file");
      found = ref.slice(1).split("/").slice(1).reduce<unknown>((at, step) => {
        const name = decoded(step).replaceAll("~1", "/").replaceAll("~0", "~");
        return (isObject(at) || Array.isArray(at)) && Object.hasOwn(at, name) ? (at as Loose)[name] : undefined;
      }, root);
      if (found === undefined) throw fail("there is nothing at its end");
    }
    return found;
  };
}
