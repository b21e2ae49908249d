/**
 * The states of a storm, in the order in which a good one meets them:
 * aim, inject, injected, harmed, (mending, mended,) recovered | overdue | relieved, healing, healed | unhealed.
 * `harmed` comes before `injected` where a harm of several turns is seen before it is whole.
 * `relieved`: a person did not wait for either, and had it healed.
 * `error` says that a verb threw; healing follows all the same.
 */
export type StormStep = "aim" | "inject" | "injected" | "harmed" | "mending" | "mended" | "recovered" | "overdue" | "relieved" | "healing" | "healed" | "unhealed" | "error";
