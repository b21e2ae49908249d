import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { suite, type SuiteSession, type SuiteSettings } from "../../../drivers/suite/index.ts";
import { TouchFailed } from "../../../src/model/op.ts";
import { userContext, type RecordedOp } from "../../contract/driver.ts";

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder for a suite, with files in it; gone after the test. */
export function folderWith(files: Readonly<Record<string, string>> = {}): { readonly folder: string; read(name: string): string; write(name: string, text: string): void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "seatrial-suite-test-")));
  folders.push(folder);
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  for (const [name, text] of Object.entries(files)) write(name, text);
  return { folder, write, read: (name) => readFileSync(join(folder, name), "utf8") };
}

/** A user with a suite. */
export async function aboard(settings: SuiteSettings, overrides: Parameters<typeof userContext>[0] = {}) {
  const said: string[] = [];
  const saved = new Map<string, string>();
  const user = userContext({
    say: (line) => void said.push(line),
    artifacts: {
      save(name, content) {
        saved.set(name, String(content));
        return name;
      },
    },
    ...overrides,
  });
  const { suite: driver } = suite(settings).drivers;
  const session = await driver.open(user.context);
  return { ...user, session, said, saved, close: () => driver.close(session) };
}

/** One run of a suite, whatever becomes of it. */
export async function ran(settings: SuiteSettings, overrides: Parameters<typeof userContext>[0] = {}) {
  const user = await aboard(settings, overrides);
  const failed = await failureOfRun(user.session);
  await user.close();
  return { ...user, failed };
}

export async function failureOfRun(session: SuiteSession): Promise<TouchFailed | undefined> {
  try {
    await session.run();
    return undefined;
  } catch (error) {
    if (error instanceof TouchFailed) return error;
    throw error;
  }
}

export const told = (ops: readonly RecordedOp[]): string[] => ops.map(({ step, outcome, failure }) => `${step}: ${outcome}${failure ? ` (${failure.cause})` : ""}`);

/** A JUnit document with one case. */
export const junit = (inside = "", name = "pays"): string => `<testsuite name="checkout"><testcase name="${name}" time="0.01">${inside}</testcase></testsuite>`;
