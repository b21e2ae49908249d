import { readdirSync, readFileSync } from "node:fs";

/** Parent, and when it began, of a process; undefined for one that is gone, and where the system does not tell. */
function look(pid: string): { readonly parent: string; readonly began: string } | undefined {
  try {
    // The name before them may have anything in it, closing parentheses too.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
    return { parent: fields[1]!, began: fields[19]! };
  } catch {
    return undefined;
  }
}

/** The processes that one has started, and theirs, each as its id and when it began: ids come again. */
export function descendants(pid: number): string[] {
  let ids: string[];
  try {
    ids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  } catch {
    return [];
  }
  const children = new Map<string, { readonly id: string; readonly began: string }[]>();
  for (const id of ids) {
    const seen = look(id);
    if (seen) children.set(seen.parent, [...(children.get(seen.parent) ?? []), { id, began: seen.began }]);
  }
  const below = (of: string): string[] => (children.get(of) ?? []).flatMap(({ id, began }) => [`${id} ${began}`, ...below(id)]);
  return below(String(pid));
}

/** Ends a process of `descendants` that is still the same one. */
export function endProcess(known: string): void {
  const [id, began] = known.split(" ") as [string, string];
  if (look(id)?.began !== began) return;
  try {
    process.kill(Number(id), "SIGKILL");
  } catch {
    // Gone meanwhile, as it should be.
  }
}
