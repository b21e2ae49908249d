/** The controller's constants. Short ones, so that a game day fits into two minutes; a real platform takes minutes. */
export const timing = {
  /** The controller looks at everything this often. */
  beatMs: 250,
  /** A node that can't be reached for so long is lost: not ready, its replicas start elsewhere. */
  detectMs: 1_000,
  /** A replica that ended is replaced after this; twice as long for each that ended before it was ready, up to the most. */
  restartMs: 1_000,
  restartMostMs: 8_000,
  /** A health check that has no answer by then has failed. */
  checkMs: 1_000,
  /** Readiness is asked on every beat, liveness this often. */
  aliveEveryMs: 1_000,
  /** So many failed liveness checks in a row end a replica. */
  livenessMisses: 3,
  /** From SIGTERM to SIGKILL. */
  graceMs: 5_000,
  /** So many ends of a service's replicas before it was ready make the start fail. */
  bootEnds: 3,
  /** A candidate's share of new connections. */
  canaryWeight: 0.25,
  /** It is judged from so many answers on … */
  canaryAnswers: 20,
  /** … taken back when more of them than this are 5xx … */
  canaryErrors: 0.05,
  /** … and promoted when it was good for so long. */
  canaryGoodMs: 5_000,
  /** A candidate that was never ready by then is taken back. */
  canaryReadyMs: 15_000,
  /** Older backups are deleted. */
  backupsKept: 10,
} as const;
