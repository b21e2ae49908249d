import { groupTags } from "./names.ts";

/** A tag's value is at most 256 characters long, and a group's id with its space 21. */
const idsEach = 12;
/** So many tags hold 16 groups, which is the most an interface can have. */
const most = 2;

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Every key that a note has. */
export const noteKeys: readonly string[] = [groupTags.of, ...Array.from({ length: most }, (_, at) => `${groupTags.own}-${at}`)];

/**
 * The tags that keep an interface's own groups while it wears another: written before the harm, on
 * the interface itself. All the keys each time, so that nothing of an older note stays.
 */
export const noteOf = (instance: string, groups: readonly string[]): readonly Tag[] =>
  noteKeys.map((Key, at) => ({ Key, Value: at === 0 ? instance : groups.slice((at - 1) * idsEach, at * idsEach).join(" ") }));

/** What a note says; undefined where there is none. */
export function readNote(tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]): readonly string[] | undefined {
  const values = new Map(tags.map(({ Key, Value }) => [Key, Value ?? ""]));
  const parts = noteKeys.slice(1).map((key) => values.get(key)).filter((value) => value !== undefined);
  return parts.length === 0 ? undefined : parts.flatMap((value) => value.split(" ")).filter((id) => id !== "");
}
