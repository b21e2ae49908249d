import type { Clock } from "../../src/units/clock.ts";

/** The answer, which a journey may leave unread: its rejection must not end the process, which may have harm to heal. */
export function unread<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => {});
  return answer;
}

/** What was begun goes on, but nobody waits for it any more once the signal aborts. */
export function untilEnded<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", end));
  });
}

/** The same for work that takes longer than `ms`: then it ends with what `late` answers. */
export function patiently<T>(clock: Clock, ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.at(clock.now() + ms, () => reject(late()));
    work.then(resolve, reject).finally(cancel);
  });
}
