/** What is found again by its name in AWS, also by another process and another release. */

/** Security groups of ours: one that lets nothing through, and one that lets everything through for a moment. */
export const isolatedName = "seatrial-isolated";
export const openedName = "seatrial-opened";

/** On what is ours altogether. */
export const oursTag = { Key: "seatrial", Value: "made for a fault" } as const;

/** On a network interface that is cut off: the instance's id, and its own security groups. */
export const groupTags = { of: "seatrial/cut-of", own: "seatrial/groups" } as const;

/** On an Auto Scaling group that is held: the processes that were suspended for it. */
export const heldTag = "seatrial/suspended";

/** On experiments of FIS, and templates that were made for them: the run, and which one of its faults. */
export const runTag = "seatrial-run";
export const tokenTag = "seatrial-token";
