import { problem, SeatrialError, type Details, type ErrorCode } from "../units/errors.ts";

/** Gathers everything that is wrong, so that a person mends a scenario once and not twenty times. */
export class Problems {
  readonly list: SeatrialError[] = [];

  add(code: ErrorCode, place: string, details: Details = {}): void {
    this.list.push(problem(code, details, place));
  }

  /** The answer of `read`, or `otherwise` when it throws a problem, which is then gathered. */
  get<T>(read: () => T, otherwise: T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SeatrialError)) throw error;
      this.list.push(error);
      return otherwise;
    }
  }
}
