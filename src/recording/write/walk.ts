import { call, comment, quote, type Code, type Statement } from "./code.ts";
import { secretCode, valueCode, type Desk } from "./bodies.ts";
import { ownHeaders } from "./headers.ts";
import type { Links } from "./links.ts";
import { thinkBefore } from "./pauses.ts";
import type { Ask, Pair } from "../recording.ts";
import { writeAssets, writeRequest } from "./request.ts";
import type { Chosen } from "./select.ts";
import { newCookies, remember, type Memory } from "./session.ts";
import type { Target } from "./targets.ts";

/** A journey about to be written. */
export interface Walk {
  readonly asks: readonly Chosen[];
  readonly links: Links;
  readonly desk: Desk;
  readonly targetOf: (ask: Ask) => Target;
  /** Headers that the driver itself says. */
  readonly common: ReadonlyMap<Target, ReadonlySet<string>>;
  readonly varied: ReadonlySet<string>;
}

/** What is said of one ask, before it is known who needs its answer. */
interface Draft {
  readonly before: readonly Code[];
  readonly think: Code | undefined;
  readonly request: Code;
  readonly assets: readonly Code[];
}

/** The statements of a journey, in steps where the recording has several pages. */
export function writeWalk(walk: Walk): { readonly body: readonly Statement[]; readonly hasUser: boolean } {
  const memory = remember(walk.asks, walk.targetOf);
  const drafts = walk.asks.map((_, index) => draft(walk, index, memory));
  const groups = pagesOf(walk.asks);
  const body = groups.flatMap(({ page, from, to }): Statement[] => {
    const own = drafts.slice(from, to).flatMap((one, at) => [...(at === 0 && groups.length > 1 ? [] : thinks(one)), ...said(one, walk.links, from + at)]);
    if (groups.length === 1) return own;
    const handed = walk.asks.slice(from, to).flatMap((_, at) => (walk.links.lastUse(from + at) >= to ? [walk.links.answer(from + at)!.name] : []));
    const name = quote(comment(walk.desk.wording.blotted(page), 60) || "page");
    const names = `{ ${handed.join(", ")} }`;
    return [
      ...thinks(drafts[from]!),
      { head: `${handed.length > 0 ? `const ${names} = ` : ""}await user.step(${name}, async () => {`, body: [...own, ...(handed.length > 0 ? [`return ${names};`] : [])], tail: "});" },
    ];
  });
  return { body, hasUser: groups.length > 1 || drafts.some(({ think }) => think !== undefined) };
}

const thinks = ({ think }: Draft): Code[] => (think === undefined ? [] : [think]);

function said({ before, request, assets }: Draft, links: Links, index: number): Code[] {
  const answer = links.answer(index);
  const line: Code = answer ? [`const ${answer.name} = (await `, request, ").json<", answer.type, ">();"] : ["await ", request, ";"];
  return [...before, line, ...assets];
}

/** Runs of asks of one page. */
function pagesOf(asks: readonly Chosen[]): { readonly page: string; readonly from: number; readonly to: number }[] {
  const groups: { page: string; from: number; to: number }[] = [];
  asks.forEach(({ page }, index) => {
    const last = groups.at(-1);
    if (last && (page === undefined || page === last.page)) last.to = index + 1;
    else groups.push({ page: page ?? "", from: index, to: index + 1 });
  });
  return groups;
}

function draft(walk: Walk, index: number, memory: Memory): Draft {
  const { asks, links, desk, targetOf, common, varied } = walk;
  desk.wording.index = links.index = index;
  const ask = asks[index]!;
  const target = targetOf(ask);
  const before: Code[] = ask.remark === undefined ? [] : [`// ${comment(desk.wording.blotted(ask.remark))}`];
  for (const [name, value] of newCookies(ask, target, memory)) {
    before.push([call(`${target.name}.cookies.set`, [desk.wording.text(name), secretCode(value, desk) ?? desk.wording.text(value)]), ";"]);
  }
  const headers: Pair[] = [];
  for (const [name, value] of ownHeaders(ask.headers)) {
    if (common.get(target)!.has(name)) continue;
    const begins = memory.standing.get(target)?.get(name);
    if (begins === undefined) headers.push([name, value]);
    else if (begins === index) before.push([call(`${target.name}.header`, [quote(name), valueCode(name, value, desk)]), ";"]);
  }
  const byTarget = Map.groupBy(ask.assets, (one) => targetOf(one));
  const think = thinkBefore(ask, memory.endedMs);
  for (const { beganMs, tookMs } of [ask, ...ask.assets]) memory.endedMs = Math.max(memory.endedMs ?? -Infinity, (beganMs ?? Number.NaN) + (tookMs ?? 0));
  return { before, think, request: writeRequest(ask, target, headers, desk, varied), assets: [...byTarget].map(([own, files]) => writeAssets(files, own, desk)) };
}
