import { isObject, listAt, objectAt, textOf, type Loose } from "../loose.ts";
import { ownExample, sampleOf, type Follow } from "./sample.ts";

interface Parameter {
  readonly name: string;
  readonly where: string;
  readonly value: unknown;
}

/** The parameters that have to be said, and those that have an example; an operation's own win over the path's. */
export function parametersOf(operation: Loose, item: Loose, follow: Follow, place: string): Parameter[] {
  const byKey = new Map<string, Parameter>();
  for (const [owner, at] of [[item, place.replace(/\.\w+$/, "")], [operation, place]] as const) {
    if (owner["parameters"] === undefined) continue;
    listAt(owner["parameters"], `${at}.parameters`).forEach((given, index) => {
      const here = `${at}.parameters[${index}]`;
      const parameter = objectAt(follow(given, here), here);
      const [name, where] = [textOf(parameter["name"]) ?? "", textOf(parameter["in"]) ?? ""];
      const schema = parameter["schema"] ?? (isObject(parameter["content"]) ? (Object.values(parameter["content"])[0] as Loose | undefined)?.["schema"] : undefined);
      const example = exampleOf(parameter, follow, here);
      byKey.delete(`${where} ${name}`);
      if (parameter["required"] !== true && where !== "path" && !example) return;
      byKey.set(`${where} ${name}`, { name, where, value: example ? example.value : sampleOf(schema, follow, here) });
    });
  }
  return [...byKey.values()];
}

/** What a parameter or a media type gives for an example: `example`, or the first of `examples`. */
export function exampleOf(from: Loose, follow: Follow, place: string): { readonly value: unknown } | undefined {
  const { examples, ...rest } = from;
  if (isObject(examples)) {
    const first = follow(Object.values(examples)[0], `${place}.examples`);
    if (isObject(first) && first["value"] !== undefined) return { value: first["value"] };
  }
  return rest["example"] === undefined ? undefined : ownExample(rest);
}
