/** Faults between pods, and between pods and others. */
import type { Amount, GoTime, Lasting, Picked, Selector, Share, SomeOf } from "./chosen.ts";

interface Delay {
  readonly latency: GoTime;
  readonly jitter?: GoTime;
  readonly correlation?: Share;
  readonly reorder?: { readonly reorder: Share; readonly correlation?: Share; readonly gap: number };
}

/** `"10mbps"`: bytes a second for bps, bits for bit. */
type Rate = `${number}${"bit" | "kbit" | "mbit" | "gbit" | "tbit" | "bps" | "kbps" | "mbps" | "gbps" | "tbps"}`;

interface Bandwidth {
  readonly rate: Rate;
  readonly limit: number;
  readonly buffer: number;
  readonly peakrate?: number;
  readonly minburst?: number;
}

interface Trouble {
  readonly delay: Delay;
  readonly loss: { readonly loss: Share; readonly correlation?: Share };
  readonly duplicate: { readonly duplicate: Share; readonly correlation?: Share };
  readonly corrupt: { readonly corrupt: Share; readonly correlation?: Share };
  readonly rate: { readonly rate: Rate };
}

/** The other end. */
type Peers = { readonly selector: Selector } & Amount;

interface Link {
  readonly device?: string;
  readonly targetDevice?: string;
}

/** What comes from a target can only be troubled at the target, so that it has to be pods. */
type Troubled = Picked & Lasting & Link &
  (
    | { readonly direction?: "to"; readonly target?: Peers; readonly externalTargets?: readonly string[] }
    | { readonly direction: "from" | "both"; readonly target: Peers; readonly externalTargets?: undefined }
  );

export interface NetworkActions {
  readonly delay: Troubled & Pick<Trouble, "delay">;
  readonly loss: Troubled & Pick<Trouble, "loss">;
  readonly duplicate: Troubled & Pick<Trouble, "duplicate">;
  readonly corrupt: Troubled & Pick<Trouble, "corrupt">;
  /** Several at once. */
  readonly netem: Troubled & SomeOf<Trouble>;
  readonly bandwidth: Troubled & { readonly bandwidth: Bandwidth };
  readonly partition: Picked & Lasting & Link & { readonly direction?: "to" | "from" | "both"; readonly target?: Peers; readonly externalTargets?: readonly string[] };
}
