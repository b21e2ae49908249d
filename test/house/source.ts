import { parseAst } from "vitest/node";

export interface Import {
  readonly from: string;
  /** Names as the other file exports them; `*` for all of them. */
  readonly names: readonly string[];
  readonly how: "value" | "type" | "dynamic";
  readonly line: number;
}

export interface Export {
  readonly name: string;
  readonly line: number;
  /** A type that the file itself speaks of elsewhere: exported so that users can name it. */
  readonly isNamed: boolean;
}

export interface BorrowedTime {
  readonly what: string;
  readonly line: number;
}

/** What the checks need to know of one file. */
export interface Source {
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
  /** Uses of the machine's own time and chance. */
  readonly borrowed: readonly BorrowedTime[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: any;
}

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === "string";

function* children(node: Node): Generator<[string, Node]> {
  for (const [field, value] of Object.entries(node)) {
    for (const one of Array.isArray(value) ? value : [value]) if (isNode(one)) yield [field, one];
  }
}

function walk(node: Node, visit: (node: Node, parent: Node | undefined, field: string) => void, parent?: Node, field = ""): void {
  visit(node, parent, field);
  for (const [name, child] of children(node)) walk(child, visit, node, name);
}

const nameOf = (node: Node): string => (node["name"] ?? node["value"]) as string;
const globals = new Set(["performance", "setTimeout", "setInterval", "setImmediate"]);
const members: ReadonlyMap<string, readonly string[]> = new Map(Object.entries({
  Math: ["random"], Date: ["now"], AbortSignal: ["timeout"], process: ["hrtime", "uptime"], crypto: ["randomUUID", "getRandomValues"],
  globalThis: [...globals],
}));
const timeModules = /^(node:)?(timers(\/promises)?|perf_hooks)$/;

export function readSource(text: string): Source {
  const program = parseAst(text, { lang: "ts" }) as unknown as Node;
  const lineAt = (node: Node) => text.slice(0, node.start).split("\n").length;
  const imports: Import[] = [];
  const exported: { readonly name: string; readonly line: number; readonly isType: boolean }[] = [];
  const borrowed: BorrowedTime[] = [];
  const mentions = new Map<string, number>();

  const statement = (node: Node) => {
    const from = node["source"]?.value as string | undefined;
    const line = lineAt(node);
    if (node.type === "ImportDeclaration") {
      const specifiers = node["specifiers"] as Node[];
      const isType = node["importKind"] === "type" || (specifiers.length > 0 && specifiers.every((one) => one["importKind"] === "type"));
      const names = specifiers.map((one) => (one.type === "ImportSpecifier" ? nameOf(one["imported"]) : one.type === "ImportDefaultSpecifier" ? "default" : "*"));
      imports.push({ from: from!, names, how: isType ? "type" : "value", line });
    } else if (node.type === "ExportAllDeclaration") {
      imports.push({ from: from!, names: ["*"], how: node["exportKind"] === "type" ? "type" : "value", line });
    } else if (node.type === "ExportDefaultDeclaration") {
      exported.push({ name: "default", line, isType: false });
    } else if (node.type === "ExportNamedDeclaration") {
      const specifiers = node["specifiers"] as Node[];
      if (from !== undefined) {
        const isType = node["exportKind"] === "type" || (specifiers.length > 0 && specifiers.every((one) => one["exportKind"] === "type"));
        imports.push({ from, names: specifiers.map((one) => nameOf(one["local"])), how: isType ? "type" : "value", line });
      }
      for (const one of specifiers) exported.push({ name: nameOf(one["exported"]), line, isType: false });
      const declaration = node["declaration"] as Node | null;
      if (!declaration) return;
      const isType = declaration.type.startsWith("TS");
      for (const one of (declaration["declarations"] as Node[] | undefined) ?? [declaration]) exported.push({ name: nameOf(one["id"]), line: lineAt(one), isType });
    }
  };

  for (const node of program["body"] as Node[]) statement(node);
  walk(program, (node, parent, field) => {
    if (node.type === "ImportExpression" && node["source"].type === "Literal") {
      imports.push({ from: node["source"].value, names: ["*"], how: "dynamic", line: lineAt(node) });
    }
    if (node.type === "TSImportType") {
      const literal = (node["source"] ?? node["argument"]?.literal ?? node["argument"]) as Node;
      imports.push({ from: nameOf(literal), names: ["*"], how: "type", line: lineAt(node) });
    }
    if (node.type === "NewExpression" && node["callee"].name === "Date" && node["arguments"].length === 0) borrowed.push({ what: "new Date()", line: lineAt(node) });
    if (node.type !== "Identifier") return;
    const name = nameOf(node);
    mentions.set(name, (mentions.get(name) ?? 0) + 1);
    const isMember = parent?.type === "MemberExpression" && field === "property" && !parent["computed"];
    if (isMember) {
      const object = parent["object"] as Node;
      if (object.type === "Identifier" && members.get(nameOf(object))?.includes(name)) borrowed.push({ what: `${nameOf(object)}.${name}`, line: lineAt(node) });
    } else if (globals.has(name) && field !== "key" && field !== "typeName" && field !== "imported" && field !== "exprName") {
      borrowed.push({ what: name, line: lineAt(node) });
    }
  });
  for (const { from, how, line } of imports) if (timeModules.test(from) && how !== "type") borrowed.push({ what: from, line });

  return {
    imports,
    borrowed,
    exports: exported.map(({ name, line, isType }) => ({ name, line, isNamed: isType && (mentions.get(name) ?? 0) > 1 })),
  };
}
