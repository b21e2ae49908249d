import { existsSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { problem } from "../units/errors.ts";

/** `.ts` in the checkout, `.js` in the published package, whose dist/ has the same folders. */
const ending = extname(import.meta.url);
const root = new URL("../../", import.meta.url);

/** The file behind every door, as package.json lists them. */
function readDoors(): ReadonlyMap<string, URL> {
  const text = readFileSync(new URL(ending === ".ts" ? "package.json" : "../package.json", root), "utf8");
  const { exports } = JSON.parse(text) as { exports: Record<string, string | { default: string }> };
  return new Map(
    Object.entries(exports).flatMap(([door, target]) =>
      typeof target === "string" ? [] : [[door.replace(/^\./, "seatrial"), new URL(target.default.replace("./dist/", "").replace(/\.js$/, ending), root)]],
    ),
  );
}

/** Where TypeScript would look: `./lib` and `./lib.js` may both mean `lib.ts`. */
function* guesses(specifier: string): Generator<string> {
  if (/\.[cm]?js$/.test(specifier)) yield specifier.replace(/js$/, "ts");
  for (const end of [".ts", ".js", "/index.ts", "/index.js"]) yield specifier + end;
}

const isOurs = (parent: string | undefined) => parent !== undefined && !parent.includes("/node_modules/");
const isUnfound = (error: unknown) => ["ERR_MODULE_NOT_FOUND", "ERR_UNSUPPORTED_DIR_IMPORT"].includes((error as NodeJS.ErrnoException)?.code ?? "");

let open = false;

/**
 * Makes imports of a scenario find this copy of Seatrial, wherever the scenario is and whatever is
 * installed beside it: two copies would not know each other's errors. Also lets relative imports
 * leave out `.ts` or say `.js`, and takes every `.ts` file for an ES module, whatever the nearest
 * package.json says. Once a process, for journeys may import while they run.
 */
export function openDoors(): void {
  if (open) return;
  open = true;
  const doors = readDoors();
  registerHooks({
    resolve(specifier, context, next) {
      const file = doors.get(specifier);
      if (file) return { url: file.href, shortCircuit: true };
      if (/^seatrial(\/(?!package\.json$)|$)/.test(specifier)) throw problem("SEA_LOAD_DOOR", { specifier, doors: [...doors.keys()].join(", ") });
      const found = () => {
        try {
          return next(specifier, context);
        } catch (error) {
          if (!isUnfound(error) || !/^\.{1,2}\//.test(specifier) || !isOurs(context.parentURL)) throw error;
          for (const guess of guesses(specifier)) {
            const url = new URL(guess, context.parentURL);
            if (existsSync(fileURLToPath(url))) return next(url.href, context);
          }
          throw error;
        }
      };
      const resolved = found();
      return /\.ts(\?|$)/.test(resolved.url) && isOurs(resolved.url) ? { ...resolved, format: "module-typescript" } : resolved;
    },
  });
}
